"""From the database into memory: the rows of the index, all of them, a run of them, or some by name."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from marketwright.features.accounts.sectors import sector_key
from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.facets.tables import Facet
from marketwright.features.missions.tables import Mission, MissionInvitation, MissionSkill
from marketwright.features.profiles.tables import Claim, Profile
from marketwright.features.skills.queries import merged_into
from marketwright.features.skills.tables import Skill, SkillLabel, SkillParent
from marketwright.kernel.frozen import dataclass

FEW = 200  # owners named in one statement
SECTOR = "client.sector"  # a value of every mission, beside the niche's own fields, whose names have no point
KEPT = ("draft", "waiting", "published", "paused")


_PEOPLE = (Account, Account.id == Profile.id)


@dataclass(frozen=True, slots=True)
class SkillData:
    """All skills: (id, English, French), every name by skill, and broader ones by skill."""

    skills: list[tuple[str, str, str]]
    names: Mapping[str, list[str]]
    parents: Mapping[str, list[str]]
    merged: Mapping[str, str] = field(default_factory=dict)  # keys that are used no more, and what they mean


def load_skills(session: Session) -> SkillData:
    """Four statements."""
    names: dict[str, list[str]] = {}
    for skill, label in session.execute(select(SkillLabel.skill_id, SkillLabel.label)):
        names.setdefault(skill, []).append(label)
    parents: dict[str, list[str]] = {}
    for skill, parent in session.execute(select(SkillParent.skill_id, SkillParent.parent_id)):
        parents.setdefault(skill, []).append(parent)
    found = session.execute(select(Skill.id, Skill.label_en, Skill.label_fr).order_by(Skill.id))
    return SkillData([(i, en, fr or en) for i, en, fr in found], names, parents, merged_into(session))


@dataclass(frozen=True, slots=True)
class PersonData:
    """One freelancer. ``claims`` are (kind, skill, level, years, label, organisation)."""

    id: str
    name: str
    headline: str
    bio: str
    city: str
    country: str
    remote: str
    day_rate: int | None
    currency: str
    available_from: date | None
    days_a_week: int | None
    years: int | None
    claimed: int
    proved: int
    documents: int
    rating_sum: int
    rating_count: int
    asked: int
    answered: int
    answer_hours: int | None
    created_at: datetime
    listed: bool
    updated_at: datetime
    claims: list[tuple[str, str | None, int | None, int | None, str, str]]
    facets: list[tuple[str, str | None, float | None]]


def load_people(session: Session, only: Collection[str] | None = None, *, after: str = "", most: int | None = None
                ) -> list[PersonData]:  # fmt: skip
    """Everybody with a profile whose account stands, by id, or ``only`` those; three statements.

    ``after`` an id and at ``most`` so many.
    """
    p = Profile
    columns: tuple[Any, ...] = (
        p.id, Account.name, p.headline, p.bio, p.city, p.country, p.remote, p.day_rate, p.currency, p.available_from,
        p.days_a_week, p.years, p.claims, p.proved, p.documents, p.rating_sum, p.rating_count, p.asked,
        p.answered, p.answer_hours, p.created_at, p.listed, p.updated_at,
    )  # fmt: skip
    query = select(*columns).join(*_PEOPLE).where(Account.suspended_at.is_(None), p.id > after).order_by(p.id)
    if only is not None:
        query = query.where(p.id.in_(only))
    rows = session.execute(query.limit(most)).all()
    span = _span([row.id for row in rows], whole=only is None and most is None)
    claims, facets = _claims(session, span), _facets(session, "profile", span)
    return [PersonData(*(*row, claims.get(row.id, []), facets.get(row.id, []))) for row in rows]


Span = Callable[[Any], Any]  # a condition on a column of owners


def _span(ids: Sequence[str], *, whole: bool) -> Span:
    """The condition that an owner is one of ``ids`` (ascending): all, a few by name, or those between two."""
    if whole:
        return lambda _owner: true()
    if len(ids) <= FEW:
        return lambda owner: owner.in_(ids)
    return lambda owner: owner.between(ids[0], ids[-1])


def _claims(session: Session, span: Span) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    c = Claim
    query = select(c.profile_id, c.kind, c.skill_id, c.level, c.years, c.label, c.organisation)
    for owner, *rest in session.execute(query.where(span(c.profile_id)).order_by(c.profile_id, c.position, c.id)):
        found.setdefault(owner, []).append(tuple(rest))
    return found


@dataclass(frozen=True, slots=True)
class MissionData:
    """One mission. ``client`` is how it calls itself to the public; ``skills`` are (skill, must, level)."""

    id: str
    organisation: str
    title: str
    description: str
    client: str
    city: str
    country: str
    remote: str
    reach: str
    within_km: int | None
    budget_kind: str
    budget: int | None
    currency: str
    start_on: date | None
    duration_days: int | None
    days_a_week: int | None
    languages: list[str]
    visibility: str
    state: str
    published_at: datetime | None
    skills: list[tuple[str, bool, int | None]]
    facets: list[tuple[str, str | None, float | None]]
    invited: frozenset[str]


def load_missions(session: Session, only: Collection[str] | None = None, *, after: str = "", most: int | None = None
                  ) -> list[MissionData]:  # fmt: skip
    """Every mission that has not ended, by id, or ``only`` those; four statements."""
    m, o = Mission, Organisation
    columns: tuple[Any, ...] = (
        m.id, m.organisation_id, m.title, m.description, m.named, m.public_name, o.name, o.public_name_en,
        o.public_name_fr, o.sector, m.city, m.country, m.remote, m.reach, m.within_km, m.budget_kind, m.budget,
        m.currency, m.start_on,
        m.duration_days, m.days_a_week, m.languages, m.visibility, m.state, m.published_at,
    )  # fmt: skip
    query = select(*columns).join(o, o.id == m.organisation_id).where(m.state.in_(KEPT), m.id > after).order_by(m.id)
    if only is not None:
        query = query.where(m.id.in_(only))
    rows = session.execute(query.limit(most)).all()
    span = _span([row.id for row in rows], whole=only is None and most is None)
    skills, invited = _asked(session, span), _invited(session, span)
    facets = _facets(session, "mission", span)
    return [
        MissionData(*(*row[:4], _client(row), *row[10:], skills.get(row.id, []),
                      [*facets.get(row.id, []), *_sector(row.sector)],
                      frozenset(invited.get(row.id, ()))))
        for row in rows
    ]  # fmt: skip


def _asked(session: Session, span: Span) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    s = MissionSkill
    query = select(s.mission_id, s.skill_id, s.must, s.level).where(span(s.mission_id))
    for owner, *rest in session.execute(query.order_by(s.mission_id, s.position)):
        found.setdefault(owner, []).append(tuple(rest))
    return found


def _invited(session: Session, span: Span) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    i = MissionInvitation
    for mission, who in session.execute(select(i.mission_id, i.freelancer_id).where(span(i.mission_id))):
        found.setdefault(mission, set()).add(who)
    return found


def _sector(sector: str) -> list[tuple[str, str | None, float | None]]:
    """The client's sector, as if it were a field of the mission."""
    return [(SECTOR, key, None)] if (key := sector_key(sector)) else []


def _client(row: Any) -> str:
    """Every name that the public may read, and none other."""
    return str(row.name) if row.named else row.public_name or f"{row.public_name_en} {row.public_name_fr}"


def _facets(session: Session, owner: str, span: Span) -> dict[str, list[tuple[str, str | None, float | None]]]:
    found: dict[str, list[tuple[str, str | None, float | None]]] = {}
    query = select(Facet.owner_id, Facet.field, Facet.text, Facet.number).where(Facet.owner_kind == owner)
    for row in session.execute(query.where(span(Facet.owner_id)).order_by(Facet.owner_id, Facet.seq)):
        found.setdefault(row.owner_id, []).append((row.field, row.text, row.number))
    return found
