"""Milestones under way: people, the clock and the money move them."""

from threading import Thread

import pytest
from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.contracts.log import verify_log
from marketwright.features.contracts.steps import settled, take
from marketwright.features.contracts.tables import ApprovalRequest, ChangeRequest, TransitionLog
from marketwright.features.contracts.timers import remind, run_clock
from marketwright.features.ledger import queries as ledger
from marketwright.features.payments import queries as payments
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.money import Money
from marketwright.store.tables import EventRow
from marketwright.strategies.payments import CommandKind, Outcome


def told(stage, name):
    with stage.house.database.reading() as session:
        return list(session.scalars(select(EventRow).where(EventRow.name == name).order_by(EventRow.at)))


def log_holds(stage):
    with stage.house.database.reading() as session:
        return verify_log(session) == []


def hold(stage, n=0):
    with stage.house.database.reading() as session:
        return payments.hold(session, stage.milestones[n])


def staff(stage):
    return stage.actor("operator-account", staff=["admin"])


def member(stage, *roles, limit=None):
    with stage.unit() as uow:
        account = accounts.create_account(
            uow, email=f"{'-'.join(roles)}@example.org", name="-".join(roles), locale="en", is_freelancer=False
        )
        accounts.add_member(
            uow, organisation=stage.organisation, account=account, roles=list(roles), approval_limit=limit
        )
        uow.commit()
    return account


