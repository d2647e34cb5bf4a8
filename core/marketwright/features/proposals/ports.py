"""What proposals must ask of the room above."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Protocol

from marketwright.kernel.errors import Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.store.unit import UnitOfWork


class Deals(Protocol):
    """What becomes of an accepted proposal; contracts answers."""

    def draw_up(self, uow: UnitOfWork, proposal_id: str) -> str:
        """Make the contract of an accepted proposal in the same commit; returns the contract's id."""
        ...


class NoDeals:
    """A marketplace without contracts: nothing can be accepted."""

    def draw_up(self, uow: UnitOfWork, proposal_id: str) -> str:  # noqa: ARG002
        """Refuse."""
        raise Unavailable("{Contract.other} are not set up on this marketplace, so nothing can be accepted yet.")


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A course of a deal that new proposals may choose: its name, what people read, whether money is held.

    ``by_day`` courses have periods with timesheets, ``most_days`` of work are the most (0: any). ``least`` and ``most``
    are what one payment may come to at the provider, minor units (0: any). ``longest`` is how many days the work of
    one line may take before the provider may hold its money no longer (E12), 0 where there is no limit.
    ``deliverables`` names what is handed over in it: part of that may be agreed on with the price. ``fits`` names
    fields of the mission and the values that it is made for; empty: any mission.
    """

    name: str
    label: str
    summary: str
    holds: bool
    by_day: bool = False
    most_days: int = 0
    longest: int = 0
    least: int = 0
    most: int = 0
    deliverables: tuple[str, ...] = ()
    fits: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


class Courses(Protocol):
    """The courses of deals on this marketplace; contracts answers."""

    def offered(self) -> Sequence[CourseChoice]:
        """Those that the settings offer, in their order; never empty."""
        ...


class NoCourses:
    """Names alone: the answer of a marketplace without contracts."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)

    def offered(self) -> Sequence[CourseChoice]:
        """Each name as its own label."""
        return tuple(CourseChoice(name, name, "", holds=False) for name in self._names)
