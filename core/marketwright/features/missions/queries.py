"""Reads of missions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.missions.tables import (
    ConfidentialPart,
    Mission,
    MissionInvitation,
    MissionSkill,
    Question,
)
from marketwright.features.skills.queries import SkillRow, label_column
from marketwright.features.skills.tables import Skill
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class MissionRow:
    """One mission. ``budget`` in minor units; ``fields`` the niche's own, as stored."""

    id: str
    organisation_id: str
    created_by: str
    title: str
    language: str
    description: str
    summary: str
    start_on: date | None
    duration_days: int | None
    days_a_week: int | None
    budget_kind: str
    budget: int | None
    currency: str
    city: str
    country: str
    remote: str
    reach: str
    within_km: int | None
    languages: list[str]
    visibility: str
    named: bool
    public_name: str
    state: str
    close_reason: str
    refusal: str
    fields: dict[str, Any]
    confidential: bool
    created_at: datetime
    published_at: datetime | None
    updated_at: datetime
    version: int

    @property
    def price(self) -> Money | None:
        """The budget, before tax: a day, or for the whole."""
        return Money(self.budget, self.currency) if self.budget else None


@dataclass(frozen=True, slots=True)
class WantedRow:
    """A skill asked for, with its label; ``level`` 0 for any."""

    id: str
    label: str
    must: bool
    level: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """A freelancer who was asked by name."""

    mission_id: str
    freelancer_id: str
    name: str
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class MissionCard:
    """A mission in a list. ``client_id`` is empty and ``client`` a description where the client is anonymous.

    ``sector`` and ``size`` are the client's, for one that gives neither name nor description.
    """

    id: str
    title: str
    client: str
    client_id: str
    summary: str
    city: str
    country: str
    remote: str
    start_on: date | None
    duration_days: int | None
    days_a_week: int | None
    budget: Money | None
    budget_kind: str
    language: str
    languages: tuple[str, ...]
    state: str
    visibility: str
    confidential: bool
    published_at: datetime | None
    skills: tuple[WantedRow, ...] = ()
    sector: str = ""
    size: int | None = None


_MISSION: tuple[Any, ...] = tuple(getattr(Mission, name) for name in MissionRow.__dataclass_fields__)


def mission(session: Session, id: str) -> MissionRow | None:  # noqa: A002  the word of the domain
    """The mission ``id``, whoever may see it: the caller asks :mod:`~marketwright.features.missions.sight`."""
    row = session.execute(select(*_MISSION).where(Mission.id == id)).first()
    return MissionRow(*row) if row else None


def missions_by_id(session: Session, ids: Sequence[str]) -> dict[str, MissionRow]:
    """The missions of ``ids`` that exist, by id."""
    found = session.execute(select(*_MISSION).where(Mission.id.in_(set(ids))))
    return {row.id: row for row in (MissionRow(*r) for r in found)}


def missions_of(session: Session, organisations: Sequence[str], states: Sequence[str] = ()) -> list[MissionRow]:
    """The missions of ``organisations``, newest change first."""
    query = select(*_MISSION).where(Mission.organisation_id.in_(organisations), Mission.service_id == "")
    if states:
        query = query.where(Mission.state.in_(states))
    return [MissionRow(*r) for r in session.execute(query.order_by(Mission.updated_at.desc(), Mission.id))]


def waiting(session: Session) -> list[MissionRow]:
    """What waits for the staff, oldest first."""
    query = select(*_MISSION).where(Mission.state == "waiting").order_by(Mission.updated_at, Mission.id)
    return [MissionRow(*r) for r in session.execute(query)]


def skills_of(session: Session, mission: str, locale: str) -> list[WantedRow]:
    """What it asks for: the musts first, each in the client's order."""
    query = (
        select(Skill.id, label_column(locale), MissionSkill.must, MissionSkill.level)
        .join(MissionSkill, MissionSkill.skill_id == Skill.id)
        .where(MissionSkill.mission_id == mission)
        .order_by(MissionSkill.must.desc(), MissionSkill.position, Skill.id)
    )
    return [WantedRow(i, label, must, level or 0) for i, label, must, level in session.execute(query)]


