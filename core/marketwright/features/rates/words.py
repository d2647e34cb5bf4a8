"""A market rate in sentences: what it is, and how it is known."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.rates.publishing import LEAST, Cell, Key, skills_of
from marketwright.features.rates.queries import Answer, rate_for
from marketwright.features.skills.tables import Skill
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.formats import show_date, show_number, show_round_money
from marketwright.web.i18n import current_locale, gettext, ngettext
from marketwright.web.names import country_name

SENIORITY = {"junior": N_("Up to 3 years"), "confirmed": N_("4 to 9 years"), "senior": N_("10 years and more")}
MODES = {"onsite": N_("On site"), "hybrid": N_("Partly remote"), "remote": N_("Remote")}


def hint(session: Session, currency: str, skills: Sequence[str], seniority: str, country: str, mode: str) -> str:
    """The market beside a field where a rate or a budget is typed; empty with nothing to compare."""
    found = rate_for(session, skills, seniority, country, mode) if skills else None
    if not skills:
        return ""
    if found is None:
        return note(None)
    market = gettext("The market: %(rate)s.", rate=told(found, currency))
    return f"{market} {note(found, group(session, found.cell.key))}"


def told(answer: Answer | None, currency: str) -> str:
    """Median and middle half in a sentence; empty with too few people."""
    if answer is None:
        return ""
    cell = answer.cell
    low, median, high = (show_round_money(Money(v, currency)) for v in (cell.low, cell.median, cell.high))
    return gettext("%(median)s a day, half of all between %(low)s and %(high)s", median=median, low=low, high=high)


def note(answer: Answer | None, whose: str = "") -> str:
    """Of how many people, from what, by when, and whether a wider group speaks; ``whose`` names the group."""
    if answer is None:
        return gettext("A rate is shown from %(least)s people on.", least=LEAST)
    cell = answer.cell
    source = gettext("from signed {contract.other}") if cell.signed else gettext("from declared rates")
    people = ngettext("%(num)s person", "%(num)s people", cell.n) + (f" ({whose})" if whose else "")
    parts = [gettext("%(people)s, %(source)s, on %(date)s; older ones count less (weight %(weight)s).", people=people,
                     source=source, date=show_date(cell.day), weight=show_number(cell.weight))]  # fmt: skip
    if answer.wider:
        parts.append(gettext("Too few people share everything that was asked, so a wider group speaks."))
    return " ".join(parts)


def brief_note(cell: Cell) -> str:
    """The same beside a bar, where the page says the date and what the weight is."""
    source = gettext("from signed {contract.other}") if cell.signed else gettext("from declared rates")
    people = ngettext("%(num)s person", "%(num)s people", cell.n)
    return gettext("%(people)s, %(source)s, weight %(weight)s", people=people, source=source,
                   weight=show_number(cell.weight))  # fmt: skip


def group(session: Session, key: Key) -> str:
    """Who a group is: skills, experience, country, mode; everybody where nothing narrows it."""
    names = skill_names(session, skills_of(key))
    skills = gettext("%(one)s and %(other)s", one=names[0], other=names[1]) if len(names) == 2 else "".join(names)
    return ", ".join(filter(None, (skills or gettext("All skills"), *narrowed(key))))


def narrowed(key: Key) -> list[str]:
    """What narrows a group beyond its skills, in words."""
    _, seniority, country, mode = key
    words = (SENIORITY.get(seniority, ""), MODES.get(mode, ""))
    years, how = (gettext(word) if word else "" for word in words)
    return [word for word in (years, country_name(country) if country else "", how) if word]


def skill_names(session: Session, ids: Sequence[str]) -> list[str]:
    """What skills are called, in the order of ``ids``."""
    if not ids:
        return []
    french = current_locale() == "fr"
    rows = session.execute(select(Skill.id, Skill.label_en, Skill.label_fr).where(Skill.id.in_(ids)))
    names = {one: (fr or en) if french else en for one, en, fr in rows}
    return [names.get(one, one) for one in ids]
