"""A process walked on a fake clock: every state, ledger entry, document and mail, without a database. Pure.

Two ready walks: ``together`` (each side does its part), ``silence`` (whoever can be waited for stays silent); or a
script of transition names, in which ``wait`` lets the clock act and ``run_out`` the provider's limit come.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Any

from marketwright.features.contracts import course
from marketwright.features.contracts.worth import WHOLE_BPS, portion, rule_for
from marketwright.features.payments.amounts import Amounts, Cut, refund_cut, release_cut, split_cut
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.processes import Action, CancellationRule, Judged, Measure, Process, Role, Transition

LONGEST = 60  # steps of one walk
WORKDAY = timedelta(days=2)  # how long people take in a simulation
AHEAD, PERIOD = timedelta(days=10), timedelta(days=30)  # a simulated piece of work begins, and how long it takes
HOLD_DAYS = 90  # what the simulated provider holds money for
WORKED, DISPUTED, CAP = 15, 2, 20  # days of the simulated period: worked, disputed of them, at most
OFFERED_BPS = 3000  # what the simulated freelancer offers back


@dataclass(frozen=True, slots=True)
class Sums:
    """What the simulated milestone costs, minor units."""

    work: int
    work_tax: int = 0
    client_fee: int = 0
    client_fee_tax: int = 0
    freelancer_fee: int = 0
    freelancer_fee_tax: int = 0

    @property
    def amounts(self) -> Amounts:
        """The same, as payments count them."""
        return Amounts("EUR", self.work, self.work_tax, self.client_fee, self.client_fee_tax, self.freelancer_fee,
                       self.freelancer_fee_tax)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One moment: what was done by whom, where the milestone and its hold then stand, and what that leaves behind.

    ``entries`` are (account, minor units, debit above zero) and sum to zero; ``mails`` are (to whom, about what).
    """

    at: datetime
    role: str
    what: str
    state: str
    hold: str
    entries: tuple[tuple[str, int], ...] = ()
    documents: tuple[str, ...] = ()
    mails: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Walk:
    process: Process
    sums: Sums
    clock: FrozenClock
    place: course.Place
    entered: datetime
    starts: date
    due: date
    hold_until: datetime | None = None
    marked: bool = False  # the step before this state marked single days
    contested: bool = False  # the client asked for a decision about all of them
    warned: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def note(self, role: str, what: str, **left: Any) -> None:
        """Write down this moment; ``left`` is what it leaves behind, as :class:`Step` names it."""
        state = self.process.state(self.place.state)
        pending = self.process.way(self.place.pending) if self.place.pending else None
        action = course.money_action(pending) if pending else None
        hold = course.MONEY[action][1] if action else state.hold
        self.steps.append(Step(self.clock.at, role, what, state.name, str(hold), **left))

    def go(self, transition: Transition, role: Role) -> None:
        """Take ``transition`` and, where money moves, let the provider confirm it an hour later."""
        rule = self._rule(transition, role)
        self.place = course.take(self.place, transition)
        documents = ("bill",) if Action.BILL in transition.actions else ()
        if not self.place.pending:
            marks = "days" in transition.asks
            self.marked, self.contested = marks, role is Role.CLIENT and not marks and not self.marked
            self._arrive(transition, str(role), transition.label, documents=documents)
            return
        self.note(str(role), transition.label)
        self.clock.move(timedelta(hours=1))
        self.place = course.settle(self.process, self.place, confirmed=True)
        action = course.money_action(transition)
        if action is Action.HOLD:
            self.hold_until = self.clock.at + timedelta(days=HOLD_DAYS)
        self._arrive(transition, str(Role.PROVIDER), f"{action} confirmed",
                     entries=entries(action, self.sums, self._kept(transition, rule)))  # fmt: skip

    def _kept(self, transition: Transition, rule: CancellationRule | None) -> Amounts:
        contested = self.contested and transition.measure is Measure.UNDISPUTED
        return portion(self.sums.amounts, 0, 1) if contested else part_of(transition, self.sums, rule)

    def _rule(self, transition: Transition, role: Role) -> CancellationRule | None:
        """The rule of this day where ``transition`` calls the work off; ``Conflict`` where none lets ``role`` do so."""
        if transition.measure is not Measure.CANCELLATION:
            return None
        rule = rule_for(self.process, role, self.starts, self.clock.at.date())
        if rule is None:
            raise Conflict("The work has begun, so it can no longer be called off; ask for a decision instead.",
                           state=self.place.state)  # fmt: skip
        return rule

    def _arrive(self, transition: Transition, role: str, what: str, *, entries: tuple[tuple[str, int], ...] = (),
                documents: tuple[str, ...] = ()) -> None:  # fmt: skip
        state = self.process.state(transition.target)
        self.entered, self.sent = self.clock.at, []
        mails = (("both", state.label),) if state.end else ((str(state.owner), state.next),)
        self.note(role, what, entries=entries, documents=documents, mails=mails)

    def work_days(self) -> None:
        """Let the period come to its end, with the days of the simulation worked."""
        over = datetime.combine(self.due + timedelta(days=1), self.clock.at.timetz())
        self.clock.at = max(self.clock.at, over)
        self.note(str(Role.FREELANCER), f"{WORKED} of {CAP} days worked")

    def wait(self) -> None:
        """Let time pass until the timer of this state acts, with its reminders on the way."""
        timer = course.timer_of(self.process, self.place.state)
        until = course.deadline(self.process, self.place.state, self.entered, self.due)
        if timer is None or until is None:
            raise InvalidInput("Nothing happens by itself in the state %(state)s.", state=self.place.state)
        for days in course.reminder_days(self.process, self.place.state):
            self.clock.at = until - timedelta(days=days)
            owner = str(self.process.state(self.place.state).owner)
            self.note(str(Role.TIMER), f"reminder, {_left(days)}", mails=((owner, "reminder"),))
        self.clock.at = until
        self.go(timer, Role.TIMER)


    def run_out(self) -> None:
        """Let time pass until the provider may hold the money no longer: three warnings, then the clock decides."""
        way = course.expiry_of(self.process, self.place.state)
        if way is None or self.hold_until is None:
            raise InvalidInput("No money is held in the state %(state)s.", state=self.place.state)
        for days in course.WARN_DAYS:
            self.clock.at = max(self.clock.at, self.hold_until - timedelta(days=days))
            self.note(str(Role.TIMER), f"the money can be held for {days} days more",
                      mails=(("both", "the end of the hold"), ("staff", "the end of the hold")))  # fmt: skip
        self.clock.at = max(self.clock.at, self.hold_until - timedelta(days=course.FORCED_DAYS))
        self.go(way, Role.TIMER)


