"""Missions as lists and pages show them: plain values in the reader's language, for ``ui/missions.html``."""

from datetime import date, datetime

from flask import url_for

from marketwright.features.accounts.sectors import sector_name
from marketwright.features.missions.first import opens_at
from marketwright.features.missions.queries import MissionCard, MissionRow, WantedRow
from marketwright.features.skills.levels import skill_level
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.formats import show_date, show_datetime, show_number
from marketwright.web.house import house
from marketwright.web.i18n import current_locale, gettext, ngettext
from marketwright.web.names import country_name

REMOTE: dict[str, str] = {"remote": N_("Remote"), "hybrid": N_("Partly on site"), "onsite": N_("On site")}
STATES: dict[str, str] = {
    "draft": N_("Draft"), "waiting": N_("Waits for approval"), "published": N_("Published"), "paused": N_("Paused"),
    "filled": N_("Filled"), "closed": N_("Closed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WantedView:
    """A skill asked for, as a chip."""

    label: str
    level: int = 0
    level_label: str = ""
    hit: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class MissionView:
    """A mission as ``missions.row`` and ``missions.card`` take it."""

    id: str
    title: str
    url: str
    client: str
    skills: list[WantedView]
    place: str
    remote: bool
    budget: Money | None
    budget_unit: str
    start: date | None
    length: str
    summary: str
    language: str
    state: str = ""
    ends: str = ""
    badge: str = ""
    opens: str = ""  # when it opens to everybody, while it takes only those who come first


def view(card: MissionCard, *, hits: frozenset[str] = frozenset(), state: bool = False) -> MissionView:
    """A card for a list; the skills of ``hits`` (the reader's own) are marked; ``state`` shows where it stands."""
    return MissionView(
        id=card.id, title=card.title or gettext("Without a title yet"), url=url_for("missions.show", mission=card.id),
        client=card.client or nameless(card.sector, card.size),
        skills=[wanted(s, hits) for s in card.skills], place=place(card.city, card.country, card.remote),
        remote=card.remote == "remote", budget=card.budget, budget_unit=unit_of(card.budget_kind),
        start=card.start_on, length=length(card.duration_days, card.days_a_week), summary=card.summary,
        language=card.language, state=("pending" if card.state == "waiting" else card.state) if state else "",
        badge=gettext("By invitation") if card.visibility == "invited" else "",
        opens=opening(card.published_at) if card.state == "published" and card.visibility != "invited" else "",
    )  # fmt: skip


def opening(published_at: datetime | None) -> str:
    """``open to everybody on 30 Nov, 14:00`` of a mission that is not yet, in the reader's time zone; else ''."""
    if not house().marketplace.subscriptions.head_start:
        return ""
    at = opens_at(house().marketplace, published_at, house().clock.business())
    return gettext("open to everybody on %(at)s", at=show_datetime(at, "d MMM, HH:mm")) if at else ""


def wanted(skill: WantedRow, hits: frozenset[str] = frozenset()) -> WantedView:
    """One skill as a chip, with its level in words."""
    word = skill_level(skill.level)
    return WantedView(skill.label, skill.level, gettext(word) if word else "", skill.id in hits)


def people(size: int | None) -> str:
    """The size of an organisation in words; '' where it did not say."""
    return ngettext("%(num)s person", "%(num)s people", size, num=show_number(size)) if size else ""


def nameless(sector: str, size: int | None) -> str:
    """How a client that wrote no name for the public is called: by its sector and size, which point to nobody."""
    known = [p for p in (sector_name(sector, current_locale()) if sector != "other" else "", people(size)) if p]
    who = [] if len(known) == 2 else [gettext("{Client.a} who gives no name")]
    return ", ".join([*who, *known])


def unit_of(budget_kind: str) -> str:
    """What a budget is for."""
    return gettext("a day") if budget_kind == "day_rate" else gettext("in all")


def place(city: str, country: str, remote: str) -> str:
    """``Maubeuge, partly on site``, ``Remote``."""
    how = gettext(REMOTE.get(remote, ""))
    abroad = country_name(country) if country and country != house().marketplace.country else ""
    where = ", ".join(p for p in (city, abroad) if p) if remote != "remote" else abroad
    if not where:
        return how
    return gettext("%(where)s, %(how)s", where=where, how=how[:1].lower() + how[1:])


_REACH = {
    "near": N_("who lives within %(km)s km"),
    "country": N_("who lives within %(km)s km, or remotely in the same country"),
    "union": N_("who lives within %(km)s km, or remotely in the European Union"),
    "anywhere": N_("who lives within %(km)s km, or remotely from anywhere"),
}
_REMOTELY = {"country": N_("remotely in the same country"), "union": N_("remotely in the European Union")}


def reach(row: MissionRow) -> str:
    """Who may do it: ``who lives within 50 km, or remotely in the European Union``; '' for anybody."""
    if row.remote == "remote":
        return gettext(_REMOTELY[row.reach]) if row.reach in _REMOTELY else ""
    return gettext(_REACH[row.reach], km=row.within_km or 0) if row.reach in _REACH else ""


def length(duration_days: int | None, days_a_week: int | None) -> str:
    """``12 days, 3 a week``; '' where nobody said."""
    if not duration_days:
        return ""
    days = ngettext("%(n)s day", "%(n)s days", duration_days)
    return gettext("%(days)s, %(n)s a week", days=days, n=days_a_week) if days_a_week else days


def starts(start_on: date | None, today: date) -> str:
    """When it begins, in a few words."""
    if start_on is None or start_on <= today:
        return gettext("As soon as possible")
    return show_date(start_on, "d MMMM" if start_on.year == today.year else "d MMM y")
