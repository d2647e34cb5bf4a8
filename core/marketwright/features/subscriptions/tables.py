"""Subscriptions and the periods that were billed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor
from marketwright.store.partial import partial_index

_OPEN = "state <> 'ended'"


class Subscription(Base):
    """One plan of one owner; ``terms`` is the plan as it was when this period began. One that is not ended an owner.

    ``next_plan`` is what follows at the end of the period: a plan's name, or ``none``. ``grace`` runs until
    ``grace_until`` while a bill is not paid.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("owner_kind IN ('freelancer', 'organisation')", name="owner_kind"),
        CheckConstraint("state IN ('active', 'grace', 'ended')", name="state"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("(state = 'grace') = (grace_until IS NOT NULL)", name="grace"),
        partial_index("uq_subscriptions_open", "owner_id", unique=True, where=_OPEN),
        Index("ix_subscriptions_due", "state", "period_end"),
    )

    id: Mapped[Id]
    owner_kind: Mapped[str] = mapped_column(String(12))
    owner_id: Mapped[str] = mapped_column(String(16))
    plan: Mapped[str] = mapped_column(String(40))
    terms: Mapped[dict[str, Any]]
    next_plan: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(8), default="active")
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    anchor_day: Mapped[int]  # of the month, on which periods begin
    grace_until: Mapped[datetime | None]
    started_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    version: Mapped[int] = mapped_column(default=1)


class SubscriptionBill(Base):
    """What one period (or the rest of one, after an upgrade) costs, and the document due that invoices it.

    ``amount`` is before tax; ``credit`` what of an earlier plan was left and taken off, ``carried`` what of that was
    more than the price. The next bill of the same owner takes it: only the last one's counts, so it is used once.
    """

    __tablename__ = "subscription_bills"
    __table_args__ = (
        UniqueConstraint("subscription_id", "number"),
        CheckConstraint("amount >= 0 AND credit >= 0", name="amounts"),
        CheckConstraint("carried >= 0", name="carried"),
        CheckConstraint("state IN ('open', 'paid', 'given_up')", name="state"),
    )

    id: Mapped[Id]
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscriptions.id"))
    number: Mapped[int]
    plan: Mapped[str] = mapped_column(String(40))
    amount: Mapped[Minor]
    credit: Mapped[Minor]
    carried: Mapped[Minor] = mapped_column(default=0)
    currency: Mapped[Currency]
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="open")
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(80), default="")
