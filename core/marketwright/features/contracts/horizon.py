"""How far ahead work may be due: the provider holds money only so long, known before anybody signs (E12)."""

from marketwright.features.contracts.course import FORCED_DAYS
from marketwright.features.contracts.registry import with_review_days
from marketwright.features.contracts.standing import accepts
from marketwright.features.payments.queries import longest_hold
from marketwright.hooks.manager import Plugins
from marketwright.settings.marketplace import Marketplace
from marketwright.strategies.processes import Process


def silent_days(process: Process) -> int:
    """The days of silence after which work counts as accepted; the longest of several, 0 where silence never does."""
    return max((t.timer_days or 0 for t in process.transitions if t.timer_days and accepts(t)), default=0)


def longest_work(process: Process, plugins: Plugins, marketplace: Marketplace) -> int:
    """How many days the work of one milestone or period may take on ``process``; 0 where there is no limit.

    Of what the provider holds it for, the days to pay ahead, to look at the work and to decide are kept.
    """
    most = longest_hold(plugins, marketplace.deal.provider) if process.holds else 0
    if not most:
        return 0
    timed = with_review_days(process, marketplace.deal.review_days)
    return max(1, most - FORCED_DAYS - silent_days(timed) - process.ahead_days)
