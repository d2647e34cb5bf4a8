"""How far ahead work may be due: the provider holds money only so long, known before anybody signs (E12)."""

from collections.abc import Iterable
from datetime import date, timedelta

from marketwright.features.contracts.course import FORCED_DAYS
from marketwright.features.contracts.registry import with_review_days
from marketwright.features.contracts.standing import accepts
from marketwright.features.contracts.tables import Milestone
from marketwright.features.payments.queries import longest_hold
from marketwright.hooks.manager import Plugins
from marketwright.settings.marketplace import Marketplace
from marketwright.strategies.processes import Process


def silent_days(process: Process) -> int:
    """The days of silence after which work counts as accepted; the longest of several, 0 where silence never does."""
    return max((t.timer_days or 0 for t in process.transitions if t.timer_days and accepts(t)), default=0)


class Horizon:
    """How far ahead work may be due on this marketplace; providers are asked once, when it starts."""

    def __init__(self, marketplace: Marketplace, plugins: Plugins) -> None:
        self._marketplace = marketplace
        self._held = {name: longest_hold(plugins, name) for name in plugins.payment_providers}

    def longest(self, process: Process, provider: str = "") -> int:
        """How many days the work of one milestone or period may take on ``process``; 0 where there is no limit.

        Of what the provider (the marketplace's own unless named) holds it for, the days to pay ahead, to look at the
        work and to decide are kept.
        """
        most = self._held.get(provider or self._marketplace.deal.provider, 0) if process.holds else 0
        if not most:
            return 0
        timed = with_review_days(process, self._marketplace.deal.review_days)
        return max(1, most - FORCED_DAYS - silent_days(timed) - process.ahead_days)


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
