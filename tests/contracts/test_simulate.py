"""A process walked on a fake clock."""

from datetime import UTC, datetime, timedelta

import pytest

from marketwright.features.contracts.bundled import BUNDLED, INVOICE, MILESTONES, PACKAGE, TIME_AND_MATERIALS, TRIAL
from marketwright.features.contracts.drawing import draw
from marketwright.features.contracts.simulate import Sums, simulate
from marketwright.kernel.errors import InvalidInput

AT = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
SUMS = Sums(work=780_000, work_tax=156_000, client_fee=31_200, client_fee_tax=6_240, freelancer_fee=46_800,
            freelancer_fee_tax=9_360)  # fmt: skip


@pytest.mark.parametrize("walk", ["together", "silence"])
@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
def test_every_ready_walk_comes_to_an_end(process, walk):
    steps = simulate(process, at=AT, sums=SUMS, walk=walk)
    assert process.state(steps[-1].state).end


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
def test_every_simulated_entry_balances(process):
    for step in simulate(process, at=AT, sums=SUMS, walk="silence"):
        assert sum(amount for _, amount in step.entries) == 0


def test_silence_releases_fourteen_days_after_the_delivery_with_three_reminders():
    steps = simulate(MILESTONES, at=AT, sums=SUMS, walk="silence")
    delivered = next(s for s in steps if s.state == "delivered")
    silent = next(s for s in steps if s.what == "Accepted by silence")
    assert silent.at - delivered.at == timedelta(days=14)
    assert [s.what for s in steps if s.what.startswith("reminder")] == [
        "reminder, 7 days left", "reminder, 3 days left", "reminder, 1 day left",
    ]  # fmt: skip


def test_a_script_is_played_as_written():
    script = ["fund", "deliver", "ask_changes", "deliver_again", "wait"]
    steps = simulate(MILESTONES, at=AT, sums=SUMS, script=script)
    assert steps[-1].state == "released"
    assert "changes" in {s.state for s in steps}


def test_the_hold_is_shown_while_it_moves():
    assert "RELEASING" in {s.hold for s in simulate(MILESTONES, at=AT, sums=SUMS)}


def test_a_bill_is_a_document_of_the_invoice_process():
    assert ("bill",) in {s.documents for s in simulate(INVOICE, at=AT, sums=SUMS)}


def test_a_script_that_cannot_be_is_refused_with_what_could_be():
    with pytest.raises(InvalidInput, match="deliver cannot be taken in the state to_fund; there: fund, cancel"):
        simulate(MILESTONES, at=AT, sums=SUMS, script=["deliver"])


def test_an_unknown_word_lists_the_known_ones():
    with pytest.raises(InvalidInput, match="approve_by_silence"):
        simulate(MILESTONES, at=AT, sums=SUMS, script=["fly"])


@pytest.mark.parametrize(("process", "kept"), [(MILESTONES, 156_000), (TRIAL, 0)], ids=lambda p: getattr(p, "name", p))
def test_calling_off_six_days_before_the_start_costs_what_the_rule_of_that_day_says(process, kept):
    last = simulate(process, at=AT, sums=Sums(work=780_000), script=["fund", "call_off"])[-1]
    assert (last.state, -dict(last.entries).get("payable", 0)) == ("called_off", kept)


def test_what_waits_for_a_deadline_is_taken_after_it():
    steps = simulate(INVOICE, at=AT, sums=SUMS, script=["deliver", "ask_changes", "cancel_overdue"])
    asked, cancelled = steps[-2:]
    assert (cancelled.state, cancelled.at - asked.at) == ("cancelled", timedelta(days=14))


def test_waiting_where_nothing_happens_is_refused():
    with pytest.raises(InvalidInput, match="to_fund"):
        simulate(MILESTONES, at=AT, sums=SUMS, script=["wait"])


def test_a_period_pays_the_days_worked_and_gives_the_rest_back():
    last = simulate(TIME_AND_MATERIALS, at=AT, sums=SUMS)[-1]
    legs = dict(last.entries)
    whole = SUMS.amounts.client_pays
    assert (last.state, legs["hold"]) == ("approved", whole)
    assert legs["psp_clearing"] == -(whole - whole * 15 // 20)


def test_when_a_provider_may_hold_no_longer_three_warnings_come_and_the_clock_decides():
    steps = simulate(MILESTONES, at=AT, sums=SUMS, script=["fund", "run_out"])
    funded = next(s for s in steps if s.what == "hold confirmed")
    warned = [(s.at - funded.at).days for s in steps if "can be held" in s.what]
    assert warned == [60, 75, 83]
    assert (steps[-1].state, (steps[-2].at - funded.at).days) == ("refunded", 88)


def test_days_that_the_client_contests_all_go_back_when_the_time_is_over():
    script = ["fund", "submit", "ask_decision_submitted", "run_out"]
    legs = dict(simulate(TIME_AND_MATERIALS, at=AT, sums=SUMS, script=script)[-1].entries)
    assert legs == {"hold": SUMS.amounts.client_pays, "psp_clearing": -SUMS.amounts.client_pays}


def test_what_nobody_hands_over_is_late_and_then_goes_back():
    steps = simulate(PACKAGE, at=AT, sums=SUMS, script=["fund", "wait", "wait"])
    assert [s.state for s in steps][-3:] == ["overdue", "overdue", "refunded"]


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
def test_a_drawing_names_every_transition_once(process):
    text = draw(process)
    assert [t.name for t in process.transitions if text.count(f"─ {t.name} (") != 1] == []
