"""One person against one mission, with all that can be said: parts, blockers, what is missing, what was shown."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from marketwright.features.matching import queries
from marketwright.features.matching.circle import circle_of
from marketwright.features.matching.matches import Levels, place_of
from marketwright.features.matching.ranking import FINE, shutting
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.showing import (
    ReasonView,
    Wants,
    advice,
    asked_skills,
    blockers,
    gate_advice,
    missing_languages,
    missing_musts,
    missing_nices,
    reason_views,
)
from marketwright.features.missions.queries import mission as mission_row
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import House
from marketwright.web.i18n import gettext


@dataclass(frozen=True, slots=True)
class ShownOnce:
    """Once that this person was ranked for this mission: for whom, which section, place from 1, score of 100."""

    at: datetime
    section: str
    place: int | None
    score: int | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """``score`` of 100 is the sum of the points of ``reasons``; ``exact`` the same before rounding, ``parts`` of it.

    ``place`` is from 1 of ``of``, ``None`` for who is no match: then ``blocked`` says why, or they are not ``listed``
    or one of the client's ``own`` members. Where the mission has ended (``open`` is false) there is ``shown`` alone.
    ``gates`` are the labels of the criteria that may keep somebody out; where nothing ranks (``ranks`` is false) they
    alone decide who fits, and there is no score and no place.
    """

    name: str
    shown: Sequence[ShownOnce]
    score: int | None = None
    exact: float | None = None
    parts: tuple[tuple[str, float, float], ...] = ()
    place: int | None = None
    of: int = 0
    reasons: Sequence[ReasonView] = ()
    blocked: Sequence[tuple[str, str]] = ()
    missing: Sequence[str] = ()
    advice: str = ""
    broken: Sequence[tuple[str, str]] = ()
    listed: bool = False
    own: bool = False
    open: bool = True
    ranks: bool = True
    gates: Sequence[str] = ()


def explain(house: House, session: Session, mission: str, freelancer: str, locale: str) -> Explained | None:
    """``None`` where there is no such mission or freelancer. Raises ``GateBroken``."""
    index = house.ports.get(Indexes).current(session)
    people, missions = index.people.side, index.missions.side
    name = queries.names(session, [freelancer]).get(freelancer)
    circle = circle_of(house, session, index, mission, house.clock.business().date())
    if circle is None and name is not None and mission_row(session, mission) is not None:
        return Explained(name, _shown(session, mission, freelancer), open=False)
    person, row = people.number.get(freelancer), missions.number.get(mission)
    if circle is None or person is None or row is None:
        return None
    ranking = circle.best(0)
    of, i = ranking.total, place_of(index, ranking, freelancer)
    alone = i is None  # somebody far from it, or in no list
    if i is None:
        ranking, i = circle.these([freelancer]), 0
    skills = asked_skills(index.taxonomy, missions.skills.of(row), Levels(index, ranking).of(i), locale)
    languages = missing_languages(index.languages, int(missions.languages[row]), int(people.languages[person]))
    order = ranking.order.tolist()
    lacking = [*filter(None, (missing_musts(skills), missing_nices(skills))), *languages]
    ranks = ranking.ranks
    return Explained(
        name=name or freelancer, score=ranking.score(i) if ranks else None,
        exact=int(ranking.scores[i]) / FINE * 100 if ranks else None, ranks=ranks,
        gates=[gettext(c.it.label) for c in shutting(house.plugins.matching_criteria)],
        parts=tuple((p.entry.it.name, p.share, float(p.scores[i])) for p in ranking.parts),
        place=order.index(i) + 1 if i in order and ranks and not alone else None, of=of,
        reasons=reason_views(ranking, i), blocked=blockers(ranking, i, Wants(skills, languages)), missing=lacking,
        advice=f"{gate_advice(ranking, i)} {advice(ranking, i)}".strip(),
        broken=[(b.criterion, b.why) for b in ranking.broken], listed=bool(index.people.shown[person]),
        own=freelancer in circle.own, shown=_shown(session, mission, freelancer),
    )  # fmt: skip


def _shown(session: Session, mission: str, freelancer: str) -> list[ShownOnce]:
    rows = [r for r in queries.shown_rankings(session, subject=mission) if r.kind != "missions"]
    found, made = queries.contents(session, [r.content for r in rows]), []
    for row in rows:
        kept = found[row.content]
        on_show = {name: ids for name, ids in kept.shown.items() if freelancer in ids}
        beside = [name for name, _seed, ids in kept.placed if freelancer in ids]
        if row.kind == "hand" and row.picked != freelancer:
            continue
        if row.kind == "people" and not on_show and not beside:
            continue
        one = kept.row(freelancer)
        section = "hand" if row.kind == "hand" else next(iter([*on_show, *beside]))
        score = round(one.score / FINE * 100) if one else None
        made.append(ShownOnce(row.at, section, kept.place(freelancer), score, row.by))
    return made
