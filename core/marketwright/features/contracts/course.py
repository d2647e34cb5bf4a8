"""The engine over process data: what may be done where, when the clock acts, what moves the money. Pure.

A milestone stands in a state of its process. A transition with a money action is *taken* (the milestone stays where
it is, the transition is pending), and *arrives* or *returns* when the hold has moved; every other one arrives at once.
"""

from collections import deque
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from marketwright.kernel.errors import Conflict
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.conditions import Condition
from marketwright.strategies.processes import Action, HoldState, Judged, Process, Role, State, Transition

MONEY: dict[Action, tuple[HoldState, HoldState, HoldState]] = {
    Action.HOLD: (HoldState.NONE, HoldState.FUNDING, HoldState.FUNDED),
    Action.RELEASE: (HoldState.FUNDED, HoldState.RELEASING, HoldState.SETTLED),
    Action.REFUND: (HoldState.FUNDED, HoldState.REFUNDING, HoldState.SETTLED),
    Action.SPLIT: (HoldState.FUNDED, HoldState.SPLITTING, HoldState.SETTLED),
}  # the hold before, while pending, and after
FORCED_DAYS = 2  # so many days before a hold's time is over the clock decides (E12)
WARN_DAYS = (30, 15, 7)
RETRY = timedelta(days=1)  # a timer whose money move was refused tries again so much later
PEOPLE = (Role.CLIENT, Role.FREELANCER, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a milestone stands: its state, and the name of the pending transition or ''."""

    state: str
    pending: str = ""


def money_action(transition: Transition) -> Action | None:
    """The one action of ``transition`` that moves the hold, or ``None``."""
    return next((a for a in transition.actions if a in MONEY), None)


def timer_of(process: Process, state: str) -> Transition | None:
    """The transition that the clock takes from ``state`` at its deadline, or ``None``."""
    return next((t for t in process.ways_from(state) if t.actor is Role.TIMER and not t.expiry), None)


def expiry_of(process: Process, state: str) -> Transition | None:
    """What the clock takes from ``state`` when the provider may no longer hold the money (E12), or ``None``."""
    return next((t for t in process.ways_from(state) if t.expiry), None)


def ways(process: Process, place: Place, role: Role) -> tuple[Transition, ...]:
    """What ``role`` may take from ``place``, in the author's order; nothing while a transition is pending."""
    if place.pending:
        return ()
    return tuple(t for t in process.ways_from(place.state) if role in t.actors)


def choose(process: Process, place: Place, name: str, role: Role) -> Transition:
    """The transition ``name`` if ``role`` may take it from ``place``; else :class:`Conflict` with what may be (C1)."""
    allowed = ways(process, place, role)
    for transition in allowed:
        if transition.name == name:
            return transition
    message = (
        "This is already under way; please wait for the answer." if place.pending
        else "This has moved on in the meantime, so it can no longer be done."
    )  # fmt: skip
    raise Conflict(message, state=place.state, allowed=[t.name for t in allowed], code="C1")


def needs_of(process: Process, transition: Transition, conditions: Iterable[Condition] = ()) -> tuple[str, ...]:
    """Names of the conditions that must be met before ``transition``: its own, the process's, the marketplace's."""
    found = dict.fromkeys(transition.needs)
    if transition.source == process.start and not process.state(transition.target).end:
        found |= dict.fromkeys(process.needs)
    found |= {c.name: None for c in conditions if transition.name in c.before}
    return tuple(found)


def take(place: Place, transition: Transition) -> Place:
    """Where ``place`` is after ``transition`` is taken: pending with a money action, else arrived."""
    if money_action(transition):
        return Place(place.state, transition.name)
    return Place(transition.target)


def settle(process: Process, place: Place, *, confirmed: bool) -> Place:
    """Where ``place`` is once its pending money has moved (``confirmed``) or was refused for good."""
    if not place.pending:
        return place
    return Place(process.way(place.pending).target) if confirmed else Place(place.state)


def deadline(
    process: Process, state: str, entered: datetime, due: date | None = None, zone: tzinfo = UTC
) -> datetime | None:
    """Until when the owner of ``state`` has; at a timer's deadline the clock acts. ``None`` for an end state.

    ``due`` is the milestone's own date: the end of that day in ``zone``, and never before the state was entered.
    """
    found = process.state(state)
    timer = timer_of(process, state)
    if found.end:
        return None
    over = max(datetime.combine(due, time(23, 59, 59), zone).astimezone(UTC), entered) if due is not None else entered
    if timer is not None and timer.timer_days is not None:
        return (over if timer.after_due else entered) + timedelta(days=timer.timer_days)
    if found.until_due and due is not None:
        return over
    return entered + timedelta(days=found.deadline_days) if found.deadline_days is not None else None


def day(text: object) -> date | None:
    """The date that a line of a proposal names in ISO form, or ``None``."""
    return date.fromisoformat(str(text)) if text else None


def reminder_days(process: Process, state: str) -> tuple[int, ...]:
    """Days before the deadline of ``state`` (negative: after it) at which its owner is reminded, the furthest first."""
    timer = timer_of(process, state)
    days = timer.remind_days if timer is not None else process.state(state).remind_days
    return tuple(sorted(days, reverse=True))


def next_reminder(process: Process, state: str, until: datetime, now: datetime) -> datetime | None:
    """When the owner of ``state`` is to be reminded next, after ``now``; ``None`` when no reminder is left."""
    moments = (until - timedelta(days=days) for days in reminder_days(process, state))
    return min((at for at in moments if at > now), default=None)


def reminder_due(process: Process, state: str, until: datetime, now: datetime) -> int | None:
    """The days (before ``until``; negative: after) of the one reminder to send now: the nearest whose day has come.

    After a long sleep one is sent and not all of them (C7); none once a timer's deadline has come.
    """
    if timer_of(process, state) is not None and now >= until:
        return None
    come = [days for days in reminder_days(process, state) if now >= until - timedelta(days=days)]
    return min(come, default=None)


def turn(process: Process, place: Place) -> Role:
    """Whose turn it is: the provider's while money moves, else the state's owner."""
    return Role.PROVIDER if place.pending else process.state(place.state).owner


def happy_path(process: Process) -> tuple[str, ...]:
    """The states of the shortest way from the start to an end that nobody regrets and people take: the stations."""
    todo: deque[tuple[str, ...]] = deque([(process.start,)])
    seen = {process.start}
    while todo:
        path = todo.popleft()
        if process.state(path[-1]).end:
            return path
        for transition in process.ways_from(path[-1]):
            regretted = transition.danger or transition.judged is Judged.MISSED
            if regretted or transition.actor is Role.TIMER or transition.target in seen:
                continue
            seen.add(transition.target)
            todo.append((*path, transition.target))
    return (process.start,)


def by_silence(process: Process, state: str) -> State | None:
    """The state that silence leads to from ``state``, or ``None`` when nothing happens by itself."""
    timer = timer_of(process, state)
    return process.state(timer.target) if timer is not None else None
