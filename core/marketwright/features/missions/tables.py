"""Missions, what they ask for, whom they invite, and the briefs of visitors who have no account yet."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor


class Mission(Base):
    """What a client needs. ``budget`` is minor units a day or for the whole, as ``budget_kind`` says, before tax."""

    __tablename__ = "missions"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'waiting', 'published', 'paused', 'filled', 'closed')", name="state"),
        CheckConstraint("budget_kind IN ('day_rate', 'fixed')", name="budget_kind"),
        CheckConstraint("budget IS NULL OR budget > 0", name="budget"),
        CheckConstraint("remote IN ('remote', 'hybrid', 'onsite')", name="remote"),
        CheckConstraint("visibility IN ('public', 'members', 'invited')", name="visibility"),
        CheckConstraint("duration_days IS NULL OR duration_days BETWEEN 1 AND 1000", name="duration"),
        CheckConstraint("days_a_week IS NULL OR days_a_week BETWEEN 1 AND 7", name="days_a_week"),
        CheckConstraint("state <> 'closed' OR close_reason <> ''", name="closed_with_reason"),
        CheckConstraint(
            "state IN ('draft', 'waiting', 'closed') OR (budget IS NOT NULL AND title <> '' AND description <> '')",
            name="complete_when_seen",
        ),
        Index("ix_missions_state", "state", "visibility", "published_at"),
        Index("ix_missions_organisation", "organisation_id", "state"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    created_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    title: Mapped[str] = mapped_column(String(160), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")  # of title and description
    description: Mapped[str] = mapped_column(Text, default="")  # Markdown, cleaned when shown
    summary: Mapped[str] = mapped_column(String(320), default="")  # its first words as plain text, for cards
    start_on: Mapped[date | None]
    duration_days: Mapped[int | None]  # days of work
    days_a_week: Mapped[int | None]
    budget_kind: Mapped[str] = mapped_column(String(10), default="day_rate")
    budget: Mapped[Minor | None]
    currency: Mapped[Currency]
    city: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    remote: Mapped[str] = mapped_column(String(10), default="hybrid")
    reach: Mapped[str] = mapped_column(String(8), default="")  # who may do it: brief.REACHES
    within_km: Mapped[int | None]  # of the town
    languages: Mapped[list[str]] = mapped_column(default=list)
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    named: Mapped[bool] = mapped_column(default=True)
    public_name: Mapped[str] = mapped_column(String(160), default="")  # instead of the name; '' for the organisation's
    state: Mapped[str] = mapped_column(String(10), default="draft")
    close_reason: Mapped[str] = mapped_column(Text, default="")
    refusal: Mapped[str] = mapped_column(Text, default="")  # why staff sent it back
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    service_id: Mapped[str] = mapped_column(String(16), default="")  # an order of this service: in no list, no index
    confidential: Mapped[bool] = mapped_column(default=False)  # whether something opens only after the agreement
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class MissionSkill(Base):
    """A skill asked for: a must, or nice to have; ``level`` 1 to 4, or any."""

    __tablename__ = "mission_skills"
    __table_args__ = (
        CheckConstraint("level IS NULL OR level BETWEEN 1 AND 4", name="level"),
        Index("ix_mission_skills_skill", "skill_id", "mission_id"),
    )

    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True)
    must: Mapped[bool]
    level: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)


class Question(Base):
    """One of up to five questions that applicants answer."""

    __tablename__ = "mission_questions"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 5", name="number"),)

    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(String(400))


class ConfidentialPart(Base):
    """What only they read who signed the confidentiality agreement; its files carry the purpose ``confidential``.

    Where the niche seals parts of a brief it lies under ``seal``, and ``text`` is empty; its files are sealed as well.
    """

    __tablename__ = "confidential_parts"

    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="")
    seal: Mapped[str] = mapped_column(String(16), default="")


class MissionEstimate(Base):
    """What an estimator says a brief implies in days; ``source`` is what it was computed from."""

    __tablename__ = "mission_estimates"
    __table_args__ = (CheckConstraint("low > 0 AND low <= likely AND likely <= high", name="range"),)

    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), primary_key=True)
    estimator: Mapped[str] = mapped_column(String(80), primary_key=True)
    label: Mapped[str] = mapped_column(String(200))
    low: Mapped[int]
    likely: Mapped[int]
    high: Mapped[int]
    parts: Mapped[list[Any]] = mapped_column(default=list)  # label, days, why; sentences with their parameters
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class MissionInvitation(Base):
    """A freelancer who was asked by name; opens missions that only invited people see."""

    __tablename__ = "mission_invitations"

    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), primary_key=True)
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")


class PendingBrief(Base):
    """A brief as typed by somebody who has not signed in yet; their browser holds the token, we keep its hash."""

    __tablename__ = "pending_briefs"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    typed: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]  # machine time
    updated_at: Mapped[datetime] = mapped_column(index=True)  # machine time