def _left(days: int) -> str:
    unit = "day" if abs(days) == 1 else "days"
    return f"{days} {unit} left" if days >= 0 else f"{-days} {unit} late"


def part_of(way: Transition, sums: Sums, rule: CancellationRule | None = None) -> Amounts:
    """What the freelancer keeps by the measure of ``way``: for the days and the offer of the simulation, by ``rule``.
    """
    whole = sums.amounts
    match way.measure:
        case Measure.DAYS:
            return portion(whole, WORKED, CAP)
        case Measure.UNDISPUTED:
            return portion(whole, WORKED - DISPUTED, CAP)
        case Measure.OFFERED:
            return portion(whole, 10_000 - OFFERED_BPS, 10_000)
        case Measure.SHARE:
            return portion(whole, way.share_bps, 10_000)
        case Measure.CANCELLATION:
            return portion(whole, rule.freelancer_bps if rule is not None else 0, WHOLE_BPS)
    return portion(whole, 1, 2) if Action.SPLIT in way.actions else whole


def entries(action: Action | None, sums: Sums, part: Amounts) -> tuple[tuple[str, int], ...]:
    """The ledger entry of a confirmed money action, debits above zero; a split leaves ``part`` to the freelancer."""
    whole = sums.amounts
    match action:
        case Action.HOLD:
            return _legs(("psp_clearing", whole.client_pays), ("hold", -whole.client_pays))
        case Action.RELEASE:
            return _left_hold(release_cut(whole))
        case Action.REFUND:
            return _left_hold(refund_cut(whole))
        case Action.SPLIT:
            back = whole.client_pays - part.client_pays
            if 0 < back < whole.client_pays:
                return _left_hold(split_cut(whole, back))
            return _left_hold(release_cut(whole) if back <= 0 else refund_cut(whole))
        case _:
            return ()


