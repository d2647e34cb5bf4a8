"""The two lists of matches as their pages show them: people for a mission, missions for a freelancer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

from sqlalchemy.orm import Session

from marketwright.features.matching import queries
from marketwright.features.matching.columns import day_number, missions_for, people_for
from marketwright.features.matching.index import Index, Indexes
from marketwright.features.matching.keeping import Kept, capture, versions_of
from marketwright.features.matching.near import group_near
from marketwright.features.matching.placing import Placed, place
from marketwright.features.matching.queries import HandPickRow
from marketwright.features.matching.ranking import GateBroken, Part, Ranking, rank
from marketwright.features.matching.search import visible_missions
from marketwright.features.matching.showing import (
    AskedSkill,
    Group,
    MatchView,
    OffView,
    PlacedView,
    Wants,
    advice,
    asked_skills,
    blockers,
    gate_advice,
    missing_at,
    missing_languages,
    missing_musts,
    missing_nices,
    off,
    reason_views,
    weights,
)
from marketwright.features.missions import cards as mission_cards
from marketwright.features.missions.queries import mission_cards as read_missions
from marketwright.features.profiles import cards as people_cards
from marketwright.features.profiles.queries import profile_cards as read_people
from marketwright.web.house import House
from marketwright.web.i18n import gettext
from marketwright.web.viewer import Viewer

FEW, STEP, MOST = 8, 12, 120


@dataclass(frozen=True, slots=True)
class MatchList:
    """One list: ``exact`` of ``total`` matches, those put there by hand, near ones in groups."""

    exact: list[MatchView]
    total: int
    by_hand: list[MatchView]
    near: list[Group]
    read: int
    at: datetime
    weights: list[tuple[str, float]]
    off: list[OffView]
    more: int = 0
    ranks: bool = True
    placed: list[PlacedView] = field(default_factory=list)
    kept: Kept | None = None


@dataclass(slots=True)
class _Work:
    """What both lists are made with: for whom or what, and the skills that it asks for or holds."""

    house: House
    session: Session
    locale: str
    now: datetime
    kind: str
    subject: str
    index: Index = field(init=False)

    def __post_init__(self) -> None:
        self.index = self.house.ports.get(Indexes).current(self.session)

    @property
    def today(self) -> date:
        return self.now.date()


def people_for_mission(house: House, session: Session, mission: str, locale: str, show: int = STEP) -> MatchList | None:
    """The people who fit ``mission``, best first; ``None`` for one that has ended. Raises ``GateBroken``."""
    work = _Work(house, session, locale, house.clock.business(), "people", mission)
    ranking = rank_people(house, work.index, mission, work.today)
    if ranking is None:
        return None
    row = work.index.missions.side.number[mission]
    asked = work.index.missions.side.skills.of(row)

    people, asks = work.index.people.side, int(work.index.missions.side.languages[row])

    def wants_at(i: int) -> Wants:
        skills = asked_skills(work.index.taxonomy, asked, people.skills.of(i), locale)
        return Wants(skills, missing_languages(work.index.languages, asks, int(people.languages[i])))

    def beside(taken: Sequence[int]) -> list[Placed]:
        return place(house.plugins.placements, ranking, mission, work.today, taken)

    picks = queries.hand_picks(session, mission=mission)
    read = int(work.index.people.shown.sum())
    return _list(work, ranking, wants_at, picks, _People(work), show, read, beside)


def engine_beside(house: House, session: Session, mission: str, freelancer: str) -> Kept | None:
    """What the engine says of ``mission`` at the moment when staff put ``freelancer`` on its list."""
    index, today = house.ports.get(Indexes).current(session), house.clock.business().date()
    try:
        ranking = rank_people(house, index, mission, today)
    except GateBroken:
        return None
    row = index.people.side.number.get(freelancer)
    if ranking is None or row is None:
        return None
    read = int(index.people.shown.sum())
    return _kept(house, index, ranking, "people", mission, today, read, {"hand": [row]}, ())


def _kept(house: House, index: Index, ranking: Ranking, kind: str, subject: str, day: date, read: int,
          shown: Mapping[str, Sequence[int]], placed: Sequence[Placed]) -> Kept:  # fmt: skip
    side = index.missions.side if kind == "people" else index.people.side
    own = side.skills.of(side.number[subject])
    skills = zip(own.skill.tolist(), own.must.tolist(), own.level.tolist(), strict=True)
    return capture(
        ranking, kind=kind, subject=subject, day=day, read=read, shown=shown,
        placed=[(p.entry.it.name, p.seed, p.rows) for p in placed],
        skills=[(index.taxonomy.ids[s], bool(must), level) for s, must, level in skills],
        versions=versions_of(house.plugins),
    )  # fmt: skip


def rank_people(house: House, index: Index, mission: str, today: date) -> Ranking | None:
    """The ranking of everybody in the lists for ``mission``; ``None`` for one that has ended."""
    row = index.missions.side.number.get(mission)
    if row is None:
        return None
    candidates = people_for(index.missions.side, index.people.side, index.taxonomy, row, day_number(today))
    return rank(house.plugins.matching_criteria, candidates, index.people.side.ids, mission, index.people.shown)


def missions_for_freelancer(house: House, session: Session, viewer: Viewer, locale: str, show: int = STEP
                            ) -> MatchList | None:  # fmt: skip
    """The published missions that fit the freelancer ``viewer``, best first; ``None`` before they have a profile."""
    work = _Work(house, session, locale, house.clock.business(), "missions", viewer.account)
    index = work.index
    person = index.people.side.number.get(viewer.account)
    if person is None:
        return None
    own = [o.id for o in viewer.organisations]
    among = index.missions.shown & visible_missions(
        index.missions, account=viewer.account, organisations=(), staff=False
    )
    for i, owner in enumerate(index.missions.organisations):
        among[i] &= owner not in own
    candidates = missions_for(index.missions.side, index.people.side, index.taxonomy, person, day_number(work.today))
    ranking = rank(house.plugins.matching_criteria, candidates, index.missions.side.ids, viewer.account, among)
    held = index.people.side.skills.of(person)

    missions, speaks = index.missions.side, int(index.people.side.languages[person])

    def wants_at(i: int) -> Wants:
        skills = asked_skills(index.taxonomy, missions.skills.of(i), held, locale)
        return Wants(skills, missing_languages(index.languages, int(missions.languages[i]), speaks))

    picks = queries.hand_picks(session, freelancer=viewer.account)
    return _list(work, ranking, wants_at, picks, _Missions(work), show, int(among.sum()))


class _People:
    """Loads and fills the cards of people."""

    def __init__(self, work: _Work) -> None:
        self.work = work

    def load(self, ids: Sequence[str]) -> Mapping[str, object]:
        found = read_people(self.work.session, ids, self.work.locale)
        return {c.id: people_cards.person(c, self.work.today) for c in found}

    def fill(self, match: MatchView, card: object, skills: list[AskedSkill]) -> MatchView:
        return replace(match, person=replace(card, skills=skills))  # type: ignore[type-var]


class _Missions(_People):
    """Loads and fills the cards of missions."""

    def load(self, ids: Sequence[str]) -> Mapping[str, object]:
        found = read_missions(self.work.session, ids, self.work.locale)
        return {c.id: mission_cards.view(c) for c in found if c.state == "published"}

    def fill(self, match: MatchView, card: object, skills: list[AskedSkill]) -> MatchView:
        return replace(match, mission=replace(card, skills=skills))  # type: ignore[type-var]


def _list(work: _Work, ranking: Ranking, wants_at: Callable[[int], Wants],
          picks: Mapping[str, HandPickRow], cards: _People, show: int, read: int,
          beside: Callable[[Sequence[int]], list[Placed]] = lambda _taken: []) -> MatchList:  # fmt: skip
    """Choose the rows, load their cards in one statement, and put each in words."""
    wants_of = cache(wants_at)

    def lacks(part: Part, i: int) -> list[str]:
        return missing_at(part, wants_of(i)) or [gettext(part.entry.it.label)]

    here = {one: i for i, one in enumerate(ranking.ids)}
    present = set(ranking.order.tolist()) | set(ranking.near.tolist())
    by_hand = [here[one] for one in picks if one in here and here[one] in present]
    exact = [i for i in ranking.order.tolist() if i not in by_hand]
    shown = exact[: min(show, MOST)]
    groups = group_near(ranking, lacks, frozenset(by_hand)) if len(exact) <= FEW else []
    placed = beside([*by_hand, *shown])
    rows = [*by_hand, *shown, *(i for g in groups for i in g.rows), *(i for p in placed for i in p.rows)]
    loaded = cards.load([ranking.ids[i] for i in rows])
    ranking.explain(rows)

    def views(some: Sequence[int]) -> list[MatchView]:
        found = []
        for i in some:
            one = ranking.ids[i]
            if one in loaded:
                hand = picks[one].reason if one in picks else ""
                found.append(cards.fill(_match(ranking, i, wants_of(i), hand), loaded[one], wants_of(i).skills))
        return found

    near = [Group(", ".join(g.lacks), views(g.rows), g.count) for g in groups]
    labels = {e.it.name: e.it.label for e in work.house.plugins.matching_criteria}
    on_show = {"hand": by_hand, "exact": shown, "near": [i for g in groups for i in g.rows]}
    return MatchList(
        exact=views(shown), total=len(exact), by_hand=views(by_hand), near=[g for g in near if g.matches], read=read,
        at=work.now, weights=weights(ranking), off=off(ranking, labels),
        more=min(len(exact), show + STEP, MOST) if len(exact) > len(shown) < MOST else 0, ranks=bool(ranking.parts),
        placed=[v for p in placed if (v := _beside(p, views(p.rows))).matches],
        kept=_kept(work.house, work.index, ranking, work.kind, work.subject, work.today, read, on_show, placed),
    )  # fmt: skip


def _beside(placed: Placed, matches: list[MatchView]) -> PlacedView:
    it = placed.entry.it
    label = gettext(it.label)
    return PlacedView(label, gettext(it.about), [replace(m, placed=label) for m in matches])


def _match(ranking: Ranking, i: int, wants: Wants, by_hand: str) -> MatchView:
    found = MatchView(id=ranking.ids[i], score=ranking.score(i), reasons=reason_views(ranking, i), by_hand=by_hand)
    blocking = blockers(ranking, i, wants)
    if blocking:
        rest = gettext("Apart from this: %(score)s of 100.", score=ranking.score(i))
        return replace(found, score=None, blockers=blocking, note=f"{gate_advice(ranking, i)} {rest}".strip())
    lacking = ", ".join(p for p in (missing_musts(wants.skills), missing_nices(wants.skills)) if p)
    return replace(found, missing=lacking, advice=advice(ranking, i))
