"""What else happens on a provider's page: a card is declined, a bank asks back, an answer is late, somebody leaves."""

import pytest
from sqlalchemy import select, update

from marketwright.features.accounts.tables import Membership
from marketwright.features.contracts.tables import Contract, ContractCondition, Milestone
from marketwright.kernel.actors import system
from marketwright.testing.browser import Watch
from marketwright.testing.person import Person


@pytest.fixture(scope="module")
def unpaid(site):
    """A seeded contract that both have signed and nobody has paid in."""
    first = select(Milestone.contract_id).where(Milestone.number == 1, Milestone.state == "to_fund")
    with site.database.reading() as session:
        found = session.scalars(
            select(Contract).where(Contract.state == "ACTIVE", Contract.process == "milestones", Contract.id.in_(first))
        ).first()
    with site.database.unit(system("tests")) as uow:  # the authorisation is another test's
        uow.session.execute(
            update(ContractCondition)
            .where(ContractCondition.contract_id == found.id, ContractCondition.met_at.is_(None))
            .values(met_at=uow.now, met_by="system:tests", met_name="Tests", evidence="In writing.")
        )
        uow.commit()
    return found


@pytest.fixture(scope="module")
def client(site, browser, unpaid):
    with site.database.reading() as session:
        owner = next(
            row.account_id for row in session.scalars(
                select(Membership).where(Membership.organisation_id == unpaid.organisation_id)
            ) if "owner" in row.roles
        )
    context = browser.new_context(locale="en-GB", base_url=site.url)
    context.set_default_timeout(60_000)
    context.request.get("/language/en?next=/about")
    watch = Watch((site.url, site.provider))
    person = Person(site, watch.over(context).new_page())
    person.signs_in_as(owner)
    yield person
    context.close()
    assert not watch.wrong, watch.wrong


def begins_to_pay(client, unpaid):
    client.goes_to(f"/contracts/{unpaid.id}").clicks("Pay in €").types_password_if_asked("demo-2026").confirms()
    return client


def charges(site):
    return [e["amount"] for e in site.effects() if e["effect"] == "charge"]


def test_a_declined_card_takes_nothing_and_may_be_tried_again(client, unpaid, site):
    before = charges(site)
    begins_to_pay(client, unpaid).chooses("A card that is declined").clicks("Pay €")
    client.reads("The payment was refused", "Nothing was taken").clicks("To the contract").reads("Pay in €")
    assert charges(site) == before


def test_whoever_leaves_the_page_comes_back_to_it_or_pays_later(client, unpaid, site):
    before = charges(site)
    begins_to_pay(client, unpaid).clicks("Leave without paying")
    client.reads("Your payment waits for you").clicks("Pay later").reads("Nothing was paid. You can pay later")
    assert charges(site) == before


def test_a_page_that_was_given_up_and_paid_all_the_same_gives_the_money_back(client, unpaid, site):
    begins_to_pay(client, unpaid)
    page = client.page.url
    client.clicks("Leave without paying").clicks("Pay later")
    before = len([e for e in site.effects() if e["effect"] == "refund"])
    client.goes_to(page).chooses("A card that pays").clicks("Pay €").waits_for("back to you by itself")
    client.goes_to(f"/contracts/{unpaid.id}").reads("Pay in €")
    site.until(lambda: len([e for e in site.effects() if e["effect"] == "refund"]) > before, "refund")


def test_a_bank_that_asks_back_is_asked_and_refused(client, unpaid):
    begins_to_pay(client, unpaid).chooses("A card that asks for a confirmation").clicks("Pay €")
    client.reads("Your bank asks back").clicks("Refuse").reads("The payment was refused")


def test_a_late_answer_comes_after_the_payer_has_left(client, unpaid, site):
    before = len(charges(site))
    begins_to_pay(client, unpaid).chooses("A payment that answers late").clicks("Pay €")
    client.reads("Your payment is under way")
    client.goes_to(f"/contracts/{unpaid.id}").waits_for("Do the work, then hand it over")
    assert len(charges(site)) == before + 1


def test_the_books_are_in_order(site):
    done = site.command("ledger", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
