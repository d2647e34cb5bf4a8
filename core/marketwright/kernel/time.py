"""Two clocks: business time, which a demo may move, and machine time, which nothing moves.

Deadlines and documents use business time; leases, backoff, limits and token lifetimes use machine time.
All instants are timezone-aware UTC.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What tells the time: ``business()`` for deals, ``machine()`` for leases and tokens; both aware UTC."""

    def business(self) -> datetime:
        """Now, for deals: machine time plus the stage's offset."""
        ...

    def machine(self) -> datetime:
        """Now, for machines."""
        ...


class SystemClock:
    """Both clocks from the machine; ``offset`` moves business time alone."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def business(self) -> datetime:
        """Machine time plus the offset."""
        return self.machine() + self.offset

    def machine(self) -> datetime:
        """The machine's UTC."""
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands until moved: for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def business(self) -> datetime:
        """The instant it stands at."""
        return self.at

    def machine(self) -> datetime:
        """The same instant."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Set the clock forward (or back) by ``by``."""
        self.at += by


def day_in(at: datetime, zone: str) -> date:
    """The day of ``at`` in the time zone ``zone``."""
    return at.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str) -> datetime:
    """The last minute of ``day`` in the time zone ``zone``, in UTC."""
    return datetime.combine(day, time(23, 59), ZoneInfo(zone)).astimezone(UTC)


def iso(at: datetime) -> str:
    """``2026-05-12T10:14:00Z``: UTC, seconds, for documents and exports."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