def test_a_milestone_goes_from_payment_to_release_and_the_contract_ends(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    assert stage.milestone().state == "released"
    assert (stage.row().state, stage.row().end_reason) == ("ENDED", "completed")
    assert hold(stage).held == Money(0, "EUR")
    assert log_holds(stage)  # C2


def test_funding_stays_pending_until_the_provider_says_so(stage):  # E3
    stage.signed(100_000)
    taken = stage.take("fund", stage.client)
    assert (stage.milestone().state, stage.milestone().pending) == ("to_fund", "fund")
    stage.answer(taken.command)
    assert (stage.milestone().state, stage.milestone().pending) == ("work", "")


def test_a_refused_payment_returns_the_milestone_with_the_reason(stage):
    stage.signed(100_000)
    stage.answer(stage.take("fund", stage.client).command, Outcome.FAILED, "The card was declined.")
    row = stage.milestone()
    assert (row.state, row.pending) == ("to_fund", "")
    assert "declined" in row.trouble
    assert log_holds(stage)
    stage.fund()
    assert stage.milestone().state == "work"


def test_work_never_begins_before_the_money_is_held(stage):  # C6
    stage.signed(100_000)
    with pytest.raises(Conflict) as refused:
        stage.deliver()
    assert (refused.value.state, refused.value.code) == ("to_fund", "C1")


def test_nothing_can_be_paid_before_both_have_signed(stage):  # C6
    stage.agree(100_000)
    stage.send()
    stage.sign(stage.client)
    with pytest.raises(Conflict):
        stage.take("fund", stage.client)


def test_a_refusal_names_the_state_and_what_is_allowed(stage):  # C1
    stage.signed(100_000)
    with pytest.raises(Conflict) as refused:
        stage.take("approve", stage.client)
    assert refused.value.allowed == ("fund", "cancel")


def test_a_stranger_finds_no_milestone(stage):
    stage.signed(100_000)
    with pytest.raises(NotFound):
        stage.take("fund", member(Stranger(stage), "owner"))


class Stranger:
    """Makes members of another organisation."""

    def __init__(self, stage):
        self.unit = stage.unit
        with stage.unit() as uow:
            owner = accounts.create_account(uow, email="o@x.org", name="O", locale="en", is_freelancer=False)
            self.organisation = accounts.create_organisation(uow, owner=owner, name="Other")
            uow.commit()


def test_the_freelancer_cannot_accept_their_own_work(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    with pytest.raises(Conflict):
        stage.take("approve", stage.freelancer)


def test_of_two_who_take_the_same_step_one_gets_it(stage):  # E3, E4
    stage.signed(100_000).fund()
    stage.deliver()
    stage.take("approve", stage.client)
    with pytest.raises(Conflict):
        stage.take("ask_changes", stage.client, note="Too late")
    with pytest.raises(Conflict):
        stage.take("approve", stage.client)


def test_changes_are_asked_and_answered_by_another_delivery(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    stage.take("ask_changes", stage.client, note="Annex B is missing")
    with stage.house.database.reading() as session:
        assert session.scalars(select(ChangeRequest)).one().closed_at is None
    stage.deliver(transition="deliver_again")
    with stage.house.database.reading() as session:
        assert session.scalars(select(ChangeRequest)).one().closed_at is not None
    assert stage.milestone().state == "delivered"


def test_asking_for_changes_without_saying_which_is_refused(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    with pytest.raises(InvalidInput) as refused:
        stage.take("ask_changes", stage.client)
    assert list(refused.value.errors) == ["note"]


def test_handing_over_nothing_is_refused(stage):
    stage.signed(100_000).fund()
    with pytest.raises(InvalidInput):
        stage.deliver(note=" ")


def test_silence_accepts_after_fourteen_days_and_never_earlier(stage):  # C7
    stage.signed(100_000).fund()
    stage.deliver()
    stage.move(days=13, hours=23)
    assert run_clock(stage.house.database) == []
    stage.move(hours=1, minutes=1)
    (command,) = run_clock(stage.house.database)
    stage.answer(command)
    assert stage.milestone().state == "released"


def test_a_clock_a_year_late_or_run_twice_has_the_same_effect_once(stage):  # C7
    stage.signed(100_000).fund()
    stage.deliver()
    stage.move(days=380)
    commands = run_clock(stage.house.database) + run_clock(stage.house.database)
    assert len(commands) == 1
    stage.answer(commands[0])
    stage.answer(commands[0])
    assert run_clock(stage.house.database) == []
    assert stage.milestone().state == "released"
    assert log_holds(stage)
    assert told(stage, "reminder.due") == []  # nobody is reminded of what has happened


def test_silence_accepts_nothing_while_changes_are_open(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    stage.take("ask_changes", stage.client, note="Annex B is missing")
    stage.move(days=80)
    assert run_clock(stage.house.database) == []
    assert stage.milestone().state == "changes"


def test_reminders_go_out_seven_three_and_one_day_before_silence_accepts(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    for _ in range(13):
        stage.move(days=1)
        run_clock(stage.house.database)
    due = [e for e in told(stage, "reminder.due") if e.payload["owner"] == "client"]
    assert [e.payload["days"] for e in due][-3:] == [7, 3, 1]


def test_a_reminder_is_sent_once(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    stage.move(days=7, minutes=1)
    run_clock(stage.house.database)
    before = len(told(stage, "reminder.due"))
    with stage.unit() as uow:
        assert not remind(uow, milestone=stage.milestones[0])
    run_clock(stage.house.database)
    assert len(told(stage, "reminder.due")) == before


def test_a_release_that_the_provider_refuses_is_tried_again_a_day_later(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    stage.move(days=15)
    (command,) = run_clock(stage.house.database)
    stage.answer(command, Outcome.FAILED, "The account of the freelancer is blocked.")
    assert stage.milestone().state == "delivered"
    assert run_clock(stage.house.database) == []
    stage.move(days=1, minutes=1)
    (again,) = run_clock(stage.house.database)
    stage.answer(again)
    assert stage.milestone().state == "released"


def test_cancelling_before_payment_closes_the_hold_and_ends_the_contract(stage):
    stage.signed(100_000)
    stage.take("cancel", stage.freelancer, note="Not needed any more")
    assert str(hold(stage).state) == "EXPIRED"
    assert (stage.row().state, stage.row().end_reason) == ("ENDED", "cancelled")


def test_the_operator_releases_refunds_or_shares(stage):
    stage.signed(100_000, 200_000, 300_000)
    for n, (way, ask) in enumerate(
        [("decide_release", {}), ("decide_refund", {}), ("decide_split", {"refund": 123_456})]
    ):
        stage.fund(n=n)
        stage.take("ask_decision_work", stage.client, n=n, note="We disagree")
        stage.answer(stage.take(way, staff(stage), n=n, note="Because", **ask).command)
    assert [stage.milestone(n).state for n in range(3)] == ["released", "refunded", "shared"]
    assert hold(stage, 2).refunded == Money(123_456, "EUR")
    assert all(hold(stage, n).held.amount == 0 for n in range(3))
    assert log_holds(stage)


def test_a_split_must_leave_something_to_both(stage):
    stage.signed(100_000).fund()
    stage.take("ask_decision_work", stage.client, note="We disagree")
    for refund in (None, 0, 10**9):
        with pytest.raises(InvalidInput):
            stage.take("decide_split", staff(stage), note="Because", refund=refund)


def test_nobody_but_the_operator_decides(stage):
    stage.signed(100_000).fund()
    stage.take("ask_decision_work", stage.client, note="We disagree")
    for side in (stage.client, stage.freelancer):
        with pytest.raises(Conflict):
            stage.take("decide_release", side, note="I decide")


def test_the_freelancer_can_give_the_money_back(stage):
    stage.signed(100_000).fund()
    stage.answer(stage.take("give_back", stage.freelancer, note="I am ill").command)
    assert stage.milestone().state == "refunded"
    assert stage.row().end_reason == "cancelled"


def test_what_exceeds_an_approvers_limit_waits_for_who_may(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    small = member(stage, "approver", limit=50_000)
    taken = stage.take("approve", small)
    assert taken.waiting
    assert stage.milestone().state == "delivered"
    assert stage.milestone().pending == ""
    assert stage.take("approve", small).waiting
    with stage.house.database.reading() as session:
        assert len(session.scalars(select(ApprovalRequest)).all()) == 1
    assert len(told(stage, "approval.waiting")) == 1
    stage.answer(stage.take("approve", stage.client).command)
    with stage.house.database.reading() as session:
        assert session.scalars(select(ApprovalRequest)).one().closed_at is not None


def test_an_approver_within_the_limit_releases(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    assert stage.take("approve", member(stage, "approver", limit=100_000)).command


def test_a_member_of_finance_pays_in_and_does_not_ask_for_changes(stage):
    stage.signed(100_000)
    finance = member(stage, "finance")
    stage.answer(stage.take("fund", finance).command)
    stage.deliver()
    with pytest.raises(NotAllowed):
        stage.take("ask_changes", finance, note="x")


def test_a_large_amount_asks_for_the_password_again(stage):  # E10
    stage.signed(600_000).fund()
    stage.deliver()
    with pytest.raises(NotAllowed) as refused:
        stage.take("approve", stage.client)
    assert refused.value.code == "reauthenticate"
    assert stage.take("approve", stage.client, reauthenticated=True).command


def test_the_next_milestone_gets_its_turn_when_the_one_before_has_ended(stage):  # C8
    stage.signed(100_000, 200_000)
    assert stage.milestone(1).deadline_at is None
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    assert stage.milestone(1).deadline_at is not None
    assert stage.row().state == "ACTIVE"


def test_a_later_milestone_is_not_paid_in_before_its_turn(stage):  # E12
    stage.signed(100_000, 200_000)
    with pytest.raises(Conflict, match="once the milestone before it is over"):
        stage.take("fund", stage.client, n=1)
    assert stage.milestone(1).state == "to_fund"
    assert hold(stage, 1).state == "NONE"


def test_the_log_names_who_and_why(stage):  # C2
    stage.signed(100_000)
    stage.take("cancel", stage.freelancer, note="Not needed any more")
    with stage.house.database.reading() as session:
        row = session.scalars(select(TransitionLog).where(TransitionLog.transition == "cancel")).one()
    assert (row.actor, row.role, row.note, row.source, row.target) == (
        f"person:{stage.freelancer}", "freelancer", "Not needed any more", "to_fund", "cancelled",
    )  # fmt: skip


def test_the_log_finds_a_row_that_a_hand_edited(stage):  # C2
    from sqlalchemy import text

    stage.signed(100_000)
    with stage.unit() as uow:
        uow.session.execute(text("UPDATE milestones SET state = 'released'"))
        uow.commit()
    with stage.house.database.reading() as session:
        assert stage.milestones[0] in verify_log(session)[0]


def test_a_fact_that_no_step_waits_for_changes_nothing(stage):
    stage.signed(100_000).fund()
    with stage.unit() as uow:
        settled(uow, hold=stage.milestones[0], kind=CommandKind.REFUND, outcome=Outcome.CONFIRMED, reason="")
        settled(uow, hold="no-milestone", kind=CommandKind.FUND, outcome=Outcome.CONFIRMED, reason="")
    assert stage.milestone().state == "work"


def test_a_suspended_party_still_gets_paid(stage):  # C10
    from datetime import UTC, datetime

    from marketwright.features.accounts.tables import Account

    stage.signed(100_000).fund()
    stage.deliver()
    with stage.unit() as uow:
        account = uow.session.get_one(Account, stage.freelancer)
        account.suspended_at, account.suspension_reason = datetime.now(UTC), "A complaint"
        uow.commit()
    stage.answer(stage.take("approve", stage.client).command)
    assert stage.milestone().state == "released"


def test_an_ended_contract_moves_no_more(stage):  # C3
    stage.signed(100_000)
    stage.take("cancel", stage.client, note="No budget")
    with pytest.raises(Conflict):
        stage.take("fund", stage.client)


def test_without_a_hold_acceptance_bills_and_payment_makes_the_commission_due(stage):
    stage.signed(100_000, process="invoice")
    with stage.house.database.reading() as session:
        assert payments.holds_of(session, stage.contract) == []
    stage.deliver()
    stage.take("approve", stage.client)
    stage.take("confirm_paid", stage.freelancer)
    assert stage.row().end_reason == "completed"
    with stage.house.database.reading() as session:
        assert ledger.balance(session, f"receivable:{stage.freelancer}") == Money(8_400, "EUR")
        assert ledger.balance(session, f"receivable:{stage.organisation}") == Money(3_600, "EUR")
        assert ledger.balance(session, "revenue") == Money(10_000, "EUR")


def test_an_unpaid_bill_owes_no_commission(stage):  # E15
    stage.signed(100_000, process="invoice")
    stage.deliver()
    stage.take("approve", stage.client)
    stage.take("give_up", stage.freelancer, note="They went bankrupt")
    with stage.house.database.reading() as session:
        assert ledger.balances(session) == []
    assert stage.row().end_reason == "cancelled"


def test_an_overdue_invoice_is_recalled(stage):
    stage.signed(100_000, process="invoice")
    stage.deliver()
    stage.take("approve", stage.client)
    for days in (24, 7, 7, 8, 15):
        stage.move(days=days)
        run_clock(stage.house.database)
    due = [e.payload["days"] for e in told(stage, "reminder.due") if e.payload["owner"] == "client"]
    assert due == [7, 0, -7, -15, -30]


def test_a_plugin_cannot_take_a_step_that_is_not_its_own(stage):
    from marketwright.kernel.actors import plugin_actor

    stage.signed(100_000)
    with pytest.raises(Conflict), stage.unit(plugin_actor("x")) as uow:
        take(uow, milestone=stage.milestones[0], transition="fund")


def test_of_two_that_end_at_the_same_moment_one_is_the_last(stage):
    stage.signed(100_000, 50_000).begin_all().fund()
    stage.fund(n=1)
    commands = [stage.take("give_back", stage.freelancer, n=n, note="We go on without it.").command for n in (0, 1)]
    with stage.unit() as uow:
        stage.hear(uow, commands[0])
        other = Thread(target=stage.answer, args=(commands[1],))
        other.start()
        other.join(timeout=0.3)  # it waits for this one
        uow.commit()
    other.join()
    assert (stage.row().state, stage.row().end_reason) == ("ENDED", "cancelled")
    assert log_holds(stage)  # C2
