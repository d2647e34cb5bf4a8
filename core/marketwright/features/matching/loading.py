"""From the database into memory: a stamp that tells whether anything changed, and the rows of the index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import ScalarSelect

from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.facets.tables import Facet
from marketwright.features.missions.tables import Mission, MissionInvitation, MissionSkill
from marketwright.features.profiles.tables import Claim, Profile
from marketwright.features.skills.tables import Skill, SkillLabel, SkillParent

FEW = 200  # owners named in one statement
KEPT = ("draft", "waiting", "published", "paused")
Stamp = tuple[object, ...]


def _one(column: Any, *joins: Any) -> ScalarSelect[Any]:
    query = select(column)
    for target, condition in joins:
        query = query.join(target, condition)
    return query.scalar_subquery()


_PEOPLE = (Account, Account.id == Profile.id)
_STAMP = select(
    _one(func.count(Profile.id)), _one(func.sum(Profile.version)), _one(func.sum(Profile.claims)),
    _one(func.max(Profile.updated_at)), _one(func.count(Profile.id).filter(Profile.listed)),
    _one(func.count(Account.suspended_at), (Profile, Account.id == Profile.id)),
    _one(func.sum(func.length(Account.name)), (Profile, Account.id == Profile.id)),
    _one(func.count(Mission.id)), _one(func.sum(Mission.version)), _one(func.max(Mission.updated_at)),
    _one(func.count(MissionInvitation.mission_id)), _one(func.max(Facet.seq)),
    _one(func.sum(func.length(Organisation.name + Organisation.public_name_en + Organisation.public_name_fr))),
)  # fmt: skip
_SKILLS_STAMP = select(
    _one(func.max(SkillLabel.seq)), _one(func.count(Skill.id)), _one(func.count(SkillParent.skill_id))
)


def stamp(session: Session) -> tuple[Stamp, Stamp]:
    """What changes whenever people or missions change, and whenever skills do; one statement."""
    row = session.execute(_STAMP.add_columns(*_SKILLS_STAMP.selected_columns)).one()
    return tuple(row[:-3]), tuple(row[-3:])


@dataclass(frozen=True, slots=True)
class SkillData:
    """All skills: (id, English, French), every name by skill, and broader ones by skill."""

    skills: list[tuple[str, str, str]]
    names: Mapping[str, list[str]]
    parents: Mapping[str, list[str]]


def load_skills(session: Session) -> SkillData:
    """Three statements."""
    names: dict[str, list[str]] = {}
    for skill, label in session.execute(select(SkillLabel.skill_id, SkillLabel.label)):
        names.setdefault(skill, []).append(label)
    parents: dict[str, list[str]] = {}
    for skill, parent in session.execute(select(SkillParent.skill_id, SkillParent.parent_id)):
        parents.setdefault(skill, []).append(parent)
    found = session.execute(select(Skill.id, Skill.label_en, Skill.label_fr).order_by(Skill.id))
    return SkillData([(i, en, fr or en) for i, en, fr in found], names, parents)


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
    listed: bool
    updated_at: datetime
    claims: list[tuple[str, str | None, int | None, int | None, str, str]]
    facets: list[tuple[str, str | None, float | None]]
    version: int = 1  # of the profile with its claims


def load_people(session: Session, known: Sequence[PersonData] = ()) -> list[PersonData]:
    """Everybody with a profile whose account stands, by id; three statements.

    Whose profile is at the version in ``known`` keeps the claims read then.
    """
    facets = _facets(session, "profile")
    before = {k.id: k for k in known}
    p = Profile
    columns: tuple[Any, ...] = (
        p.id, Account.name, p.headline, p.bio, p.city, p.country, p.remote, p.day_rate, p.currency, p.available_from,
        p.days_a_week, p.years, p.claims, p.proved, p.documents, p.rating_sum, p.rating_count, p.listed, p.updated_at,
    )  # fmt: skip
    query = select(*columns, p.version).join(*_PEOPLE).where(Account.suspended_at.is_(None)).order_by(p.id)
    rows = session.execute(query).all()
    claims = {k.id: k.claims for row in rows if (k := before.get(row.id)) and k.version == row.version}
    claims |= _claims(session, [row.id for row in rows if row.id not in claims])
    return [
        PersonData(*(*row[:-1], claims.get(row.id, []), facets.get(row.id, []), row.version)) for row in rows
    ]


def _claims(session: Session, owners: Sequence[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    c = Claim
    query = select(c.profile_id, c.kind, c.skill_id, c.level, c.years, c.label, c.organisation)
    if len(owners) <= FEW:
        query = query.where(c.profile_id.in_(owners))
    for owner, *rest in session.execute(query.order_by(c.profile_id, c.position, c.id)):
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


def load_missions(session: Session) -> list[MissionData]:
    """Every mission that has not ended, by id; four statements."""
    skills: dict[str, list[Any]] = {}
    asked = (MissionSkill.mission_id, MissionSkill.skill_id, MissionSkill.must, MissionSkill.level)
    for owner, *rest in session.execute(select(*asked).order_by(MissionSkill.mission_id, MissionSkill.position)):
        skills.setdefault(owner, []).append(tuple(rest))
    invited: dict[str, set[str]] = {}
    for mission, who in session.execute(select(MissionInvitation.mission_id, MissionInvitation.freelancer_id)):
        invited.setdefault(mission, set()).add(who)
    facets = _facets(session, "mission")
    m, o = Mission, Organisation
    columns: tuple[Any, ...] = (
        m.id, m.organisation_id, m.title, m.description, m.named, m.public_name, o.name, o.public_name_en,
        o.public_name_fr, m.city, m.country, m.remote, m.budget_kind, m.budget, m.currency, m.start_on,
        m.duration_days, m.days_a_week, m.languages, m.visibility, m.state, m.published_at,
    )  # fmt: skip
    rows = session.execute(select(*columns).join(o, o.id == m.organisation_id).where(m.state.in_(KEPT)).order_by(m.id))
    return [
        MissionData(*(*row[:4], _client(row), *row[9:], skills.get(row.id, []), facets.get(row.id, []),
                      frozenset(invited.get(row.id, ()))))
        for row in rows
    ]  # fmt: skip


def _client(row: Any) -> str:
    """Every name that the public may read, and none other."""
    return str(row.name) if row.named else row.public_name or f"{row.public_name_en} {row.public_name_fr}"


def _facets(session: Session, owner: str) -> dict[str, list[tuple[str, str | None, float | None]]]:
    found: dict[str, list[tuple[str, str | None, float | None]]] = {}
    query = select(Facet.owner_id, Facet.field, Facet.text, Facet.number).where(Facet.owner_kind == owner)
    for row in session.execute(query.order_by(Facet.owner_id, Facet.seq)):
        found.setdefault(row.owner_id, []).append((row.field, row.text, row.number))
    return found
