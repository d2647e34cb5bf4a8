"""Held money by the days that are left, as bars: what Today and Finance show."""

from datetime import datetime

from marketwright.features.operator import figures
from marketwright.kernel.money import Money
from marketwright.web.house import house, reading
from marketwright.web.i18n import _


def held_ages(now: datetime) -> list[tuple[str, float, str, Money]]:
    """(days left in words, share of the largest sum, look of the bar, sum) in the marketplace's currency."""
    words = {0: _("no limit"), 7: _("under 7 days"), 15: _("7 to 15"), 30: _("15 to 30"), 60: _("30 to 60"),
             10_000: _("over 60 days")}  # fmt: skip
    rows = figures.held_by_age(reading(), now, house().marketplace.currency)
    most = max((m.amount for _d, m in rows), default=0) or 1
    looks = {7: "bad", 15: "warn"}
    return [(words[d], m.amount / most, looks.get(d, ""), m) for d, m in rows if m.amount or d in (7, 15, 30)]
