"""How far ahead work may be due: the provider holds money only so long, known before anybody signs (E12)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from marketwright.features.contracts.course import FORCED_DAYS
from marketwright.features.contracts.standing import accepts
from marketwright.features.contracts.tables import Milestone
from marketwright.features.payments.queries import longest_hold, payment_bounds
from marketwright.features.proposals.ports import CourseChoice
from marketwright.hooks.manager import Plugins
from marketwright.settings.marketplace import Marketplace
from marketwright.strategies.processes import Process

UNDATED = 10  # days before its start that work can be paid in whose end nobody named


class Dated(Protocol):
    """The days of a milestone."""

    @property
    def starts_on(self) -> date | None:
        """When the work on it begins, where that was agreed."""

    @property
    def due_on(self) -> date | None:
        """When it is to be handed over, where that was agreed."""


def silent_days(process: Process) -> int:
    """The days of silence after which work counts as accepted; the longest of several, 0 where silence never does."""
    return max((t.timer_days or 0 for t in process.transitions if t.timer_days and accepts(t)), default=0)


class Horizon:
    """What providers allow of a deal: how far ahead work may be due, how much comes in at once. Asked at the start."""

    def __init__(self, marketplace: Marketplace, plugins: Plugins) -> None:
        self._marketplace = marketplace
        self._held = {name: longest_hold(plugins, name) for name in plugins.payment_providers}
        self._bounds = {name: payment_bounds(plugins, name) for name in plugins.payment_providers}

    def longest(self, process: Process, provider: str = "") -> int:
        """How many days the work of one milestone or period may take on ``process``; 0 where there is no limit.

        Of what the provider (the marketplace's own unless named) holds it for, the days to pay ahead, to look at the
        work and to decide are kept, as ``process`` names them: give one for new contracts with the settings in it.
        """
        most = self._held.get(provider or self._marketplace.deal.provider, 0) if process.holds else 0
        return max(1, most - FORCED_DAYS - silent_days(process) - process.ahead_days) if most else 0

    def choice(self, process: Process, provider: str = "") -> CourseChoice:
        """``process`` as proposals know it, with what the provider (the marketplace's own unless named) allows."""
        named = provider or self._marketplace.deal.provider
        least, most = self._bounds.get(named, (0, 0)) if process.holds else (0, 0)
        return CourseChoice(
            process.name, process.label, process.summary, process.holds, by_day=process.by_day,
            most_days=process.most_days, longest=self.longest(process, provider), least=least, most=most,
            deliverables=process.deliverables, fits=process.fits,
        )  # fmt: skip

    def opens_at(self, process: Process, part: Dated, provider: str = "") -> datetime | None:
        """From when on the turn of ``part`` may come, and its money with it; ``None``: at any time (E12)."""
        day = first_day(process, part, self.longest(process, provider))
        zone = ZoneInfo(self._marketplace.time_zone)
        return datetime.combine(day, time(0), zone).astimezone(UTC) if day is not None else None


def first_day(process: Process, part: Dated, longest: int) -> date | None:
    """The first day on which ``part`` may be paid in, or begin where nothing is; ``None`` where any day will do.

    With ``ahead_days`` so many before it begins. Where the work may take ``longest`` days at most, not before the days
    from the payment to its due date fit into them and those ahead.
    """
    found: list[date] = []
    if process.ahead_days and part.starts_on is not None:
        found.append(part.starts_on - timedelta(days=process.ahead_days))
    if longest and part.due_on is not None:
        found.append(part.due_on - timedelta(days=longest + process.ahead_days - 1))
    elif longest and part.starts_on is not None:
        found.append(part.starts_on - timedelta(days=UNDATED))
    return max(found, default=None)


def late_milestones(rows: Iterable[Milestone], start: date | None, today: date, longest: int) -> dict[int, int]:
    """Milestones whose work takes more than ``longest`` days from the day that they can be paid in, by number."""
    found: dict[int, int] = {}
    first = max(start, today) if start else today
    for row in rows:
        if row.within_days and longest and row.within_days > longest:
            found[row.number] = row.within_days
        if row.due_on is None:
            continue
        span = (row.due_on - first).days + 1
        if longest and span > longest:
            found[row.number] = span
        first = max(first, row.due_on + timedelta(days=1))
    return found
