"""Each refusal of the checker has a process that triggers it; the bundled ones are sound."""

from dataclasses import replace

import pytest

from marketwright.features.contracts.bundled import BUNDLED, MILESTONES
from marketwright.features.contracts.checker import check
from marketwright.strategies.processes import (
    Action,
    CancellationRule,
    HoldState,
    Judged,
    Measure,
    Process,
    Role,
    State,
    Transition,
)

C, F, OP, T = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER
NONE, FUNDED, SETTLED = HoldState.NONE, HoldState.FUNDED, HoldState.SETTLED
TO_FUND = State("to_fund", "To fund", C, "Pay", hold=NONE, deadline_days=7)
WORK = State("work", "Work", F, "Work", hold=FUNDED, deadline_days=7)
DONE = State("done", "Done", C, "", hold=SETTLED, end=True)
FUND = Transition("fund", "Fund", "to_fund", "work", C, actions=(Action.HOLD,))
RELEASE = Transition("release", "Release", "work", "done", C, actions=(Action.RELEASE,))
LAPSE = Transition("lapse", "Lapse", "work", "done", T, actions=(Action.RELEASE,), timer_days=9)
NOTE = Transition("note", "Note", "work", "work", F)
OVER = Transition("over", "Over", "work", "done", T, actions=(Action.REFUND,), expiry=True)


def small(*more, states=(TO_FUND, WORK, DONE), ways=(FUND, RELEASE, LAPSE, NOTE, OVER), **other):
    said = {"name": "small", "version": 1, "label": "", "summary": "", "holds": True, "start": "to_fund"} | other
    return Process(states=states, transitions=(*ways, *more), **said)


def way(name, source, target, actor=C, **other):
    return Transition(name, name, source, target, actor, **other)


def test_a_small_sound_process_passes():
    assert check(small()) == ()


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
def test_the_bundled_processes_are_sound(process):
    assert check(process) == ()


