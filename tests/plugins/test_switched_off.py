"""What each bundled plugin brings is gone when it is switched off, and core still stands."""

from dataclasses import replace

import pytest

from marketwright.app import build_house, create_app
from marketwright.features.accounts import service as accounts
from marketwright.features.contracts.drafting import languages_of
from marketwright.features.files.ports import Storage
from marketwright.kernel.actors import system
from marketwright.testing.browse import Browse

pytestmark = pytest.mark.either_engine

ALL = ("core_matching", "commission", "standard_contracts", "evidence", "sandbox", "cybersecurity")


def page(app, path, account=""):
    visitor = Browse(app)
    if account:
        visitor.sign_in(account)
    response = visitor.get(path)
    assert response.status_code == 200, path
    return response.text


@pytest.fixture
def site(marketplace):
    opened = []

    def make(without=""):
        names = tuple(n for n in ALL if n != without)
        provider = "sandbox" if "sandbox" in names else ""
        made = build_house(replace(marketplace, plugins=names, deal=replace(marketplace.deal, provider=provider)))
        opened.append(made)
        app = create_app(made.marketplace, made)
        app.testing = True
        return made, app

    yield make
    for made in opened:
        made.database.dispose()


@pytest.fixture
def freelancer(house):
    with house.database.unit(system("tests")) as uow:
        account = accounts.create_account(uow, email="f@example.org", name="Fanny", locale="en", is_freelancer=True)
        uow.commit()
    return account


def test_without_core_matching_nobody_reads_how_a_list_is_ranked(site):
    assert "Day rate" in page(site()[1], "/how-we-rank")
    assert "Day rate" not in page(site(without="core_matching")[1], "/how-we-rank")


def test_without_commission_the_fees_page_prices_nothing(site):
    assert "Service fee" in page(site()[1], "/fees")
    assert "No pricing rule is enabled" in page(site(without="commission")[1], "/fees")


def test_without_standard_contracts_no_agreement_can_be_drawn(site):
    assert "en" in languages_of(site()[0].plugins, "agreement")
    assert languages_of(site(without="standard_contracts")[0].plugins, "agreement") == ()


def test_without_evidence_nobody_can_hand_a_document_in(site, freelancer):
    brought = site()[0].plugins.vetting_checks
    assert "documents" in brought
    assert "documents" not in site(without="evidence")[0].plugins.vetting_checks


def test_without_sandbox_nobody_holds_client_money(site):
    assert "Client money is held by Sandbox" in page(site()[1], "/")
    assert "Client money is held" not in page(site(without="sandbox")[1], "/")


def test_without_cybersecurity_the_brief_asks_nothing_of_the_niche(site):
    assert "Kind of engagement" in page(site()[1], "/missions/new")
    assert "Kind of engagement" not in page(site(without="cybersecurity")[1], "/missions/new")


@pytest.mark.parametrize("name", ALL)
def test_without_any_one_plugin_the_front_page_opens(site, name):
    assert "<h1" in page(site(without=name)[1], "/")


def test_a_house_without_plugins_still_keeps_files(house):
    assert house.ports.get(Storage)


def test_without_cybersecurity_nobody_reads_what_an_authorisation_must_say(site):
    def fills(made):
        return [e.it.template for e in made.plugins.slots if e.it.slot == "contract.condition"]

    assert fills(site()[0]) == ["cybersecurity/authorisation.html"]
    assert fills(site(without="cybersecurity")[0]) == []


def test_without_folders_mail_and_files_stay_where_core_keeps_them_and_no_job_or_command_is_left(marketplace, tmp_path):
    settings = {"folders": {"mail": str(tmp_path / "mail"), "files": str(tmp_path / "files")}}
    there = build_house(replace(marketplace, plugins=("folders",), plugin_settings=settings)).plugins
    gone = build_house(marketplace).plugins
    assert set(there.adapters) == {"mail", "files"}
    assert [e.it.kind for e in there.jobs] == ["tidy"]
    assert [name for name, _command in there.commands] == ["folders"]
    assert (gone.adapters, gone.jobs, gone.commands) == ({}, (), ())


def test_without_country_fr_no_freelancer_is_asked_for_a_mandate_and_there_is_no_fec(marketplace, freelancer):
    def seen(plugins):
        made = build_house(replace(marketplace, plugins=plugins))
        app = create_app(made.marketplace, made)
        app.testing = True
        text = page(app, "/accounting/mandate", freelancer)
        made.database.dispose()
        return text, sorted(made.plugins.journals)

    there, gone = seen(("country_fr",)), seen(())
    assert "I have read the mandate" in there[0]
    assert "No mandate is asked of you" in gone[0]
    assert (there[1], gone[1]) == (["e_reporting", "fec"], [])


@pytest.mark.both_engines
def test_without_bank_transfer_an_open_invoice_does_not_say_where_to_pay_and_no_statement_is_read(marketplace):
    there = build_house(replace(marketplace, plugins=("bank_transfer",))).plugins
    gone = build_house(marketplace).plugins
    assert [e.it.slot for e in there.slots] == ["bill.pay", "invoices.owed"]
    assert [name for name, _pages in there.blueprints] == ["bank_transfer"]
    assert [e.it.kind for e in there.jobs] == ["tidy"]
    assert (gone.slots, gone.blueprints, gone.jobs, gone.payment_providers) == ((), (), (), {})


def test_a_process_on_offer_that_no_enabled_plugin_brings_is_named(marketplace):
    offering = replace(marketplace, deal=replace(marketplace.deal, processes=("milestones", "engagements")))
    house = build_house(offering)
    create_app(offering, house)
    house.database.dispose()
    named = [sentence for sentence in house.missing if "deal.processes" in sentence]
    assert named == ["offer the process 'engagements' of deal.processes, which no enabled plugin brings"]


def test_rules_that_answer_nonsense_are_named_and_not_said_to_be_missing(site, monkeypatch, caplog):
    made, app = site()
    rule = made.plugins.pricing_rules[0]
    monkeypatch.setattr(type(rule.it), "lines", lambda self, quote: 7)
    assert "cannot be shown at the moment" in page(app, "/fees")
    assert f"plugin {rule.plugin} failed in the pricing rule {rule.it.name}: it answered int" in caplog.text
