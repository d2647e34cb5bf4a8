"""A market rate in sentences: what it is, and how it is known."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from marketwright.features.rates.publishing import LEAST
from marketwright.features.rates.queries import Answer, rate_for
from marketwright.kernel.money import Money
from marketwright.web.formats import show_date, show_number, show_round_money
from marketwright.web.i18n import gettext, ngettext


def hint(session: Session, currency: str, skills: Sequence[str], seniority: str, country: str, mode: str) -> str:
    """The market beside a field where a rate or a budget is typed; empty with nothing to compare."""
    found = rate_for(session, skills, seniority, country, mode) if skills else None
    if not skills:
        return ""
    return f"{gettext('The market: %(rate)s.', rate=told(found, currency))} {note(found)}" if found else note(None)


def told(answer: Answer | None, currency: str) -> str:
    """Median and middle half in a sentence; empty with too few people."""
    if answer is None:
        return ""
    cell = answer.cell
    low, median, high = (show_round_money(Money(v, currency)) for v in (cell.low, cell.median, cell.high))
    return gettext("%(median)s a day, half of all between %(low)s and %(high)s", median=median, low=low, high=high)


def note(answer: Answer | None) -> str:
    """Of how many people, from what, by when, and whether a wider group speaks."""
    if answer is None:
        return gettext("Not enough data: a rate is shown from %(least)s people on.", least=LEAST)
    cell = answer.cell
    source = gettext("from signed {contract.other}") if cell.signed else gettext("from declared rates")
    people = ngettext("%(num)s person", "%(num)s people", cell.n)
    parts = [gettext("%(people)s, %(source)s, on %(date)s; older ones count less (weight %(weight)s).", people=people,
                     source=source, date=show_date(cell.day), weight=show_number(cell.weight))]  # fmt: skip
    if answer.wider:
        parts.append(gettext("Too few people share everything that was asked, so a wider group speaks."))
    return " ".join(parts)
