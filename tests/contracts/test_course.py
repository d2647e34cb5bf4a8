"""The engine over process data, for every bundled process: all states, transitions and roles."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.contracts import course
from marketwright.features.contracts.bundled import BUNDLED, INVOICE, MILESTONES
from marketwright.kernel.errors import Conflict
from marketwright.strategies.conditions import Condition
from marketwright.strategies.processes import Action, HoldState, Role

NOON = datetime(2026, 5, 11, 12, 0, tzinfo=UTC)
EVERY_STATE = [pytest.param(p, s, id=f"{p.name}-{s.name}") for p in BUNDLED for s in p.states]


@pytest.mark.parametrize(("process", "state"), EVERY_STATE)
def test_only_its_actor_takes_a_transition_from_its_own_state(process, state):  # C1
    place = course.Place(state.name)
    for transition, role in product(process.transitions, Role):
        if transition.source == state.name and role in transition.actors:
            assert course.choose(process, place, transition.name, role) is transition
        else:
            with pytest.raises(Conflict) as refused:
                course.choose(process, place, transition.name, role)
            assert refused.value.state == state.name
            assert refused.value.allowed == tuple(t.name for t in course.ways(process, place, role))


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
def test_nothing_is_taken_while_money_moves(process):
    for transition, role in product(process.transitions, Role):
        assert course.ways(process, course.Place(transition.source, transition.name), role) == ()


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
def test_ends_absorb(process):  # C3
    for state, role in product([s for s in process.states if s.end], Role):
        assert course.ways(process, course.Place(state.name), role) == ()


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
def test_a_money_action_stays_until_the_hold_has_moved_and_every_other_arrives_at_once(process):
    for transition in process.transitions:
        after = course.take(course.Place(transition.source), transition)
        if course.money_action(transition):
            assert after == course.Place(transition.source, transition.name)
            assert course.settle(process, after, confirmed=True) == course.Place(transition.target)
            assert course.settle(process, after, confirmed=False) == course.Place(transition.source)
        else:
            assert after == course.Place(transition.target)


def test_a_second_settling_changes_nothing():
    work = course.Place("work")
    assert course.settle(MILESTONES, work, confirmed=True) == work


@given(st.lists(st.tuples(st.sampled_from(Role), st.integers(0, 30), st.booleans()), max_size=40))
def test_whatever_people_try_money_is_held_before_work_and_settled_once(tries):  # C6, E2
    place, hold, settled = course.Place("to_fund"), HoldState.NONE, 0
    for role, pick, works in tries:
        offered = course.ways(MILESTONES, place, role)
        if not offered:
            continue
        transition = offered[pick % len(offered)]
        action = course.money_action(transition)
        place = course.take(place, transition)
        if action:
            before, _, after = course.MONEY[action]
            assert hold is before
            place = course.settle(MILESTONES, place, confirmed=works)
            hold = after if works else hold
            settled += works and after is HoldState.SETTLED
        assert MILESTONES.state(place.state).hold is hold
        assert settled <= 1


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
def test_every_open_state_has_an_owner_a_next_action_and_a_deadline(process):  # C8
    for state in process.states:
        if not state.end:
            assert state.next
            assert course.deadline(process, state.name, NOON) is not None
            assert any(state.owner in t.actors for t in process.ways_from(state.name))


def test_silence_approves_after_fourteen_days():
    assert course.deadline(MILESTONES, "delivered", NOON) == NOON + timedelta(days=14)
    assert course.by_silence(MILESTONES, "delivered").name == "released"


def test_silence_never_approves_while_changes_are_open():
    assert course.timer_of(MILESTONES, "changes") is None
    assert course.timer_of(INVOICE, "changes") is None


def test_work_is_due_on_the_milestones_own_date():
    until = course.deadline(MILESTONES, "work", NOON, date(2026, 6, 19))
    assert until == datetime(2026, 6, 19, 23, 59, 59, tzinfo=UTC)


def test_a_due_date_ends_where_the_marketplace_is():
    until = course.deadline(MILESTONES, "work", NOON, date(2026, 6, 19), ZoneInfo("Europe/Paris"))
    assert until == datetime(2026, 6, 19, 21, 59, 59, tzinfo=UTC)


def test_a_due_date_that_has_passed_gives_no_deadline_before_the_state_was_entered():
    assert course.deadline(MILESTONES, "work", NOON, date(2026, 1, 1)) == NOON


def test_without_a_due_date_the_state_names_its_own_deadline():
    assert course.deadline(MILESTONES, "work", NOON) == NOON + timedelta(days=30)


def test_an_end_has_no_deadline():
    assert course.deadline(MILESTONES, "released", NOON) is None


def _reminders_over(days_of_checks, process=MILESTONES, state="delivered", until=NOON + timedelta(days=14)):
    """The reminders sent by a clock that looks at these days."""
    sent, next_at = [], course.next_reminder(process, state, until, NOON)
    for at in (NOON + timedelta(days=d) for d in days_of_checks):
        if next_at is not None and next_at <= at:
            due = course.reminder_due(process, state, until, at)
            sent += [due] if due is not None else []
            next_at = course.next_reminder(process, state, until, at)
    return sent


def test_reminders_come_seven_three_and_one_day_before():
    assert _reminders_over([0, 6.9, 7, 8, 11, 12, 13, 13.5]) == [7, 3, 1]


def test_a_reminder_is_never_early():
    assert _reminders_over([0, 5, 6.99]) == []


def test_a_late_check_sends_the_nearest_reminder_alone():
    assert _reminders_over([13.5]) == [1]


def test_none_is_sent_once_the_clock_may_act():
    assert _reminders_over([14, 400]) == []


def test_an_unpaid_invoice_is_recalled_after_its_due_date():
    assert _reminders_over([20, 23, 30, 31, 37, 45, 60, 90], INVOICE, "billed", NOON + timedelta(days=30)) == [
        7, 0, -7, -15, -30,
    ]  # fmt: skip


def test_the_turn_is_the_providers_while_money_moves():
    assert course.turn(MILESTONES, course.Place("to_fund", "fund")) is Role.PROVIDER
    assert course.turn(MILESTONES, course.Place("to_fund")) is Role.CLIENT


def test_a_condition_of_the_marketplace_holds_the_transition_that_it_names():
    permit = Condition("x.permit", "Permit", "Hand it in", Role.CLIENT, before=("deliver",))
    assert course.needs_of(MILESTONES, MILESTONES.way("deliver"), [permit]) == ("x.permit",)
    assert course.needs_of(MILESTONES, MILESTONES.way("fund"), [permit]) == ()


def test_a_condition_of_the_process_holds_what_leads_on_from_the_start_and_no_way_out():
    from dataclasses import replace

    process = replace(MILESTONES, needs=("x.permit",))
    assert course.needs_of(process, process.way("fund")) == ("x.permit",)
    assert course.needs_of(process, process.way("cancel")) == ()


def test_only_the_invoice_process_bills():
    assert not any(Action.BILL in t.actions for t in MILESTONES.transitions)
    assert not any(course.money_action(t) for t in INVOICE.transitions)
