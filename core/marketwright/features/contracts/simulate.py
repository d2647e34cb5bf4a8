"""A process walked on a fake clock: every state, ledger entry, document and mail, without a database. Pure.

Two ready walks: ``together`` (each side does its part), ``silence`` (whoever can be waited for stays silent); or a
script of transition names, in which ``wait`` lets the clock act.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from marketwright.features.contracts import course
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.processes import Action, Process, Role, Transition

LONGEST = 60  # steps of one walk
WORKDAY = timedelta(days=2)  # how long people take in a simulation


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
    def gross(self) -> int:
        """What the client pays."""
        return self.work + self.work_tax + self.client_fee + self.client_fee_tax

    @property
    def fees(self) -> int:
        """Both fees."""
        return self.client_fee + self.freelancer_fee

    @property
    def fee_taxes(self) -> int:
        """The tax on both."""
        return self.client_fee_tax + self.freelancer_fee_tax


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
        self.place = course.take(self.place, transition)
        documents = ("bill",) if Action.BILL in transition.actions else ()
        if not self.place.pending:
            self._arrive(transition, str(role), transition.label, documents=documents)
            return
        self.note(str(role), transition.label)
        self.clock.move(timedelta(hours=1))
        self.place = course.settle(self.process, self.place, confirmed=True)
        action = course.money_action(transition)
        self._arrive(transition, str(Role.PROVIDER), f"{action} confirmed", entries=entries(action, self.sums))

    def _arrive(self, transition: Transition, role: str, what: str, *, entries: tuple[tuple[str, int], ...] = (),
                documents: tuple[str, ...] = ()) -> None:  # fmt: skip
        state = self.process.state(transition.target)
        self.entered, self.sent = self.clock.at, []
        mails = (("both", state.label),) if state.end else ((str(state.owner), state.next),)
        self.note(role, what, entries=entries, documents=documents, mails=mails)

    def wait(self) -> None:
        """Let time pass until the timer of this state acts, with its reminders on the way."""
        timer = course.timer_of(self.process, self.place.state)
        until = course.deadline(self.process, self.place.state, self.entered)
        if timer is None or until is None:
            raise InvalidInput("Nothing happens by itself in the state %(state)s.", state=self.place.state)
        for days in course.reminder_days(self.process, self.place.state):
            self.clock.at = until - timedelta(days=days)
            owner = str(self.process.state(self.place.state).owner)
            self.note(str(Role.TIMER), f"reminder, {_left(days)}", mails=((owner, "reminder"),))
        self.clock.at = until
        self.go(timer, Role.TIMER)


def _left(days: int) -> str:
    unit = "day" if abs(days) == 1 else "days"
    return f"{days} {unit} left" if days >= 0 else f"{-days} {unit} late"


def entries(action: Action | None, sums: Sums) -> tuple[tuple[str, int], ...]:
    """The ledger entry of a confirmed money action, debits above zero; the split simulated is half and half."""
    match action:
        case Action.HOLD:
            legs = [("psp_clearing", sums.gross), ("hold", -sums.gross)]
        case Action.REFUND:
            legs = [("hold", sums.gross), ("psp_clearing", -sums.gross)]
        case Action.RELEASE:
            net = sums.gross - sums.fees - sums.fee_taxes
            legs = [("hold", sums.gross), ("payable", -net)]
            legs += [("revenue", -sums.fees), ("vat_collected", -sums.fee_taxes)]
        case Action.SPLIT:
            back = sums.gross // 2
            legs = [("hold", sums.gross), ("psp_clearing", -back), ("payable, revenue, vat", back - sums.gross)]
        case _:
            legs = []
    return tuple((account, amount) for account, amount in legs if amount)


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
            if transition.danger or transition.actor is Role.TIMER or transition.target in seen:
                continue
            seen.add(transition.target)
            todo.append((transition.target, first or transition))
    return None


def simulate(
    process: Process, *, at: datetime, sums: Sums, walk: str = "together", script: Sequence[str] = ()
) -> tuple[Step, ...]:
    """Walk ``process`` from its start; raises ``InvalidInput`` or ``Conflict`` for a script that cannot be."""
    found = _Walk(process, sums, FrozenClock(at), course.Place(process.start), at)
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
    if word == "wait":
        found.wait()
        return
    try:
        role = found.process.way(word).actor
    except KeyError:
        known = ", ".join(t.name for t in found.process.transitions)
        raise InvalidInput("There is no transition %(name)s; there are: %(known)s.", name=word, known=known) from None
    found.clock.move(WORKDAY)
    found.go(course.choose(found.process, found.place, word, role), role)