def _left_hold(cut: Cut) -> tuple[tuple[str, int], ...]:
    return _legs(("hold", cut.whole), ("payable", -cut.paid), ("revenue", -cut.fees),
                 ("vat_collected", -cut.fee_taxes), ("psp_clearing", -cut.refunded))  # fmt: skip


def _legs(*legs: tuple[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(leg for leg in legs if leg[1])


def shortest(process: Process, state: str, *, patient: bool) -> Transition | None:
    """The first step of the shortest way from ``state`` to an end that nobody regrets; ``patient`` waits if it can."""
    timer = course.timer_of(process, state)
    if patient and timer is not None:
        return timer
    todo: deque[tuple[str, Transition | None]] = deque([(state, None)])
    seen = {state}
    while todo:
        name, first = todo.popleft()
        if process.state(name).end:
            return first
        for transition in process.ways_from(name):
            regretted = transition.danger or transition.judged is Judged.MISSED
            if regretted or transition.actor is Role.TIMER or transition.target in seen:
                continue
            seen.add(transition.target)
            todo.append((transition.target, first or transition))
    return None


def simulate(
    process: Process, *, at: datetime, sums: Sums, walk: str = "together", script: Sequence[str] = ()
) -> tuple[Step, ...]:
    """Walk ``process`` from its start; raises ``InvalidInput`` or ``Conflict`` for a script that cannot be."""
    starts, due = (at + AHEAD).date(), (at + AHEAD + PERIOD).date()
    found = _Walk(process, sums, FrozenClock(at), course.Place(process.start), at, starts, due)
    first = process.state(process.start)
    found.note("both", "contract signed", documents=("agreement",), mails=((str(first.owner), first.next),))
    for word in script:
        _play(found, word)
    while not script and not process.state(found.place.state).end and len(found.steps) < LONGEST:
        chosen = shortest(process, found.place.state, patient=walk == "silence")
        if chosen is None:
            break
        _play(found, "wait" if chosen.actor is Role.TIMER else chosen.name)
    return tuple(found.steps)


def _play(found: _Walk, word: str) -> None:
    if word in ("wait", "run_out"):
        (found.wait if word == "wait" else found.run_out)()
        return
    try:
        role = found.process.way(word).actor
    except KeyError:
        known = ", ".join(t.name for t in found.process.transitions)
        raise InvalidInput("There is no transition %(name)s; there are: %(known)s.", name=word, known=known) from None
    here = found.process.ways_from(found.place.state)
    if word not in {t.name for t in here}:
        raise InvalidInput(
            "%(name)s cannot be taken in the state %(state)s; there: %(known)s.", name=word, state=found.place.state,
            known=", ".join(t.name for t in here) or "–",
        )  # fmt: skip
    found.clock.move(WORKDAY)
    if found.process.way(word).overdue:
        until = course.deadline(found.process, found.place.state, found.entered, found.due)
        found.clock.at = max(found.clock.at, until or found.clock.at)
    if "sheet" in found.process.way(word).asks:
        found.work_days()
    found.go(course.choose(found.process, found.place, word, role), role)
