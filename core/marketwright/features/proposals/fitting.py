"""Whether an offer fits the course of the deal that it chose: its days, and what the provider can hold. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from marketwright.features.proposals.offers import Offer, OfferLine
from marketwright.features.proposals.periods import wrong_with
from marketwright.features.proposals.ports import CourseChoice
from marketwright.kernel.money import Money
from marketwright.kernel.text import Text, say
from marketwright.strategies.pricing import Quote

Wrong = dict[str, list[Text]]


def misfits(offer: Offer, quote: Quote, course: CourseChoice, today: date, *, before: int = 0) -> Wrong:
    """What about ``offer`` the course refuses, by field; empty where it fits.

    ``before`` are the half days agreed earlier, where it extends a deal.
    """
    wrong: Wrong = wrong_with(offer) if course.by_day else {}
    days = before + sum(line.half_days or 0 for line in offer.lines)
    if course.most_days and days > 2 * course.most_days:
        wrong.setdefault("lines-0-days", []).append(
            say("This course of a deal takes %(n)s days of work at most.", n=course.most_days)
        )
    for i, span in held_too_long(offer.lines, offer.start_on or today, course.longest).items():
        wrong.setdefault(f"lines-{i}-due", []).append(too_long(span, course.longest))
    if course.holds:
        _bounds(quote, course, wrong)
    return wrong


def _bounds(quote: Quote, course: CourseChoice, wrong: Wrong) -> None:
    """What the client pays in for one line lies within what the provider takes in one payment."""
    currency = quote.deal.currency
    for i in range(len(quote.deal.parts)):
        pays = quote.client_pays(part=i).amount
        if course.least and pays < course.least:
            text = say("The payment provider takes no payment under %(least)s; this line comes to %(pays)s.",
                       least=Money(course.least, currency), pays=Money(pays, currency))  # fmt: skip
        elif course.most and pays > course.most:
            text = say("The payment provider takes no payment over %(most)s; this line comes to %(pays)s.",
                       most=Money(course.most, currency), pays=Money(pays, currency))  # fmt: skip
        else:
            continue
        wrong.setdefault(f"lines-{i}-amount", []).append(text)


def held_too_long(lines: Sequence[OfferLine], start: date, longest: int) -> dict[int, int]:
    """Lines whose money would be held longer than ``longest`` days (0: no limit), by number: for how many days (E12).

    Each is paid in when the one before it is due; a line without a date is not known to take too long.
    """
    found: dict[int, int] = {}
    first = start
    for i, line in enumerate(lines):
        if line.due is None:
            continue
        span = (line.due - first).days + 1
        if longest and span > longest:
            found[i] = span
        first = max(first, line.due + timedelta(days=1))
    return found


def too_long(span: int, longest: int) -> Text:
    """The sentence for a line that would be held too long."""
    return say(
        "This takes %(span)s days, and the payment provider can hold the money for %(longest)s at most, the days to "
        "look at the work left out. Cut it in two, or bring the date forward.", span=span, longest=longest,
    )  # fmt: skip
