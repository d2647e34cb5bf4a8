"""The check of a process at start: walks state x hold and refuses what could strand money, or a deal. Pure.

Each refusal names its rule; docs list them, and each has a bad process that triggers it under test.
"""

from collections.abc import Callable, Iterable, Iterator

from marketwright.features.contracts.course import MONEY, money_action
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.processes import Action, HoldState, Judged, Measure, Process, Role, Transition

ASKS = frozenset({"note", "files", "amount", "sheet", "days"})
BY_THEMSELVES = (Role.TIMER, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing wrong: ``rule`` is stable, ``where`` the state or transition, ``text`` says what and how to mend."""

    rule: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text} [{self.rule}]"


def check(
    process: Process, conditions: Iterable[str] = (), deliverables: Iterable[str] = ()
) -> tuple[Refusal, ...]:
    """Everything wrong with ``process``; the names are those that plugins brought. Empty means sound."""
    known = frozenset(conditions)
    names = tuple(_names(process))
    if names:
        return names  # what follows walks the graph, which needs whole names
    found: list[Refusal] = [*_conditions(process, known), *_deliverables(process, frozenset(deliverables))]
    for rule in _RULES:
        found.extend(rule(process))
    return tuple(found)


def _names(process: Process) -> Iterator[Refusal]:
    states = [s.name for s in process.states]
    ways = [t.name for t in process.transitions]
    for name in sorted({n for n in states if states.count(n) > 1} | {n for n in ways if ways.count(n) > 1}):
        yield Refusal("doubled_name", name, "this name stands twice; a state or transition is found by its name.")
    if process.start not in states:
        yield Refusal("unknown_state", "start", f"there is no state {process.start!r}.")
    for transition in process.transitions:
        for end in (transition.source, transition.target):
            if end not in states:
                yield Refusal("unknown_state", transition.name, f"there is no state {end!r}.")


def _conditions(process: Process, known: frozenset[str]) -> Iterator[Refusal]:
    wanted = [("needs", n) for n in process.needs] + [(t.name, n) for t in process.transitions for n in t.needs]
    for where, name in wanted:
        if name not in known:
            yield Refusal("unknown_condition", where, f"no enabled plugin brings the condition {name!r}.")


def _deliverables(process: Process, known: frozenset[str]) -> Iterator[Refusal]:
    for transition in process.transitions:
        if not transition.delivers:
            continue
        if transition.delivers not in known:
            text = f"no enabled plugin brings the deliverable {transition.delivers!r}."
            yield Refusal("unknown_deliverable", transition.name, text)
        if set(transition.actors) - {Role.CLIENT, Role.FREELANCER}:
            yield Refusal("delivered_by_nobody", transition.name, "one of the two sides hands over, nobody else.")
        if money_action(transition):
            text = "it hands over and moves money; let what is handed over be looked at first."
            yield Refusal("delivers_with_money", transition.name, text)


def _judged(process: Process) -> Iterator[Refusal]:
    """What a judgement takes by itself starts where a delivery leads to, and is one way a judgement."""
    led_to = {t.target for t in process.transitions if t.delivers}
    for transition in process.transitions:
        if transition.judged and transition.actors != (Role.PLUGIN,):
            yield Refusal("judged_by_people", transition.name, "a judgement takes it alone: its actor is the plugin.")
        if transition.judged and (transition.source not in led_to or transition.asks or transition.delivers):
            yield Refusal("judged_nothing", transition.name, "it starts where nothing was handed over, or it asks.")
    for state in process.states:
        for verdict in (Judged.MET, Judged.MISSED):
            if sum(t.judged is verdict for t in process.ways_from(state.name)) > 1:
                yield Refusal("two_judged", state.name, f"two ways are taken when it is {verdict}; keep one.")


def _unreachable(process: Process) -> Iterator[Refusal]:
    reached = _reach(process, process.start, lambda _t: True)
    for state in process.states:
        if state.name not in reached:
            yield Refusal("unreachable_state", state.name, "no way leads here from the start.")


def _ends(process: Process) -> Iterator[Refusal]:
    for state in process.states:
        ways = process.ways_from(state.name)
        if state.end and ways:
            yield Refusal("end_with_ways", state.name, f"it is an end, yet {ways[0].name!r} leaves it (C3).")
        if not state.end and not ways:
            yield Refusal("dead_end", state.name, "nothing leaves it and it is not an end.")
        if state.end and state.hold not in (HoldState.NONE, HoldState.SETTLED):
            yield Refusal("money_stranded", state.name, f"it is an end that stands on a hold in {state.hold} (E2).")
    ends = {s.name for s in process.states if s.end}
    for state in process.states:
        if not state.end and process.ways_from(state.name) and not ends & _reach(process, state.name, lambda _t: True):
            yield Refusal("no_way_to_an_end", state.name, "whatever is done, a deal here never ends.")


def _walk(process: Process) -> Iterator[Refusal]:
    """Walk the pairs (state, hold) from the start, as a deal would."""
    seen: set[tuple[str, HoldState]] = set()
    told: set[tuple[str, str]] = set()
    todo = [(process.start, HoldState.NONE)]
    while todo:
        name, hold = todo.pop()
        if (name, hold) in seen:
            continue
        seen.add((name, hold))
        if process.state(name).hold is not hold and ("hold_elsewhere", name) not in told:
            told.add(("hold_elsewhere", name))
            says = process.state(name).hold
            yield Refusal("hold_elsewhere", name, f"it says its hold is {says}, and a deal gets here with {hold}.")
        for transition in process.ways_from(name):
            action = money_action(transition)
            if action is None:
                todo.append((transition.target, hold))
                continue
            before, _pending, after = MONEY[action]
            if hold is before:
                todo.append((transition.target, after))
            elif ("action_in_wrong_hold", transition.name) not in told:
                told.add(("action_in_wrong_hold", transition.name))
                text = f"{action} needs a hold in {before}, and a deal gets here with {hold}."
                yield Refusal("action_in_wrong_hold", transition.name, text)


def _ways_out(process: Process) -> Iterator[Refusal]:
    """A hold that neither a timer nor the operator can end: people may vanish, money may not."""
    settled = {s.name for s in process.states if s.hold is HoldState.SETTLED}
    for state in process.states:
        if state.hold is not HoldState.FUNDED or state.end:
            continue
        if not settled & _reach(process, state.name, _needs_nobody):
            yield Refusal(
                "hold_without_way_out", state.name,
                "no timer and no operator can end the hold from here (without a condition that may stay unmet).",
            )  # fmt: skip


def _needs_nobody(transition: Transition) -> bool:
    return not transition.needs and not transition.expiry and any(role in BY_THEMSELVES for role in transition.actors)


def _actions(process: Process) -> Iterator[Refusal]:
    for transition in process.transitions:
        money = [a for a in transition.actions if a in MONEY]
        if len(money) > 1 or len(set(transition.actions)) != len(transition.actions):
            yield Refusal("two_money_actions", transition.name, "it moves the hold twice; make two transitions of it.")
        if Action.BILL in transition.actions and (money or process.state(transition.source).hold is not HoldState.NONE):
            yield Refusal("bill_with_hold", transition.name, "it bills what the hold already pays.")
        if Action.PAID in transition.actions and not any(Action.BILL in t.actions for t in process.transitions):
            yield Refusal("paid_without_bill", transition.name, "it counts as paid what the process never bills.")
        if Action.RELEASE in money and Role.FREELANCER in transition.actors:
            yield Refusal("release_by_freelancer", transition.name, "the freelancer would pay themselves (E10).")
        if Action.REFUND in money and Role.CLIENT in transition.actors:
            yield Refusal("refund_by_client", transition.name, "the client would take funded money back alone (E10).")
        if set(transition.asks) - ASKS:
            yield Refusal("unknown_ask", transition.name, f"it asks for {sorted(set(transition.asks) - ASKS)[0]!r}.")
        if Role.PROVIDER in transition.actors:
            yield Refusal("taken_by_provider", transition.name, "a provider reports facts and takes no transition.")
        if Role.PLUGIN in transition.actors and money:
            yield Refusal("money_by_plugin", transition.name, "a plugin moves no money; let people or the clock do it.")


def _splits(process: Process) -> Iterator[Refusal]:
    for transition in process.transitions:
        if Action.SPLIT in transition.actions and not transition.measure and "amount" not in transition.asks:
            yield Refusal("split_without_amount", transition.name,
                          "a split asks for the `amount` of each side, or says its `measure`.")  # fmt: skip
        if Action.SPLIT in transition.actions and not transition.measure and transition.actors != (Role.OPERATOR,):
            yield Refusal("split_by_a_side", transition.name, "a split is a decision of the operator alone (E10).")
        if Action.SPLIT in transition.actions and Role.FREELANCER in transition.actors:
            yield Refusal("split_by_a_side", transition.name, "the freelancer would pay themselves (E10).")


def _measures(process: Process) -> Iterator[Refusal]:
    """What a measure counts must be there: days, an offer, rules."""
    offered = {t.target for t in process.transitions if "amount" in t.asks and not money_action(t)}
    for transition in process.transitions:
        measure = transition.measure
        if measure and not {Action.SPLIT, Action.BILL} & set(transition.actions):
            yield Refusal("measure_of_nothing", transition.name, "it measures what it neither splits nor bills.")
        if measure in (Measure.DAYS, Measure.UNDISPUTED) and not process.by_day:
            yield Refusal("measure_unknown", transition.name, "it counts days, and the process is not `by_day`.")
        if measure is Measure.OFFERED and transition.source not in offered:
            yield Refusal("measure_unknown", transition.name, "nothing was offered where it starts.")
        if measure is Measure.CANCELLATION and not process.cancellation:
            yield Refusal("measure_unknown", transition.name, "the process has no rules of `cancellation`.")
        if (measure is Measure.SHARE) != bool(transition.share_bps) or not 0 <= transition.share_bps < 10_000:
            yield Refusal("share_unclear", transition.name, "`measure` SHARE and `share_bps` (1 to 9999) go together.")
    for rule in process.cancellation:
        if not 0 <= rule.freelancer_bps <= 10_000 or rule.notice_days < 0:
            yield Refusal("rule_out_of_bounds", "cancellation", "a share is 0 to 10000, and days are not negative.")
    if process.by_day and not any("sheet" in t.asks for t in process.transitions):
        yield Refusal("no_timesheet", "by_day", "no transition asks for the `sheet`, so no day would ever count.")


def _expiries(process: Process) -> Iterator[Refusal]:
    """E12: what the clock does before the provider may no longer hold the money, in every state that holds some."""
    for transition in process.transitions:
        ends = {Action.RELEASE, Action.REFUND, Action.SPLIT} & set(transition.actions)
        if transition.expiry and (transition.actor is not Role.TIMER or not ends):
            yield Refusal("expiry_unclear", transition.name, "only the clock takes it, and it ends the hold.")
    for state in process.states:
        count = sum(t.expiry for t in process.ways_from(state.name))
        if state.hold is HoldState.FUNDED and not state.end and count == 0:
            yield Refusal("hold_runs_out", state.name,
                          "nothing happens when the provider may hold the money no longer; give it a way with "
                          "`expiry` (E12).")  # fmt: skip
        if count > 1:
            yield Refusal("two_timers", state.name, "two ways wait for the end of the hold; which one must be plain.")


def _holds(process: Process) -> Iterator[Refusal]:
    moves = [t for t in process.transitions if money_action(t)]
    if not process.holds:
        for transition in moves:
            yield Refusal("holds_unsaid", transition.name, "it moves a hold, and the process says it has none.")
        return
    if not any(money_action(t) is Action.HOLD for t in moves):
        yield Refusal("never_held", "holds", "the process says money is held, and nothing puts it there.")
    for state in process.states:
        if state.owner is Role.FREELANCER and state.hold is HoldState.NONE and not state.end:
            yield Refusal("work_before_money", state.name, "the freelancer would work before money is held (C6).")


def _timers(process: Process) -> Iterator[Refusal]:
    for transition in process.transitions:
        clock = transition.actor is Role.TIMER
        if transition.after_due and not clock:
            yield Refusal("timer_unclear", transition.name, "only the clock waits for the milestone's date.")
        if transition.expiry:
            if transition.timer_days is not None or transition.also or transition.asks or transition.needs:
                yield Refusal("timer_unclear", transition.name, "the end of the hold is its only clock.")
            continue
        if clock != (transition.timer_days is not None) or Role.TIMER in transition.also or (clock and transition.also):
            yield Refusal("timer_unclear", transition.name, "a timer has days, and only a timer; nobody shares it.")
        elif clock and (transition.timer_days or 0) < 1:
            yield Refusal("timer_unclear", transition.name, "a timer gives people one day at least.")
        if clock and transition.asks:
            yield Refusal("timer_asks", transition.name, "it asks a question, and the clock cannot answer.")
        if any(not 0 < d < (transition.timer_days or 0) for d in transition.remind_days):
            yield Refusal("reminder_too_early", transition.name, "a reminder lies before the state was entered.")
        if clock and transition.needs:
            yield Refusal("timer_with_needs", transition.name, "a condition could hold the clock up for ever.")
    for state in process.states:
        if sum(t.actor is Role.TIMER and not t.expiry for t in process.ways_from(state.name)) > 1:
            yield Refusal("two_timers", state.name, "two timers run here; which one acts must be plain.")


def _times(process: Process) -> Iterator[Refusal]:
    for transition in process.transitions:
        timed = any(t.actor is Role.TIMER and not t.expiry for t in process.ways_from(transition.source))
        if transition.unbegun and transition.source != process.start:
            yield Refusal("never_unbegun", transition.name, "it starts where the work has begun; it cannot be taken.")
        if transition.overdue and timed:
            yield Refusal("never_overdue", transition.name, "a timer acts at that deadline; nobody is ever late there.")


def _owners(process: Process) -> Iterator[Refusal]:
    for state in process.states:
        if state.end:
            continue
        timed = any(t.actor is Role.TIMER and not t.expiry for t in process.ways_from(state.name))
        if not timed and state.deadline_days is None:
            yield Refusal("no_deadline", state.name, "nobody knows until when; give it `deadline_days` (C8).")
        if not state.next.strip():
            yield Refusal("no_next_action", state.name, "nobody knows what to do; give it `next` (C8).")
        ways = [t for t in process.ways_from(state.name) if state.owner in t.actors]
        if not ways and process.ways_from(state.name):
            yield Refusal("owner_cannot_act", state.name, f"it is the {state.owner}'s turn, who may do nothing (C8).")


def _reach(process: Process, start: str, may: Callable[[Transition], bool]) -> set[str]:
    """States reached from ``start`` over transitions that ``may`` be used, with ``start`` itself."""
    reached, todo = {start}, [start]
    while todo:
        for transition in process.ways_from(todo.pop()):
            if may(transition) and transition.target not in reached:
                reached.add(transition.target)
                todo.append(transition.target)
    return reached


_RULES: tuple[Callable[[Process], Iterator[Refusal]], ...] = (
    _unreachable, _ends, _walk, _ways_out, _actions, _splits, _measures, _expiries, _holds, _timers, _times,
    _owners, _judged,
)  # fmt: skip
