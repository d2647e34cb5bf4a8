"""Periods of a plan: from a day of the month to the same day, and what of one is left. Pure."""

from calendar import monthrange
from datetime import datetime

from marketwright.kernel.money import refund_share


def period_after(start: datetime, months: int, anchor: int) -> datetime:
    """The end of a period of ``months`` from ``start``: on day ``anchor``, or on the last day of a shorter month."""
    number = start.year * 12 + start.month - 1 + months
    year, month = divmod(number, 12)
    return start.replace(year=year, month=month + 1, day=min(anchor, monthrange(year, month + 1)[1]))


def unused(price: int, start: datetime, end: datetime, now: datetime) -> int:
    """What of ``price`` (minor units) the days from ``now`` to ``end`` stand for; a day begun counts as used."""
    whole = max(1, (end.date() - start.date()).days)
    left = max(0, min(whole, (end.date() - now.date()).days - 1))
    return refund_share(price, whole, left, 0)
