"""Proposals and their rounds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor
from marketwright.store.partial import partial_index
from marketwright.store.triggers import append_only

_ONE_OPEN = "state = 'open'"


class Proposal(Base):
    """One negotiation. ``turn`` is whose answer is awaited; ``approval_*`` is set while a buyer waits for a colleague.

    ``quote`` is the fee truth that was accepted; ``contract_id`` the contract drawn from it.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')", name="state"),
        CheckConstraint("turn IN ('client', 'freelancer')", name="turn"),
        CheckConstraint("closed_side IN ('', 'client', 'freelancer')", name="closed_side"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_when_not_open"),
        CheckConstraint("round_count >= 1", name="has_a_round"),
        partial_index("uq_proposals_open_thread", "thread_id", unique=True, where=_ONE_OPEN),
        Index("ix_proposals_expiry", "state", "expires_at"),
        Index("ix_proposals_mission", "mission_id", "state"),
    )

    id: Mapped[Id]
    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"))
    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    process: Mapped[str] = mapped_column(String(80))
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(String(10), default="open")
    turn: Mapped[str] = mapped_column(String(10))
    round_count: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(16), default="")
    closed_side: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    approval_by: Mapped[str] = mapped_column(String(16), default="")
    approval_at: Mapped[datetime | None]
    approval_round: Mapped[int] = mapped_column(default=0)
    quote: Mapped[dict[str, Any] | None]
    contract_id: Mapped[str] = mapped_column(String(16), default="")
    version: Mapped[int] = mapped_column(default=1)


class Round(Base):
    """One offer: ``lines`` are [{title, detail, amount, days, rate, due}], minor units before tax and fees.

    ``agreed`` is what it says of each deliverable of the course: values by field, by the deliverable's name.
    """

    __tablename__ = "proposal_rounds"
    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        CheckConstraint("by_side IN ('client', 'freelancer')", name="by_side"),
        CheckConstraint("work > 0", name="work_positive"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposals.id"))
    number: Mapped[int]
    by_side: Mapped[str] = mapped_column(String(10))
    by_account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    lines: Mapped[list[Any]]
    work: Mapped[Minor]
    note: Mapped[str] = mapped_column(Text, default="")
    start_on: Mapped[date | None]
    quote: Mapped[dict[str, Any]]
    agreed: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]


append_only("proposal_rounds")
