"""Profiles and the claims they are made of. A profile's id is its account's."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor


class Profile(Base):
    """What a freelancer offers. ``visible`` is their wish; ``listed`` adds that the gate ``appear`` is open.

    ``claims``, ``proved``, ``documents``, ``rating_sum`` and ``rating_count`` are counts kept for lists of cards;
    ``asked``, ``answered`` and ``answer_hours`` for the ranking.
    """

    __tablename__ = "profiles"
    __table_args__ = (
        CheckConstraint("remote IN ('remote', 'hybrid', 'onsite')", name="remote"),
        CheckConstraint("day_rate IS NULL OR day_rate > 0", name="day_rate"),
        CheckConstraint("days_a_week IS NULL OR days_a_week BETWEEN 1 AND 7", name="days_a_week"),
        CheckConstraint("years IS NULL OR years BETWEEN 0 AND 70", name="years"),
        CheckConstraint("visible OR NOT listed", name="listed_is_visible"),
        CheckConstraint("proved >= 0 AND documents >= 0 AND claims >= 0", name="counts"),
        CheckConstraint("rating_count >= 0 AND rating_sum BETWEEN rating_count AND 5 * rating_count", name="rating"),
        Index("ix_profiles_listed", "listed", "updated_at"),
    )

    id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    headline: Mapped[str] = mapped_column(String(160), default="")
    bio: Mapped[str] = mapped_column(Text, default="")  # Markdown, cleaned when shown
    language: Mapped[str] = mapped_column(String(5), default="en")  # of headline and bio
    city: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    remote: Mapped[str] = mapped_column(String(10), default="hybrid")
    day_rate: Mapped[Minor | None]
    currency: Mapped[Currency]
    available_from: Mapped[date | None]
    days_a_week: Mapped[int | None]
    years: Mapped[int | None]
    photo_file: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    visible: Mapped[bool] = mapped_column(default=False)
    listed: Mapped[bool] = mapped_column(default=False)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    claims: Mapped[int] = mapped_column(default=0)
    proved: Mapped[int] = mapped_column(default=0)
    documents: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(default=0)
    rating_count: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)  # clients who wrote first, in a year
    answered: Mapped[int] = mapped_column(default=0)  # of these
    answer_hours: Mapped[int | None]  # half of the answers came within so many
    available_said_at: Mapped[datetime | None]  # when they last said so
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Claim(Base):
    """One thing a freelancer says of themselves. Months are ``YYYY-MM``; an experience without an end goes on.

    ``level`` is 1 to 4 for skills (knows, works with, masters, leads) and languages (basic, working, fluent, native).
    A claim that changes gets a new id, so that no proof outlives what it proved.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint("kind IN ('skill', 'experience', 'certificate', 'language')", name="kind"),
        CheckConstraint("(kind = 'skill') = (skill_id IS NOT NULL)", name="skill"),
        CheckConstraint("level IS NULL OR level BETWEEN 1 AND 4", name="level"),
        CheckConstraint("years IS NULL OR years BETWEEN 0 AND 70", name="years"),
        Index("ix_claims_profile", "profile_id", "kind", "position"),
        Index("ix_claims_skill", "skill_id", "profile_id"),
    )

    id: Mapped[Id]
    profile_id: Mapped[str] = mapped_column(ForeignKey("profiles.id"))
    kind: Mapped[str] = mapped_column(String(12))
    position: Mapped[int] = mapped_column(default=0)
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skills.id"))
    level: Mapped[int | None]
    years: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(200), default="")  # title, name of a certificate, code of a language
    organisation: Mapped[str] = mapped_column(String(160), default="")
    from_month: Mapped[str] = mapped_column(String(7), default="")
    to_month: Mapped[str] = mapped_column(String(7), default="")
    issuer: Mapped[str] = mapped_column(String(160), default="")
    number: Mapped[str] = mapped_column(String(80), default="")  # shown to nobody but its owner and staff
    issued: Mapped[str] = mapped_column(String(7), default="")
    expires: Mapped[str] = mapped_column(String(7), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime]
