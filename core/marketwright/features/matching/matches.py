"""The two lists of matches as their pages show them: people for a mission, missions for a freelancer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from functools import cache

import numpy as np
from sqlalchemy.orm import Session

from marketwright.features.entitlements.queries import holders
from marketwright.features.matching import queries
from marketwright.features.matching.checked import Checks
from marketwright.features.matching.circle import FEW, Circle, circle_of, rank_people
from marketwright.features.matching.columns import Person, SkillRows, day_number
from marketwright.features.matching.ids import Ids
from marketwright.features.matching.index import Index
from marketwright.features.matching.keeping import MOST as KEPT
from marketwright.features.matching.keeping import Kept, capture, versions_of
from marketwright.features.matching.lists import LEVEL
from marketwright.features.matching.loading import load_people
from marketwright.features.matching.meaning import all_of_missions
from marketwright.features.matching.near import group_near
from marketwright.features.matching.pairs import holds, missions_for, worth
from marketwright.features.matching.placing import Placed
from marketwright.features.matching.queries import HandPickRow
from marketwright.features.matching.ranking import GateBroken, Part, Ranking, rank
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.said import own_words
from marketwright.features.matching.search import visible_missions
from marketwright.features.matching.selecting import bounds_of, mission_rows
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
from marketwright.features.matching.texts import people_words
from marketwright.features.missions import cards as mission_cards
from marketwright.features.missions.queries import mission_cards as read_missions
from marketwright.features.profiles import cards as people_cards
from marketwright.features.profiles.queries import profile_cards as read_people
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array
from marketwright.web.house import House
from marketwright.web.i18n import gettext
from marketwright.web.viewer import Viewer

STEP, MOST = 12, 120


@dataclass(frozen=True, slots=True)
class MatchList:
    """One list: ``exact`` of ``total`` matches, those put there by hand, near ones in groups; ``fit`` are all matches,
    those put there by hand among them."""

    exact: list[MatchView]
    total: int
    fit: int
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
    index: Index

    @property
    def today(self) -> date:
        return self.now.date()

    def passed(self, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """By person the assessments that hold."""
        return self.house.ports.get(Checks).passed(self.session, self.index, self.now, ids)


def people_for_mission(session: Session, circle: Circle, locale: str, show: int = STEP) -> MatchList:
    """The people of ``circle`` who fit its mission, best first. Raises ``GateBroken``."""
    house, index = circle.house, circle.index
    work = _Work(house, session, locale, house.clock.business(), "people", circle.mission, index)
    picks = queries.hand_picks(session, mission=circle.mission)
    ranking = circle.best(KEPT + len(picks), [*picks])
    by_hand, shown = _on_show(ranking, picks, show)
    ranking, placed = circle.placed(ranking, [*by_hand, *shown], lambda name: holders(session, name, work.now))
    wanted = circle.wanted
    levels = Levels(index, ranking)
    speaks = index.people.side.languages

    def wants_at(i: int) -> Wants:
        skills = asked_skills(index.taxonomy, wanted.skills, levels.of(i), locale)
        return Wants(skills, missing_languages(index.languages, wanted.languages, int(speaks[levels.rows[i]])))

    read = int(index.people.shown.sum())
    return _list(work, ranking, wants_at, picks, _People(work), show, read, wanted.skills, placed)


def kept_now(house: House, session: Session, mission: str, also: Sequence[str] = ()) -> Kept | None:
    """The ranking of ``mission`` as its page would keep it now, with the first of it and its placements on show.

    ``also`` (people) are in it even where they do not fit, as near ones. ``None`` where nothing is ranked.
    """
    index, now = house.ports.get(Indexes).current(session), house.clock.business()
    circle = circle_of(house, session, index, mission, now.date())
    ranking = None if circle is None else circle.best(KEPT + len(also), also)
    if circle is None or ranking is None or not ranking.ranks:
        return None
    first = ranking.best(STEP).tolist()
    ranking, placed = circle.placed(ranking, first, lambda name: holders(session, name, now))
    first = ranking.best(STEP).tolist()
    near = [i for one in also if (i := place_of(index, ranking, one)) is not None and ranking.failed(i)]
    read, asked = int(index.people.shown.sum()), index.missions.side.skills.of(index.missions.side.number[mission])
    return _kept(house, index, ranking, "people", mission, now.date(), read, {"exact": first, "near": near}, placed,
                 asked)  # fmt: skip


def engine_beside(house: House, session: Session, mission: str, freelancer: str) -> Kept | None:
    """What the engine says of ``mission`` at the moment when staff put ``freelancer`` on its list."""
    index, today = house.ports.get(Indexes).current(session), house.clock.business().date()
    try:
        ranking = rank_people(house, session, index, mission, today, [freelancer], KEPT)
    except GateBroken:
        return None
    place = place_of(index, ranking, freelancer) if ranking is not None else None
    if ranking is None or place is None:
        return None
    read, asked = int(index.people.shown.sum()), index.missions.side.skills.of(index.missions.side.number[mission])
    return _kept(house, index, ranking, "people", mission, today, read, {"hand": [place]}, (), asked)


def place_of(index: Index, ranking: Ranking, freelancer: str) -> int | None:
    """Where a freelancer stands among the candidates of a ranking of people; ``None`` where they are not ranked."""
    row = index.people.side.number.get(freelancer)
    if row is None or ranking.rows is None:
        return None
    at = int(np.searchsorted(ranking.rows, row))
    return at if at < len(ranking.rows) and ranking.rows[at] == row else None


def _kept(house: House, index: Index, ranking: Ranking, kind: str, subject: str, day: date, read: int,
          shown: Mapping[str, Sequence[int]], placed: Sequence[Placed], own: SkillRows) -> Kept:  # fmt: skip
    skills = zip(own.skill.tolist(), own.must.tolist(), own.level.tolist(), strict=True)
    return capture(
        ranking, kind=kind, subject=subject, day=day, read=read, shown=shown,
        placed=[(p.entry.it.name, p.seed, p.rows) for p in placed],
        skills=[(index.taxonomy.ids[s], bool(must), level) for s, must, level in skills],
        versions=versions_of(house.plugins),
    )  # fmt: skip


class Levels:
    """The level of each skill that a mission asks for, of everybody ranked for it."""

    def __init__(self, index: Index, ranking: Ranking) -> None:
        assert ranking.rows is not None
        self.rows, self._lists, self._known = ranking.rows, index.people.side.lists, dict[int, Array]()

    def of(self, i: int) -> Callable[[int], int | None]:
        """By skill the level of the candidate at row ``i``; 0 where none was said, ``None`` where it is not held."""

        def level(skill: int) -> int | None:
            if skill not in self._known:
                self._known[skill] = self._lists.at(skill, self.rows)
            held = int(self._known[skill][i])
            return (held & LEVEL) - 1 if held else None

        return level


def missions_for_freelancer(house: House, session: Session, viewer: Viewer, locale: str, show: int = STEP
                            ) -> MatchList | None:  # fmt: skip
    """The published missions that fit the freelancer ``viewer``, best first; ``None`` before they have a profile."""
    index = house.ports.get(Indexes).current(session)
    work = _Work(house, session, locale, house.clock.business(), "missions", viewer.account, index)
    missions, today = index.missions, day_number(work.today)
    person = person_of(session, index, viewer.account, today)
    if person is None:
        return None
    among = missions_open_to(index, viewer)
    picks = queries.hand_picks(session, freelancer=viewer.account)
    ranking = rank_missions(house, index, person, among, today, [*picks])
    _, levels, _ = worth(index.taxonomy, person.skills)
    held = holds(index.taxonomy, person.skills)

    def wants_at(i: int) -> Wants:
        row = _row(ranking, i)
        skills = asked_skills(
            index.taxonomy, missions.side.skills.of(row), lambda s: int(levels[s]) if s in held else None, locale
        )
        asks = int(missions.side.languages[row])
        return Wants(skills, missing_languages(index.languages, asks, person.languages))

    return _list(work, ranking, wants_at, picks, _Missions(work), show, int(among.sum()), person.skills)


def missions_open_to(index: Index, viewer: Viewer) -> Array:
    """A mask of the published missions that a freelancer may see, without those of their own organisations."""
    missions = index.missions
    among: Array = missions.shown & visible_missions(missions, account=viewer.account, organisations=(), staff=False)
    return among & ~np.isin(missions.organisations, [o.id.encode() for o in viewer.organisations])


def person_of(session: Session, index: Index, account: str, today: int) -> Person | None:
    """The freelancer as missions are ranked for them; ``None`` before they have a profile."""
    side, number = index.people.side, index.taxonomy.number
    row = side.number.get(account)
    found = load_people(session, [account])
    if row is None or not found:
        return None
    skills = [(number[s], level or 0, -1 if years is None else years, False)
              for _, s, level, years, _, _ in found[0].claims if s and s in number]  # fmt: skip
    return Person(account, side.one(today, row), SkillRows.made(skills), int(side.languages[row]),
                  own_words(people_words(index.taxonomy, found)[0]))  # fmt: skip


def rank_missions(house: House, index: Index, person: Person, among: Array, today: int, also: Sequence[str] = ()
                  ) -> Ranking:  # fmt: skip
    """The ranking for a freelancer of the missions that fit in everything, and of ``also``; of all where few do."""
    criteria, side = house.plugins.matching_criteria, index.missions.side

    def ranked(rows: Array) -> Ranking:
        more = all_of_missions(house, index, person, rows)
        candidates = missions_for(side, person, index.taxonomy, rows, today, more)
        return rank(criteria, candidates, side.ids.of(rows), person.id, rows=rows)

    rows = mission_rows(index, person, bounds_of(criteria, None), among)
    more = [row for one in also if (row := side.number.get(one)) is not None and among[row]]
    ranking = ranked(np.union1d(rows, np.array(more, dtype=np.uint32)) if more else rows)
    return ranking if ranking.total - len(more) > FEW else ranked(np.flatnonzero(among).astype(np.uint32))


def _row(ranking: Ranking, i: int) -> int:
    assert ranking.rows is not None
    return int(ranking.rows[i])


class _People:
    """Loads and fills the cards of people."""

    def __init__(self, work: _Work) -> None:
        self.work = work

    def load(self, ids: Sequence[str]) -> Mapping[str, object]:
        found = read_people(self.work.session, ids, self.work.locale)
        passed = self.work.passed(ids)
        return {v.id: v for v in people_cards.people(found, self.work.today, passed=passed)}

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
          picks: Mapping[str, HandPickRow], cards: _People, show: int, read: int, own: SkillRows,
          placed: Sequence[Placed] = ()) -> MatchList:  # fmt: skip
    """Choose the rows, load their cards in one statement, and put each in words."""
    wants_of = cache(wants_at)

    def lacks(part: Part, i: int) -> list[str]:
        return missing_at(part, wants_of(i)) or [gettext(part.entry.it.label)]

    by_hand, shown = _on_show(ranking, picks, show)
    total = ranking.total - len(set(by_hand) & set(ranking.passing.tolist()))
    groups = group_near(ranking, lacks, frozenset(by_hand)) if total <= FEW else []
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

    near = [Group(", ".join(g.lacks), views(g.rows), g.count, g.least) for g in groups]
    labels = {e.it.name: e.it.label for e in work.house.plugins.matching_criteria}
    on_show = {"hand": by_hand, "exact": shown, "near": [i for g in groups for i in g.rows]}
    return MatchList(
        exact=views(shown), total=total, fit=ranking.total, by_hand=views(by_hand),
        near=[g for g in near if g.matches], read=read, at=work.now, weights=weights(ranking), off=off(ranking, labels),
        more=min(total, show + STEP, MOST) if total > len(shown) < MOST else 0, ranks=ranking.ranks,
        placed=[v for p in placed if (v := _beside(p, views(p.rows))).matches],
        kept=_kept(work.house, work.index, ranking, work.kind, work.subject, work.today, read, on_show, placed, own)
        if ranking.ranks else None,
    )  # fmt: skip


def _on_show(ranking: Ranking, picks: Mapping[str, HandPickRow], show: int) -> tuple[list[int], list[int]]:
    """(those put there by hand, the best of the others)."""
    by_hand = _places_of(picks, ranking)
    exact = [i for i in ranking.best(min(show, MOST) + len(by_hand)).tolist() if i not in by_hand]
    return by_hand, exact[: min(show, MOST)]


def _places_of(picks: Mapping[str, HandPickRow], ranking: Ranking) -> list[int]:
    """Where those put there by hand stand among the candidates, in the order of ``picks``."""
    if not picks:
        return []
    wanted = [one.encode() for one in picks]
    ids = ranking.ids.raw if isinstance(ranking.ids, Ids) else np.array([i.encode() for i in ranking.ids])
    here = {ids[i]: i for i in np.flatnonzero(np.isin(ids, wanted)).tolist()}
    return [here[one] for one in wanted if one in here]


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
