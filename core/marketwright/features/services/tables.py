"""Services and their options."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor


class Service(Base):
    """One packaged offer of a freelancer. ``price`` is minor units before tax and fees, without options.

    An order keeps what it was bought as: a later change touches no contract.
    """

    __tablename__ = "services"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'removed')", name="state"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("delivery_days BETWEEN 1 AND 365", name="delivery_days"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_since"),
        Index("ix_services_profile", "profile_id", "state"),
        Index("ix_services_state", "state", "published_at"),
    )

    id: Mapped[Id]
    profile_id: Mapped[str] = mapped_column(ForeignKey("profiles.id"))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(240))
    description: Mapped[str] = mapped_column(Text)  # Markdown, cleaned when shown
    wants: Mapped[str] = mapped_column(Text, default="")  # what the client is asked for when buying
    language: Mapped[str] = mapped_column(String(5))
    price: Mapped[Minor]
    currency: Mapped[Currency]
    delivery_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class ServiceOption(Base):
    """Something that may be bought with a service: what it adds to the price and to the days (0: nothing)."""

    __tablename__ = "service_options"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("days BETWEEN 0 AND 365", name="days"),
        CheckConstraint("number BETWEEN 1 AND 10", name="number"),
    )

    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(160))
    price: Mapped[Minor]
    days: Mapped[int] = mapped_column(default=0)