def skill_ids(session: Session, mission: str) -> list[str]:
    """The ids of the skills that it asks for, musts and nice ones alike."""
    return list(session.scalars(select(MissionSkill.skill_id).where(MissionSkill.mission_id == mission)))


def asking_for(session: Session, skill: str) -> list[str]:
    """The missions that ask for a skill, in whatever state."""
    return list(session.scalars(select(MissionSkill.mission_id).where(MissionSkill.skill_id == skill)))


def questions(session: Session, mission: str) -> list[str]:
    """Its questions to applicants, in order."""
    query = select(Question.text).where(Question.mission_id == mission).order_by(Question.number)
    return list(session.scalars(query))


def confidential_text(session: Session, mission: str) -> str:
    """The confidential part, Markdown; the caller checks who may read it."""
    found = session.scalar(select(ConfidentialPart.text).where(ConfidentialPart.mission_id == mission))
    return found or ""


def invitations(session: Session, mission: str) -> list[InvitationRow]:
    """Whom it invited, newest first."""
    query = (
        select(
            MissionInvitation.mission_id, MissionInvitation.freelancer_id, Account.name, MissionInvitation.by,
            MissionInvitation.at, MissionInvitation.note,
        )
        .join(Account, Account.id == MissionInvitation.freelancer_id)
        .where(MissionInvitation.mission_id == mission)
        .order_by(MissionInvitation.at.desc(), MissionInvitation.freelancer_id)
    )  # fmt: skip
    return [InvitationRow(*r) for r in session.execute(query)]


def is_invited(session: Session, mission: str, account: str) -> bool:
    """Whether ``account`` was asked by name."""
    return session.get(MissionInvitation, (mission, account)) is not None


def invited(session: Session, mission: str) -> frozenset[str]:
    """Who was asked by name."""
    query = select(MissionInvitation.freelancer_id).where(MissionInvitation.mission_id == mission)
    return frozenset(session.scalars(query))


def mission_cards(session: Session, ids: Sequence[str], locale: str) -> list[MissionCard]:
    """The cards of ``ids`` in their order, in one statement. The caller has checked that the reader may see them."""
    if not ids:
        return []
    query = (
        select(
            Mission.id, Mission.title, Mission.organisation_id, Mission.named, Mission.public_name, Organisation.name,
            Organisation.public_name_en, Organisation.public_name_fr, Mission.summary, Mission.city, Mission.country,
            Mission.remote, Mission.start_on, Mission.duration_days, Mission.days_a_week, Mission.budget,
            Mission.currency, Mission.budget_kind, Mission.language, Mission.languages, Mission.state,
            Mission.visibility, Mission.confidential, Mission.published_at, MissionSkill.skill_id,
            label_column(locale).label("skill"), MissionSkill.must, MissionSkill.level, Organisation.sector,
            Organisation.size,
        )
        .join(Organisation, Organisation.id == Mission.organisation_id)
        .outerjoin(MissionSkill, MissionSkill.mission_id == Mission.id)
        .outerjoin(Skill, Skill.id == MissionSkill.skill_id)
        .where(Mission.id.in_(ids))
        .order_by(Mission.id, MissionSkill.must.desc(), MissionSkill.position, MissionSkill.skill_id)
    )  # fmt: skip
    grouped: dict[str, list[Any]] = {}
    for row in session.execute(query):
        grouped.setdefault(row.id, []).append(row)
    return [_card(grouped[i], locale) for i in ids if i in grouped]


def card_versions(session: Session, ids: Sequence[str]) -> list[tuple[str, tuple[Any, ...]]]:
    """Id and version of the cards of ``ids`` in their order; what is not open by now is left out.

    The version changes with everything that a card shows but the words for it; last in it stands when it was
    published, from which time alone makes more.
    """
    query = (
        select(
            Mission.id, Mission.version, Mission.updated_at, Organisation.name, Organisation.public_name_en,
            Organisation.public_name_fr, Organisation.sector, Organisation.size, Mission.published_at,
        )
        .join(Organisation, Organisation.id == Mission.organisation_id)
        .where(Mission.id.in_(ids), Mission.state == "published")
    )  # fmt: skip
    found = {row.id: tuple(row[1:]) for row in session.execute(query)} if ids else {}
    return [(i, found[i]) for i in ids if i in found]


