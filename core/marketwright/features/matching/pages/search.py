"""The lists that anybody may search: freelancers and missions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cache, partial
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from marketwright.features.alerts.views import SaveView, save_view
from marketwright.features.facets import forms as own_fields
from marketwright.features.matching.answered import Answer, answer
from marketwright.features.matching.asking import KM, KM_CHOICES, Ask, Reader
from marketwright.features.matching.checked import Checked, Checks
from marketwright.features.matching.facets import FacetView, in_use, mission_facets, people_facets
from marketwright.features.matching.index import Index
from marketwright.features.matching.pages.base import index, pages
from marketwright.features.matching.pages.kept import Kept
from marketwright.features.matching.search import (
    MISSION_SORTS,
    PEOPLE_SORTS,
    PER_PAGE,
    Found,
    hits,
    search_missions,
    search_people,
    visible_missions,
)
from marketwright.features.missions import cards as mission_cards
from marketwright.features.missions.queries import card_versions as mission_versions
from marketwright.features.missions.queries import mission_cards as read_missions
from marketwright.features.profiles import cards as people_cards
from marketwright.features.profiles.queries import card_versions as people_versions
from marketwright.features.profiles.queries import profile_cards as read_people
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.strategies.fields import Field
from marketwright.web import fragments
from marketwright.web.formats import show_number
from marketwright.web.fragments import Piece
from marketwright.web.house import house, reading, viewer
from marketwright.web.i18n import current_locale, gettext, ngettext, translate
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render

SORT_LABELS = {
    "best": N_("Best fit"), "new": N_("Newest"), "rate_up": N_("Rate, lowest first"),
    "rate_down": N_("Rate, highest first"), "free": N_("Free soonest"), "rating": N_("Reviews"),
    "start": N_("Start, soonest first"),
}  # fmt: skip
MOST_TRIED = 6
MISSION_LABELS = {"best": N_("Newest"), "rate_down": N_("Budget, highest first")}


@dataclass(frozen=True, slots=True)
class BarField:
    """One field of the search bar."""

    name: str
    label: str
    value: str
    placeholder: str = ""
    wide: bool = False
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the reader is in the list, whose first page is at ``first``."""

    page: int
    last: int
    first: str

    def url(self, number: int) -> str:
        """The address of another page; pages from the second on are named."""
        return self.first if number < 2 else f"{self.first}{'&' if '?' in self.first else '?'}page={number}"


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A list with its filters; ``instead`` are ways out of an empty one: (label, address, how many).

    ``drawn`` and ``shown`` keep the text of the filters and of all that is the same for every reader.
    """

    path: str
    bar: list[BarField]
    bar_hidden: dict[str, list[str]]
    facets: list[FacetView]
    facet_hidden: dict[str, list[str]]
    used: list[tuple[str, str]]
    clear: str
    sorts: list[tuple[str, str]]
    sort: str
    sort_hidden: dict[str, list[str]]
    results: Sequence[object]
    count: str
    note: str
    pager: Pager
    notes: list[str]
    km: list[tuple[str, str]]
    chosen_km: str
    save: SaveView
    or_remote: str
    drawn: Piece
    shown: Piece
    instead: list[tuple[str, str, int]] = field(default_factory=list)
    alone: bool = False


@pages.get("/freelancers", PUBLIC)
def freelancers() -> Response:
    """Freelancers in the lists."""
    the_house, locale = house(), current_locale()
    if not the_house.marketplace.access.public_freelancers and viewer() is None:
        return _members_only("freelancers")
    today, currency = the_house.clock.business().date(), the_house.marketplace.currency
    fields = [f for f in own_fields.of(the_house.plugins, "profile") if f.facet and not f.private]
    reader = Reader(request.args, currency)
    ask = reader.ask(fields, PEOPLE_SORTS)
    the_index = index()
    ask = ask.named(the_index.taxonomy)
    checks = the_house.ports.get(Checks)

    @cache
    def checked() -> Checked:
        return checks.held(reading(), the_index, the_house.clock.business())

    marked = hits(the_index, ask)
    kept = Kept(the_house, the_index, ask, locale)
    found = answer(
        the_index, kept.list_key, lambda: search_people(the_index, ask, today, checked()),
        lambda f: people_facets(the_index, f, ask, fields, today, currency, locale, checked(), checks.labels),
    )  # fmt: skip
    versions = list(people_versions(reading(), found.page(ask.page)))
    before = kept.page(versions)
    if before is not None:
        return before

    def views(ids: Sequence[str]) -> dict[str, object]:
        passed = checks.passed(reading(), the_index, the_house.clock.business(), ids)
        found_cards = read_people(reading(), ids, locale, marked, partial(the_index.taxonomy.named, locale=locale))
        return {v.id: v for v in people_cards.people(found_cards, today, hits=marked, passed=passed)}

    shown = Piece() if reader.notes else kept.piece(found, versions)
    notes = [translate(n) for n in reader.notes]
    shell = _Shell("/freelancers", the_index, found, ask, fields, notes, checks.labels, (found.drawn, shown))

    def again(other: Ask) -> int:
        return search_people(the_index, other, today, checked()).total

    page = shell.again()
    if page is None:
        cards = fragments.cards("freelancer", versions, views, marked=marked)
        total = show_number(found.total)
        count = ngettext("%(count)s {freelancer}", "%(count)s {freelancer.other}", found.total, count=total)
        page = shell.page(cards, found.facets, count, PEOPLE_SORTS, SORT_LABELS, again)
    return kept.keep(versions, render("matching/freelancers.html", page))


@pages.get("/missions", PUBLIC.objects("missions for everybody; to members those for members, to invited ones theirs"))
def missions() -> Response:
    """Missions that are open."""
    the_house, locale, looker = house(), current_locale(), viewer()
    if not the_house.marketplace.access.public_missions and looker is None:
        return _members_only("missions")
    currency = the_house.marketplace.currency
    fields = [f for f in own_fields.of(the_house.plugins, "mission") if f.facet and not f.private]
    reader = Reader(request.args, currency)
    ask = reader.ask(fields, MISSION_SORTS)
    the_index = index()
    ask = ask.named(the_index.taxonomy)
    visible = visible_missions(
        the_index.missions, account=looker.account if looker else "",
        organisations=[o.id for o in looker.organisations] if looker else [], staff=bool(looker and looker.is_staff),
    )  # fmt: skip
    found = search_missions(the_index, ask, visible)
    marked = hits(the_index, ask)

    def views(ids: Sequence[str]) -> dict[str, object]:
        return {c.id: mission_cards.view(c, hits=marked) for c in read_missions(reading(), ids, locale)}

    versions = [(id_, (*version, mission_cards.opening(version[-1])))
                for id_, version in mission_versions(reading(), found.page(ask.page))]  # fmt: skip
    cards = fragments.cards("mission", versions, views, marked=marked)
    facets = mission_facets(the_index, found, ask, fields, currency, locale)
    total = show_number(found.total)
    count = ngettext("%(count)s open {mission}", "%(count)s open {mission.other}", found.total, count=total)
    shell = _Shell("/missions", the_index, found, ask, fields, [translate(n) for n in reader.notes])

    def again(other: Ask) -> int:
        return search_missions(the_index, other, visible).total

    labels = SORT_LABELS | (MISSION_LABELS if not ask.q else {"rate_down": MISSION_LABELS["rate_down"]})
    sorts = MISSION_SORTS if ask.q else tuple(s for s in MISSION_SORTS if s != "new")
    return render("matching/missions.html", shell.page(cards, facets, count, sorts, labels, again))


@dataclass(frozen=True, slots=True)
class MembersOnlyContext:
    """A list that only members see: ``what`` is freelancers or missions, ``next`` where to go on after signing in."""

    what: str
    next: str


def _members_only(what: str) -> Response:
    return render("matching/members_only.html", MembersOnlyContext(what, request.full_path.rstrip("?")))


@dataclass(frozen=True, slots=True)
class _Shell:
    """What both lists have around their cards."""

    path: str
    index: Index
    found: Answer | Found
    ask: Ask
    fields: Sequence[Field]
    notes: list[str]
    checks: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[Piece, Piece] = field(default_factory=lambda: (Piece(), Piece()))

    @property
    def currency(self) -> str:
        return house().marketplace.currency

    def page(self, cards: Sequence[object], facets: Sequence[FacetView], count: str, sorts: Sequence[str],
             labels: dict[str, str], again: Callable[[Ask], int]) -> SearchPage:  # fmt: skip
        drawn, shown = self.pieces
        if isinstance(drawn.context, SearchPage) and not self.notes:  # another page of the same list
            same = drawn.context
            save = self._save([label for label, _ in same.used])
            page = replace(same, results=cards, pager=self._pager(same.pager.first), shown=shown, save=save)
            shown.context = replace(page, results=())
            return page
        ask, total = self.ask, self.found.total
        used = in_use(self.index, ask, self.fields, current_locale(), self.currency, self.checks)
        names = {f.name for f in facets if f.kind != "range"}
        names |= {"skill", "lang", "sector", "remote", "proof", "check", "length"}
        ranges = {f"{f.name}_{end}" for f in facets if f.kind == "range" for end in ("from", "to")}
        note = gettext("out of %(n)s", n=show_number(self.found.everything)) if used else ""
        km = [(str(k), gettext("within %(km)s km", km=k)) for k in sorted({*KM_CHOICES, ask.km})]
        page = SearchPage(
            path=self.path, bar=self._bar(), bar_hidden=self._hidden({"q", "place", "free", "km"}), facets=[*facets],
            facet_hidden=self._hidden(names | ranges | ({"km", "or_remote"} if ask.place else set())),
            used=[(label, other.address(self.path, self.currency)) for label, other in used],
            clear=Ask(sort=ask.sort).address(self.path, self.currency), km=km, chosen_km=str(ask.km),
            sorts=[(name, gettext(labels[name])) for name in sorts], sort=ask.sort or sorts[0],
            sort_hidden=self._hidden({"sort"}), results=cards, count=count, note=note,
            pager=self._pager(ask.but().address(self.path, self.currency)), notes=self.notes,
            instead=self._ways_out(used, again) if not total else [], alone=not self.found.everything,
            or_remote=self._or_remote(), drawn=drawn, shown=shown,
            save=self._save([label for label, _ in used]),
        )  # fmt: skip
        shown.context = replace(page, results=())
        if not self.notes:
            drawn.context = shown.context
        return page

    def _pager(self, first: str) -> Pager:
        return Pager(min(self.ask.page, self.found.last), self.found.last, first)

    def again(self) -> SearchPage | None:
        """The page where its text is kept: only what the reader has saved is looked up."""
        shown = self.pieces[1]
        if shown.text is None or not isinstance(shown.context, SearchPage):
            return None
        if viewer() is None:  # nobody has saved anything
            return shown.context
        return replace(shown.context, save=self._save([label for label, _ in shown.context.used]))

    def _or_remote(self) -> str:
        """Whether the choice "or remotely" beside a town is picked: 1, 0, or '' where it is not offered."""
        people = self.path == "/freelancers"
        return "" if people and not self.index.union else "1" if self.ask.or_remote else "0"

    def _save(self, used: list[str]) -> SaveView:
        kind = "people" if self.path == "/freelancers" else "missions"
        target = urlencode(self.ask.but(sort="").pairs(self.currency))
        return save_view(kind, target, ", ".join(used), f"{self.path}?{target}" if target else self.path)

    def _hidden(self, without: set[str]) -> dict[str, list[str]]:
        kept: dict[str, list[str]] = {}
        for name, value in self.ask.pairs(self.currency):
            if name not in without:
                kept.setdefault(name, []).append(value)
        return kept

    def _ways_out(self, used: Sequence[tuple[str, Ask]], again: Callable[[Ask], int]) -> list[tuple[str, str, int]]:
        """Which one filter (else which two) removes everybody: without it there would be so many."""
        ways = [(label, other.address(self.path, self.currency), again(other)) for label, other in used]
        if not any(count for _, _, count in ways):
            ways = self._without_two(used, again)
        return sorted((w for w in ways if w[2]), key=lambda w: -w[2])[:3]

    def _without_two(self, used: Sequence[tuple[str, Ask]], again: Callable[[Ask], int]) -> list[tuple[str, str, int]]:
        found: list[tuple[str, str, int]] = []
        for first, other in used[:MOST_TRIED]:
            rest = in_use(self.index, other, self.fields, current_locale(), self.currency, self.checks)
            for second, both in rest[:MOST_TRIED]:
                if first < second:
                    label = gettext("%(one)s and %(other)s", one=first, other=second)
                    found.append((label, both.address(self.path, self.currency), again(both)))
        return found

    def _bar(self) -> list[BarField]:
        ask = self.ask
        people = self.path == "/freelancers"
        free: date | None = ask.free
        return [
            BarField("q", gettext("Skill, task or name") if people else gettext("Skill, task or sector"), ask.q,
                     wide=True),
            BarField("free", gettext("Available from") if people else gettext("I am free from"),
                     free.isoformat() if free else "", type="date"),
            BarField("place", gettext("Place"), ask.place, gettext("Town or country")),
        ]  # fmt: skip


__all__ = ["KM", "PER_PAGE", "freelancers", "missions"]
