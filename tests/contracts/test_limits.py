"""What a member of the client may take alone, and what staff may take of their own: nobody walks around a limit."""

from datetime import timedelta

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.contracts.queries import approvals_of
from marketwright.features.payments import queries as payments
from marketwright.kernel.errors import Conflict, NotAllowed, NotFound
from marketwright.settings.marketplace import DealSettings

BIG = 9_000_000


@pytest.fixture
def member(stage):
    """Somebody of the client, with these roles and this limit."""

    def make(*roles, limit=None, name="small"):
        with stage.unit() as uow:
            made = accounts.create_account(uow, email=f"{name}@x.org", name=name, locale="en", is_freelancer=False)
            accounts.add_member(uow, organisation=stage.organisation, account=made, roles=roles, approval_limit=limit)
            uow.commit()
        return made

    return make


def paid(stage):
    with stage.house.database.reading() as session:
        return payments.hold(session, stage.milestones[0]).paid.amount


def waiting(stage):
    with stage.house.database.reading() as session:
        return [asked.amount for asked in approvals_of(session, stage.contract)]


def offered(stage, back=1):
    """A funded milestone of 90,000.00 of which the freelancer offers ``back`` minor units."""
    stage.signed(BIG).fund()
    stage.take("offer_back_work", stage.freelancer, refund=back, note="A cent")


def test_an_offer_above_the_limit_waits_for_a_colleague(stage, member):
    offered(stage)
    assert stage.take("accept_offer", member("buyer", limit=100_00)).waiting
    assert (stage.milestone().state, stage.milestone().pending) == ("offered", "")


def test_the_colleague_who_may_takes_the_offer(stage, member):
    offered(stage)
    stage.take("accept_offer", member("buyer", limit=100_00))
    taken = stage.take("accept_offer", member("approver", limit=BIG, name="large"), reauthenticated=True)
    stage.answer(taken.command)
    assert paid(stage) > 0


def test_an_offer_that_leaves_less_than_the_limit_is_taken_alone(stage, member):
    stage.signed(100_000).fund()
    stage.take("offer_back_work", stage.freelancer, refund=120_000, note="Nearly all")
    assert stage.take("accept_offer", member("approver", limit=10_000)).command


@pytest.mark.settings(deal=DealSettings(reauthenticate_above=100_000))
def test_taking_an_offer_above_the_threshold_asks_for_the_password(stage):  # E10
    offered(stage)
    with pytest.raises(NotAllowed, match="password"):
        stage.take("accept_offer", stage.client)


@pytest.mark.settings(deal=DealSettings(reauthenticate_above=100_000))
def test_the_page_of_an_offer_above_the_threshold_asks_for_the_password(stage, browse):
    offered(stage)
    page = browse(stage.client).get(f"/contracts/{stage.contract}/milestones/{stage.milestones[0]}/accept_offer")
    assert 'name="password"' in page.text


def test_calling_off_at_a_price_above_the_limit_waits_for_a_colleague(stage, member):
    soon = stage.house.clock.business().date() + timedelta(days=3)  # 20 % are due by then
    stage.signed(BIG, start_on=soon).fund()
    assert stage.take("call_off", member("approver", limit=100_00), note="Changed plans").waiting


def test_paying_in_above_the_limit_waits_for_a_colleague(stage, member):
    stage.signed(BIG)
    assert stage.take("fund", member("buyer", limit=100_00)).waiting
    assert stage.milestone().pending == ""
    assert waiting(stage) == [BIG]


def test_the_page_of_paying_in_says_who_may(stage, member, browse):
    stage.signed(BIG)
    small = browse(member("finance", limit=100_00))
    page = small.get(f"/contracts/{stage.contract}/milestones/{stage.milestones[0]}/fund")
    assert "Hélène Quesnoy can confirm it" in page.text


def test_who_pays_for_the_client_without_a_limit_pays_in_alone(stage, member):
    stage.signed(BIG)
    assert stage.take("fund", member("finance")).command


def test_staff_do_not_decide_on_their_own_work(stage):
    stage.signed(100_000).fund()
    both = stage.actor(stage.freelancer, staff=["admin"])
    stage.take("ask_decision_work", both, note="Pay me")
    with pytest.raises(Conflict):
        stage.take("decide_release", both, note="I am right")


def test_staff_do_not_decide_for_the_client_that_they_belong_to(stage, member):
    stage.signed(100_000).fund()
    stage.take("ask_decision_work", stage.freelancer, note="Pay me")
    both = stage.actor(member("finance"), staff=["admin"])
    with pytest.raises(Conflict):
        stage.take("decide_refund", both, note="We are right")


def test_staff_invited_to_sign_for_the_client_do_not_decide_either(stage):
    stage.signed(100_000).fund()
    stage.take("ask_decision_work", stage.freelancer, note="Pay me")
    with stage.unit() as uow:
        guest = accounts.create_account(uow, email="g@x.org", name="G", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=stage.organisation, account=guest, roles=["signatory"], document="d")
        uow.commit()
    with pytest.raises(NotFound):
        stage.take("decide_refund", stage.actor(guest, staff=["admin"]), note="We are right")
