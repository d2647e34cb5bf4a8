"""A month by the day on a phone, approved by its client; a service bought, delivered and accepted."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from marketwright.features.accounts.passwords import hash_password
from marketwright.features.accounts.tables import Account, Membership
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.demo.bar import PASSWORD
from marketwright.features.services.tables import Service
from marketwright.kernel.actors import system
from marketwright.testing.person import Person


@pytest.fixture(scope="module")
def sit_down(site, browser):
    contexts = []

    def make(account, *, width=1280):
        context = browser.new_context(
            locale="en-GB", viewport={"width": width, "height": 800}, reduced_motion="reduce", base_url=site.url
        )
        context.request.get("/language/en?next=/about")
        context.set_default_timeout(60_000)
        contexts.append(context)
        with site.database.unit(system("tests")) as uow:
            uow.session.get_one(Account, account).password_hash = hash_password(PASSWORD)
            uow.commit()
        return Person(site, context.new_page()).signs_in_as(account)

    yield make
    for context in contexts:
        context.close()


def sound(person):
    """Axe finds nothing and nothing is wider than the screen."""
    found = Axe().run(person.page)
    assert found.violations_count == 0, found.generate_report()
    assert not person.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return person


def paid_to(site, freelancer):
    return sum(e["amount"] for e in site.effects() if e["effect"] == "payout" and e["who"] == freelancer)


def owner_of(site, organisation):
    with site.database.reading() as session:
        rows = session.scalars(select(Membership).where(Membership.organisation_id == organisation))
        return next(m.account_id for m in rows if "owner" in m.roles)


def test_a_month_is_noted_on_a_phone_handed_in_and_approved(site, sit_down):
    with site.database.reading() as session:
        deal = session.execute(
            select(Contract.id, Contract.freelancer_id, Contract.organisation_id, Milestone.id.label("milestone"))
            .join(Milestone, Milestone.contract_id == Contract.id)
            .where(Contract.process == "time_and_materials", Milestone.state == "work")
        ).first()
    before = paid_to(site, deal.freelancer_id)
    sheet = f"/contracts/{deal.id}/milestones/{deal.milestone}/timesheet"
    freelancer = sit_down(deal.freelancer_id, width=390).goes_to(sheet)
    day = sound(freelancer).page.locator(".sheet-day").last
    day.get_by_label("Half").check(force=True)
    day.get_by_role("textbox").fill("Handover to the night shift")
    freelancer.clicks("Keep the days").reads("The days were kept.")
    freelancer.clicks("Hand the timesheet in").reads("The timesheet was handed in.")
    client = sit_down(owner_of(site, deal.organisation_id)).goes_to(sheet)
    sound(client).reads("Handover to the night shift").clicks("Approve the days")
    client.reads("goes back to the client").types_password_if_asked(PASSWORD).confirms()
    client.goes_to(f"/contracts/{deal.id}").waits_for("Approved and released")
    site.until(lambda: paid_to(site, deal.freelancer_id) > before, "payout")


def test_a_service_is_bought_delivered_and_accepted(site, sit_down, authorises):
    with site.database.reading() as session:
        service = session.scalars(
            select(Service).where(Service.state == "published", Service.language == "en").order_by(Service.price)
        ).first()
        organisation = session.scalar(select(Contract.organisation_id).where(Contract.process == "milestones"))
    client = sit_down(owner_of(site, organisation)).goes_to("/services")
    sound(client).types(words=service.title).clicks("Search").clicks(service.title)
    sound(client).types(brief="Begin on Monday, please.").clicks("Buy this service").reads("Ordered.")
    client.clicks("Send to both for signature").reads("Sent for signature")
    freelancer, paper = sit_down(service.profile_id), client.path
    for side in (client, freelancer):
        side.goes_to(paper).chooses("I have read this document").types(password=PASSWORD)
        side.clicks("Sign", exact=True).reads("Signed")
    contract = client.path.partition("?")[0]
    authorises(client, contract)
    client.goes_to(contract).clicks("Pay in").types_password_if_asked(PASSWORD).confirms()
    client.reads("A practice payment").chooses("A card that pays").clicks("Pay €").reads("Paid. The money is held")
    freelancer.goes_to(contract).clicks("Hand over").types(note="The report is in the folder.").confirms()
    client.goes_to(contract).clicks("Accept, release").types_password_if_asked(PASSWORD).confirms()
    client.goes_to(contract).waits_for("Released")


def test_the_books_are_in_order(site):
    done = site.command("ledger", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