def _card(rows: list[Any], locale: str) -> MissionCard:
    m = rows[0]
    own = (m.public_name_fr, m.public_name_en) if locale == "fr" else (m.public_name_en, m.public_name_fr)
    return MissionCard(
        m.id, m.title, m.name if m.named else m.public_name or own[0] or own[1], m.organisation_id if m.named else "",
        m.summary, m.city, m.country, m.remote, m.start_on, m.duration_days, m.days_a_week,
        Money(m.budget, m.currency) if m.budget else None, m.budget_kind, m.language, tuple(m.languages), m.state,
        m.visibility, m.confidential, m.published_at,
        tuple(WantedRow(r.skill_id, r.skill, r.must, r.level or 0) for r in rows if r.skill_id), m.sector, m.size,
    )  # fmt: skip


def often_asked(session: Session, locale: str, limit: int = 8) -> list[SkillRow]:
    """The skills that open missions ask for most: offered when somebody picks."""
    query = (
        select(Skill.id, label_column(locale))
        .join(MissionSkill, MissionSkill.skill_id == Skill.id)
        .join(Mission, Mission.id == MissionSkill.mission_id)
        .where(Mission.state == "published", Mission.visibility == "public")
        .group_by(Skill.id)
        .order_by(func.count().desc(), Skill.id)
        .limit(limit)
    )
    return [SkillRow(i, label) for i, label in session.execute(query)]


@dataclass(frozen=True, slots=True)
class ClientCounts:
    """How many missions a client has put here: ever seen by others, open now, filled."""

    seen: int
    open: int
    filled: int


def client_counts(session: Session, organisation: str) -> ClientCounts:
    """Counts of one client, whatever its missions' visibility."""
    query = select(
        func.count(Mission.published_at),
        func.count().filter(Mission.state == "published"),
        func.count().filter(Mission.state == "filled"),
    ).where(Mission.organisation_id == organisation, Mission.service_id == "")
    return ClientCounts(*session.execute(query).one())


def named_in_public(session: Session, organisation: str) -> list[str]:
    """The open missions that the client put here under its name, for everybody, newest first."""
    query = (
        select(Mission.id)
        .where(Mission.organisation_id == organisation, Mission.named, Mission.visibility == "public",
               Mission.state == "published")
        .order_by(Mission.published_at.desc(), Mission.id)
    )  # fmt: skip
    return list(session.scalars(query))


def was_named(session: Session, organisation: str, *, members: bool) -> bool:
    """Whether the client ever gave its name on a mission for everybody, or for ``members`` where one of them asks."""
    query = select(Mission.id).where(
        Mission.organisation_id == organisation, Mission.named, Mission.published_at.is_not(None),
        Mission.visibility.in_(("public", "members") if members else ("public",)),
    )  # fmt: skip
    return session.execute(query.limit(1)).first() is not None


def was_named_to(session: Session, organisation: str, account: str) -> bool:
    """Whether the client gave its name on a mission to which it invited ``account``."""
    query = (
        select(Mission.id)
        .join(MissionInvitation, MissionInvitation.mission_id == Mission.id)
        .where(Mission.organisation_id == organisation, Mission.named, Mission.state.not_in(("draft", "waiting")),
               MissionInvitation.freelancer_id == account)
    )  # fmt: skip
    return session.execute(query.limit(1)).first() is not None


_FOR_EVERYBODY = (Mission.state == "published", Mission.visibility == "public")


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that everybody may open, for the sitemap."""

    id: str
    title: str
    changed: datetime


def public_pages(session: Session, offset: int, most: int) -> list[PublicPage]:
    """The pages that everybody may open, in the order of their ids."""
    query = select(Mission.id, Mission.title, Mission.updated_at).where(*_FOR_EVERYBODY)
    return [PublicPage(*row) for row in session.execute(query.order_by(Mission.id).offset(offset).limit(most))]


def count_public(session: Session) -> int:
    """How many pages :func:`public_pages` has."""
    return session.scalar(select(func.count()).select_from(Mission).where(*_FOR_EVERYBODY)) or 0
