"""Entitlements and each time one was used."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id


class Entitlement(Base):
    """``owner`` (a freelancer's account or an organisation) has ``name`` from one instant to another.

    ``quota`` is how often in that time (none: always). ``source`` is what grants it: a subscription, for one period.
    """

    __tablename__ = "entitlements"
    __table_args__ = (
        UniqueConstraint("source", "name", "starts_at"),
        CheckConstraint("owner_kind IN ('freelancer', 'organisation')", name="owner_kind"),
        CheckConstraint("ends_at > starts_at", name="lasts"),
        CheckConstraint("used >= 0 AND (quota IS NULL OR used <= quota)", name="within_quota"),
        Index("ix_entitlements_owner", "owner_id", "name", "ends_at"),
    )

    id: Mapped[Id]
    owner_kind: Mapped[str] = mapped_column(String(12))
    owner_id: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(40))
    quota: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(40))


class EntitlementUse(Base):
    """One use, for one subject (a mission, say): the same subject never counts twice."""

    __tablename__ = "entitlement_uses"
    __table_args__ = (UniqueConstraint("entitlement_id", "subject"),)

    id: Mapped[Id]
    entitlement_id: Mapped[str] = mapped_column(ForeignKey("entitlements.id"))
    subject: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
