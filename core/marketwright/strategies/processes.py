"""Processes: the course of a deal as data. States, transitions, actors, conditions, timers, typed money actions."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from marketwright.kernel.frozen import dataclass


class HoldState(StrEnum):
    """The fixed hold machine of payments, one a milestone or period."""

    NONE = "NONE"
    FUNDING = "FUNDING"
    FUNDED = "FUNDED"
    RELEASING = "RELEASING"
    REFUNDING = "REFUNDING"
    SPLITTING = "SPLITTING"
    SETTLED = "SETTLED"
    EXPIRED = "EXPIRED"


class Role(StrEnum):
    """Who may take a transition, or owns a state."""

    CLIENT = "client"
    FREELANCER = "freelancer"
    OPERATOR = "operator"
    TIMER = "timer"
    PROVIDER = "provider"
    PLUGIN = "plugin"  # takes transitions without money, through its desk


class Action(StrEnum):
    """What a transition does besides moving: a closed list."""

    HOLD = "hold"
    RELEASE = "release"
    REFUND = "refund"
    SPLIT = "split"
    BILL = "bill"
    PAID = "paid"  # what was billed counts as paid
    NOTIFY = "notify"


class Measure(StrEnum):
    """What a split or a bill comes to where nobody types an amount; the rest of what is held goes back."""

    WHOLE = ""  # everything
    DAYS = "days"  # the days of the timesheet, of those that the period may have
    UNDISPUTED = "undisputed"  # those of them that the client did not dispute
    OFFERED = "offered"  # what the freelancer offered to take instead
    SHARE = "share"  # the part that the transition names (``share_bps``)
    CANCELLATION = "cancellation"  # what the process's rules of cancellation leave the freelancer


class Judged(StrEnum):
    """Which judgement of a delivery takes a transition by itself."""

    NOT = ""  # none: people take it
    MET = "met"
    MISSED = "missed"


class Sale(StrEnum):
    """What a contract on a process is drawn up from."""

    PROPOSAL = "proposal"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class CancellationRule:
    """What cancelling paid-in work costs before it has begun: the first rule of a process that fits is the one.

    ``by`` is who cancels, ``notice_days`` how many days before the start at least, ``freelancer_bps`` the part of
    the price that the freelancer keeps all the same, in basis points; the rest goes back to the client.
    """

    by: Role
    notice_days: int
    freelancer_bps: int


@dataclass(frozen=True, slots=True)
class State:
    """One state of a milestone or period.

    ``owner`` is whose turn it is, ``next`` what they should do (a short sentence), ``hold`` the hold state that it
    stands on while nothing is pending, ``end`` marks a terminal state.

    A state's deadline is that of its timer (:attr:`Transition.timer_days`). One without a timer names its own:
    ``deadline_days`` after it was entered, or, with ``until_due``, the milestone's own due date where it has one.
    ``remind_days`` lists the days before that deadline at which the owner is reminded; negative ones come after it.
    ``after`` says what happens when nobody moves; ``done`` is what its station reads once it is over.
    """

    name: str
    label: str
    owner: Role
    next: str
    hold: HoldState = HoldState.NONE
    end: bool = False
    deadline_days: int | None = None
    until_due: bool = False
    remind_days: tuple[int, ...] = ()
    after: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from a state to another: who may take it, what it does, which conditions it needs.

    ``actor`` may take it, and the roles in ``also``. With a money action it is taken, stays pending while the hold
    moves, and arrives when the fact settles it; a definitive failure returns it to ``source``. ``asks`` names what
    the person gives: ``note``, ``files``, ``amount``, ``days`` (single days of a timesheet) or nothing.
    ``timer_days`` (for :attr:`Role.TIMER` alone) makes it taken by the clock so many days after the state was
    entered, or with ``after_due`` after the milestone's own date; ``remind_days`` lists the days before that at which
    the owner is reminded. ``did`` says in the past tense what happened once it was taken.

    ``measure`` says what a ``split`` or a ``bill`` comes to where nobody types it; with :attr:`Measure.SHARE` it is
    ``share_bps`` of the price, in basis points, and the agreement must say so. ``expiry`` marks what the clock
    takes two days before the provider may no longer hold the money: every state that holds money has one (E12).

    ``delivers`` names the deliverable that is handed over with it. ``judged`` makes a transition of
    :attr:`Role.PLUGIN` out of the state that a delivery leads to be taken with it, where its measure says so.

    ``unbegun`` lets it be taken only while the turn of the milestone has not come, ``overdue`` only once the deadline
    of its state has passed.
    """

    name: str
    label: str
    source: str
    target: str
    actor: Role
    actions: tuple[Action, ...] = ()
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    timer_days: int | None = None
    remind_days: tuple[int, ...] = ()
    danger: bool = False
    also: tuple[Role, ...] = ()
    did: str = ""
    measure: Measure = Measure.WHOLE
    after_due: bool = False
    expiry: bool = False
    delivers: str = ""
    judged: Judged = Judged.NOT
    share_bps: int = 0
    unbegun: bool = False
    overdue: bool = False

    @property
    def actors(self) -> tuple[Role, ...]:
        """Every role that may take it."""
        return (self.actor, *self.also)


@dataclass(frozen=True, slots=True)
class Process:
    """A course of a deal, versioned; contracts are pinned to the version they were signed on.

    ``holds`` says whether money is held; ``start`` is the state each milestone begins in; ``needs`` are conditions
    that every contract on it gets, as ``plugin.condition``: until they are met nothing leads on from ``start``.

    ``by_day`` makes its milestones periods with a timesheet: what each costs is the most that its days may come to.
    With ``ahead_days`` a period gets its turn so many days before it begins, whatever the one before it does.
    ``most_days`` of work a contract on it may have at most (0: any). ``sale`` is what contracts on it are drawn up
    from, ``extends_to`` the processes that one on it may go on in, and
    ``cancellation`` what cancelling costs before the work has begun.

    ``fits`` names fields of the mission and the values of each that the course is made for, as ``Condition.when``:
    proposals for such a mission are offered it first, proposals for others not at all; empty: it is for any mission.
    """

    name: str
    version: int
    label: str
    summary: str
    holds: bool
    start: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    needs: tuple[str, ...] = ()
    by_day: bool = False
    ahead_days: int = 0
    sale: Sale = Sale.PROPOSAL
    extends_to: tuple[str, ...] = ()
    most_days: int = 0
    cancellation: tuple[CancellationRule, ...] = ()
    fits: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, hash=False)

    def state(self, name: str) -> State:
        """The state ``name``; KeyError if there is none."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)

    def way(self, name: str) -> Transition:
        """The transition ``name``; KeyError if there is none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    @property
    def deliverables(self) -> tuple[str, ...]:
        """Names of what its transitions hand over, each once, in the author's order."""
        return tuple(dict.fromkeys(t.delivers for t in self.transitions if t.delivers))

    def ways_from(self, state: str) -> tuple[Transition, ...]:
        """Transitions that leave ``state``, in the author's order."""
        return tuple(t for t in self.transitions if t.source == state)
