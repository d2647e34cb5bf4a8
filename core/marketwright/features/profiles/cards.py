"""People as lists and pages show them: plain values in the reader's language, for the macros of ``ui/people.html``."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import url_for
from markupsafe import Markup

from marketwright.features.profiles.queries import ProfileCard, SkillChip
from marketwright.features.skills.levels import SKILL_LEVELS
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.formats import show_date
from marketwright.web.house import house
from marketwright.web.i18n import gettext
from marketwright.web.names import country_name
from marketwright.web.portraits import portrait

_PAGE = "/freelancers/"  # as `profiles.show` answers: twenty cards need not ask the router
REMOTE: dict[str, str] = {"remote": N_("Remote"), "hybrid": N_("Partly on site"), "onsite": N_("On site")}


@dataclass(frozen=True, slots=True)
class SkillView:
    """A skill as a chip."""

    label: str
    level: int = 0
    level_label: str = ""
    hit: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """A freelancer as ``people.card``, ``people.row`` and ``people.head`` take them."""

    id: str
    name: str
    url: str
    initials: str
    headline: str
    photo: str
    portrait: Markup | str
    place: str
    checked: int
    documents: int
    declared: int
    rating: float | None
    reviews: int
    rate: Money | None
    rate_unit: str
    free: str
    busy: bool
    skills: list[SkillView]
    more: int = 0
    passed: tuple[str, ...] = ()
    badge: str = ""
    answers: str = ""
    languages: str = ""
    meta: tuple[tuple[str, str], ...] = ()


def person(
    card: ProfileCard, today: date, *, hits: frozenset[str] = frozenset(), passed: Sequence[str] = ()
) -> PersonView:
    """A card for a list; the skills of ``hits`` (what was asked for) are marked, ``passed`` (msgids) are said."""
    (found,) = people([card], today, hits=hits, passed={card.id: passed})
    return found


def people(cards: Sequence[ProfileCard], today: date, *, hits: frozenset[str] = frozenset(),
           passed: Mapping[str, Sequence[str]] | None = None) -> list[PersonView]:  # fmt: skip
    """Each of ``cards`` as :func:`person`, ``passed`` by person; words that they have in common are looked up once."""
    unit, words, holding, found = gettext("a day"), {0: ""}, passed or {}, []
    words |= {level: gettext(word) for level, word in SKILL_LEVELS}
    chips: dict[SkillChip, SkillView] = {}
    places: dict[tuple[str, str, str], str] = {}
    for card in cards:
        where = card.city, card.country, card.remote
        if where not in places:
            places[where] = place(*where)
        for skill in card.skills:
            if skill not in chips:
                chips[skill] = SkillView(skill.label, skill.level, words.get(skill.level, ""), skill.id in hits)
        letters, day = initials(card.name), card.available_from
        found.append(PersonView(
            id=card.id, name=card.name, url=_PAGE + card.id, initials=letters, headline=card.headline,
            photo=photo_url(card.photo_file), portrait="" if card.photo_file else portrait(card.id, letters),
            place=places[where], checked=card.proved, documents=card.documents, declared=card.declared,
            rating=card.rating, reviews=card.reviews, rate=card.rate, rate_unit=unit, free=free(day, today),
            busy=bool(day and day > today), skills=[chips[s] for s in card.skills], more=card.more,
            passed=tuple([gettext(p) for p in holding.get(card.id, ())]),
        ))  # fmt: skip
    return found


def initials(name: str) -> str:
    """Two letters for a portrait."""
    words = [w for w in name.replace("-", " ").split() if w[0].isalpha()]
    return ((words[0][0] + words[-1][0]) if len(words) > 1 else name[:2]).upper()


def photo_url(file: str | None) -> str:
    """The address of a photo; '' where there is none."""
    return url_for("files.read", file=file) if file else ""


def drawn(id: str, name: str, file: str | None) -> Markup | str:  # noqa: A002  the word of the domain
    """A drawing for who gave no photo."""
    return "" if file else portrait(id, initials(name))


def place(city: str, country: str, remote: str) -> str:
    """``Lille, partly on site``; what is empty is left out."""
    abroad = country_name(country) if country and country != house().marketplace.country else ""
    where = ", ".join(p for p in (city, abroad) if p)
    how = gettext(REMOTE[remote]) if remote in REMOTE else ""
    if not where or not how:
        return where or how
    return gettext("%(where)s, %(how)s", where=where, how=how[:1].lower() + how[1:])


def free(available_from: date | None, today: date) -> str:
    """When they are free, in a few words; '' where they did not say."""
    if available_from is None:
        return ""
    if available_from <= today:
        return gettext("Free now")
    style = "d MMMM" if available_from.year == today.year else "d MMM y"
    return gettext("Free from %(date)s", date=show_date(available_from, style))
