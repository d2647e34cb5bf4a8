"""A client says nothing: after the days that the course names, silence approves and the money is released."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.testing.person import Person


@pytest.fixture(scope="module")
def delivered(site):
    """A seeded contract whose work was handed over and waits for its client, with money held."""
    with site.database.reading() as session:
        return session.execute(
            select(Contract.id, Contract.freelancer_id, Contract.organisation_id, Milestone.deadline_at)
            .join(Milestone, Milestone.contract_id == Contract.id)
            .where(Contract.process == "milestones", Milestone.state == "delivered", Milestone.pending == "")
            .order_by(Milestone.entered_at.desc())
        ).first()


@pytest.fixture(scope="module")
def freelancer(site, browser, delivered):
    context = browser.new_context(locale="en-GB", base_url=site.url)
    context.request.get("/language/en?next=/about")
    context.set_default_timeout(60_000)
    person = Person(site, context.new_page())
    person.signs_in_as(delivered.freelancer_id)
    yield person
    context.close()


def paid_to(site, freelancer):
    return [e["amount"] for e in site.effects() if e["effect"] == "payout" and e["who"] == freelancer]


def test_the_page_says_when_silence_will_approve(freelancer, delivered):
    freelancer.goes_to(f"/contracts/{delivered.id}").reads("If nobody does anything, it is accepted on")


def test_a_reminder_goes_out_to_everybody_who_may_approve(site, delivered):
    with site.database.reading() as session:
        members = accounts.members(session, delivered.organisation_id)
    may = {m.email for m in members if {"owner", "approver"} & set(m.roles)}
    left = delivered.deadline_at - site.database.clock.business()
    site.move_time(seconds=(left - timedelta(days=2)).total_seconds())
    for address in may:
        site.mail_link(address, "remind")


def test_after_fourteen_days_silence_approves_and_the_money_is_paid_out(site, freelancer, delivered):
    before = paid_to(site, delivered.freelancer_id)
    site.move_time(days=2, minutes=1)
    site.until(lambda: len(paid_to(site, delivered.freelancer_id)) == len(before) + 1, "payout")
    freelancer.goes_to(f"/contracts/{delivered.id}").waits_for("Accepted by silence").reads("To the expert")


def test_the_books_are_in_order(site):
    done = site.command("ledger", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
