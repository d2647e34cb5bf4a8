"""Work by the day, period by period: days spread over months or weeks, and what such an offer must say. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from marketwright.features.proposals.offers import Offer, OfferLine, days_line, whole_or_half
from marketwright.kernel.money import prorate
from marketwright.kernel.text import Text, say

EVERY = ("month", "week")


def parts(first: date, last: date, every: str = "month") -> list[tuple[date, date]]:
    """The months (or weeks, Monday to Sunday) that ``first`` to ``last`` touches, cut at both ends."""
    found = []
    while first <= last:
        if every == "week":
            end = first + timedelta(days=6 - first.weekday())
        else:
            end = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        found.append((first, min(end, last)))
        first = end + timedelta(days=1)
    return found


def spread(offer: Offer, every: str, name: Callable[[OfferLine, date, date], str]) -> Offer:
    """``offer`` with each line by the day cut into periods; its days go where the working days are (L13).

    ``name`` titles a period of a line that was cut. Lines without what it takes are left for :func:`wrong_with`.
    """
    found: list[OfferLine] = []
    first = offer.start_on
    for line in offer.lines:
        if first is None or line.due is None or line.half_days is None or line.rate is None or line.due < first:
            found.append(line)
        else:
            found.extend(_cut(line, parts(first, line.due, every), line.rate, name))
        first = line.due + timedelta(days=1) if line.due else None
    return replace(offer, lines=tuple(found))


def _cut(
    line: OfferLine, periods: Sequence[tuple[date, date]], rate: int, name: Callable[[OfferLine, date, date], str]
) -> list[OfferLine]:
    if len(periods) == 1:
        return [line]
    weights = [working_days(first, last) for first, last in periods]
    shares = prorate(line.half_days or 0, weights if sum(weights) else [1] * len(periods))
    return [
        days_line(name(line, first, last), whole_or_half(share) or 0, rate, last, line.detail)
        for (first, last), share in zip(periods, shares, strict=True) if share
    ]  # fmt: skip


def working_days(first: date, last: date) -> int:
    """Mondays to Fridays from ``first`` to ``last``; holidays are nobody's here."""
    return sum((first + timedelta(days=n)).weekday() < 5 for n in range((last - first).days + 1))


def wrong_with(offer: Offer) -> dict[str, list[Text]]:
    """What an offer by the day lacks, by field: a start, and for each line days, a price a day and an end."""
    wrong: dict[str, list[Text]] = {}
    if offer.start_on is None:
        wrong["start_on"] = [say("Work by the day needs a start.")]
    first = offer.start_on
    for i, line in enumerate(offer.lines):
        if line.half_days is None or line.rate is None:
            wrong[f"lines-{i}-days"] = [say("Work by the day needs days and a price a day.")]
        if line.due is None:
            wrong[f"lines-{i}-due"] = [say("Say until when these days may be worked.")]
        elif first is not None and line.due < first:
            wrong[f"lines-{i}-due"] = [say("This lies before the period begins.")]
        elif first is not None and line.half_days and line.half_days > 2 * ((line.due - first).days + 1):
            wrong[f"lines-{i}-days"] = [say("These are more days than the period has.")]
        first = line.due + timedelta(days=1) if line.due else first
    return wrong