BAD = {
    "doubled_name": small(way("fund", "work", "work")),
    "unknown_state": small(way("off", "work", "moon")),
    "unknown_condition": small(way("x", "work", "work", needs=("plugin.gone",))),
    "unknown_deliverable": small(way("x", "work", "work", F, delivers="plugin.gone")),
    "delivered_by_nobody": small(way("x", "work", "work", OP, delivers="plugin.gone")),
    "delivers_with_money": small(way("x", "work", "done", actions=(Action.RELEASE,), delivers="plugin.gone")),
    "never_unbegun": small(way("x", "work", "work", unbegun=True)),
    "never_overdue": small(way("x", "to_fund", "to_fund", overdue=True), way("late", "to_fund", "work", Role.TIMER,
                                                                            timer_days=3)),
    "judged_by_people": small(way("x", "work", "work", F, judged=Judged.MET)),
    "judged_nothing": small(way("x", "work", "work", Role.PLUGIN, judged=Judged.MET)),
    "two_judged": small(way("x", "work", "work", Role.PLUGIN, judged=Judged.MET),
                        way("y", "work", "work", Role.PLUGIN, judged=Judged.MET)),
    "unreachable_state": small(states=(TO_FUND, WORK, DONE, replace(WORK, name="island")),
                               ways=(FUND, RELEASE, LAPSE, NOTE, way("leave", "island", "work", F))),
    "end_with_ways": small(way("again", "done", "done")),
    "dead_end": small(way("sink", "work", "hole"), states=(TO_FUND, WORK, DONE, replace(WORK, name="hole"))),
    "money_stranded": small(way("stop", "work", "stopped"),
                            states=(TO_FUND, WORK, DONE, replace(DONE, name="stopped", hold=FUNDED))),
    "no_way_to_an_end": small(way("in", "work", "loop"), way("round", "loop", "loop", F),
                              states=(TO_FUND, WORK, DONE, replace(WORK, name="loop"))),
    "hold_elsewhere": small(way("skip", "to_fund", "work")),
    "action_in_wrong_hold": small(way("early", "to_fund", "done", actions=(Action.RELEASE,))),
    "hold_without_way_out": small(ways=(FUND, RELEASE, NOTE)),
    "two_money_actions": small(way("both", "work", "done", actions=(Action.RELEASE, Action.REFUND))),
    "bill_with_hold": small(way("bill", "work", "work", actions=(Action.BILL,))),
    "paid_without_bill": small(way("paid", "work", "work", actions=(Action.PAID,))),
    "release_by_freelancer": small(way("mine", "work", "done", F, actions=(Action.RELEASE,))),
    "refund_by_client": small(way("back", "work", "done", C, actions=(Action.REFUND,))),
    "split_without_amount": small(way("split", "work", "done", OP, actions=(Action.SPLIT,))),
    "split_by_a_side": small(way("split", "work", "done", C, actions=(Action.SPLIT,), asks=("amount",))),
    "measure_of_nothing": small(way("count", "work", "work", F, measure=Measure.OFFERED)),
    "measure_unknown": small(way("count", "work", "done", actions=(Action.SPLIT,), measure=Measure.DAYS)),
    "share_unclear": small(way("share", "work", "done", actions=(Action.SPLIT,), measure=Measure.SHARE)),
    "rule_out_of_bounds": small(cancellation=(CancellationRule(C, 0, 10_001),)),
    "no_timesheet": small(by_day=True),
    "hold_runs_out": small(ways=(FUND, RELEASE, LAPSE, NOTE)),
    "expiry_unclear": small(ways=(FUND, RELEASE, LAPSE, NOTE, replace(OVER, actions=()))),
    "unknown_ask": small(way("ask", "work", "work", asks=("moon",))),
    "taken_by_provider": small(way("psp", "work", "work", Role.PROVIDER)),
    "money_by_plugin": small(way("auto", "work", "done", Role.PLUGIN, actions=(Action.RELEASE,))),
    "holds_unsaid": small(holds=False),
    "never_held": small(states=(replace(TO_FUND, end=True),), ways=()),
    "work_before_money": small(states=(replace(TO_FUND, owner=F), WORK, DONE),
                               ways=(replace(FUND, also=(F,)), RELEASE, LAPSE, NOTE)),
    "timer_unclear": small(ways=(FUND, RELEASE, replace(LAPSE, timer_days=None), NOTE)),
    "timer_asks": small(ways=(FUND, RELEASE, replace(LAPSE, asks=("note",)), NOTE)),
    "reminder_too_early": small(ways=(FUND, RELEASE, replace(LAPSE, remind_days=(9,)), NOTE)),
    "timer_with_needs": small(ways=(FUND, RELEASE, replace(LAPSE, needs=("x.y",)), NOTE)),
    "two_timers": small(replace(LAPSE, name="second", timer_days=3)),
    "no_deadline": small(states=(replace(TO_FUND, deadline_days=None), WORK, DONE)),
    "no_next_action": small(states=(TO_FUND, replace(WORK, next=" "), DONE)),
    "owner_cannot_act": small(ways=(FUND, RELEASE, LAPSE)),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "process"), BAD.items(), ids=BAD)
def test_the_checker_refuses(rule, process):
    assert rule in {r.rule for r in check(process, ("x.y",))}


def test_every_rule_of_the_checker_has_a_bad_process():
    from pathlib import Path
    from re import findall

    from marketwright.features.contracts import checker

    assert set(findall(r'Refusal\(\s*"([a-z_]+)"', Path(checker.__file__).read_text("utf-8"))) == set(BAD)


def test_a_way_out_that_waits_for_a_condition_is_none():
    decide = way("decide", "work", "done", OP, actions=(Action.REFUND,), needs=("x.y",))
    process = small(decide, ways=(FUND, RELEASE, NOTE))
    assert "hold_without_way_out" in {r.rule for r in check(process, ("x.y",))}


def test_an_operator_who_can_end_the_hold_is_a_way_out():
    process = small(way("decide", "work", "done", OP, actions=(Action.REFUND,)), ways=(FUND, RELEASE, NOTE, OVER))
    assert check(process) == ()


def test_releasing_what_was_released_is_the_wrong_hold():
    twice = replace(DONE, name="paid", end=False, next="Pay", deadline_days=3)
    process = small(
        way("pay", "work", "paid", actions=(Action.RELEASE,)), way("again", "paid", "done", actions=(Action.RELEASE,)),
        states=(TO_FUND, WORK, DONE, twice),
    )  # fmt: skip
    assert ("action_in_wrong_hold", "again") in {(r.rule, r.where) for r in check(process)}


def test_a_refusal_names_its_place_and_says_what_to_mend():
    broken = replace(MILESTONES, transitions=tuple(t for t in MILESTONES.transitions if t.name != "fund"))
    assert any("work" in str(r) and "[unreachable_state]" in str(r) for r in check(broken))
