"""One invoice deal to its end in a real browser, on a phone: how to pay, the statement, paid; nothing for axe."""

from dataclasses import replace
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from marketwright.app import build_house, create_app
from marketwright.features.desk.life import upgrade_tables
from marketwright.features.payments import destinations
from marketwright.testing.agreed import Stage
from marketwright.testing.browse import Browse
from marketwright.testing.browser import chromium, launched, press

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason="no Chromium is installed")]


@pytest.fixture
def stage(marketplace):
    deal = replace(marketplace.deal, processes=("invoice",), provider="bank_transfer")
    house = build_house(replace(marketplace, plugins=("standard_contracts", "bank_transfer"), deal=deal))
    upgrade_tables(house)
    made = Stage(house).meet().signed(100_000, process="invoice")
    made.deliver()
    made.take("approve", made.client)
    with made.unit(made.freelancer) as uow:
        destinations.change(uow, freelancer=made.freelancer, holder="T. Wiśniewski", iban="FR7630006000011234567890189")
        uow.commit()
    yield made
    house.database.dispose()


@pytest.fixture
def site(stage):
    app = create_app(stage.house.marketplace, stage.house)
    app.config["RATELIMIT_ENABLED"] = False
    server = make_server("localhost", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def sits_down(browser, site, account, *, dark=False):
    app, url = site
    visitor = Browse(app).sign_in(account)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = visitor.client.get_cookie(name)
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=url, locale="en-GB",
                                  color_scheme="dark" if dark else "light")  # fmt: skip
    context.add_cookies([{"name": name, "value": cookie.value, "url": url}])
    return context.new_page()


def looks(page):
    """Nothing for axe, no sideways scroll."""
    wrong = [v["id"] for v in Axe().run(page).response["violations"]]
    assert wrong == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_an_invoice_is_paid_by_the_statement_that_the_freelancer_reads_in(stage, site):
    (bill,) = stage.house.plugins.plugin("bank_transfer").desk.queries.bills()
    with launched() as browser:
        client = sits_down(browser, site, stage.client, dark=True)
        client.goto("/invoices")
        looks(client)
        press(client.locator("ul.claims a.cover").first)
        assert "FR76 3000 6000 0112 3456 7890 189" in client.content()
        looks(client)
        freelancer = sits_down(browser, site, stage.freelancer)
        freelancer.goto("/invoices")
        press(freelancer.locator("text=Read a bank statement"))
        looks(freelancer)
        text = f"Date;Libellé;Montant\n{bill.issued_at:%d/%m/%Y};{bill.payment_reference};1 200,00\n"
        freelancer.set_input_files("input[type=file]", {
            "name": "releve.csv", "mimeType": "text/csv", "buffer": text.encode()
        })  # fmt: skip
        press(freelancer.locator("text=Look at it"))
        looks(freelancer)
        press(freelancer.locator("text=Record these payments"))
        freelancer.wait_for_selector("text=Payments taken from the statement: 1.")
        looks(freelancer)
        client.reload()
        client.wait_for_selector("text=Paid on")
        looks(client)
    assert stage.row().end_reason == "completed"
