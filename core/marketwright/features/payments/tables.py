"""Rows of payments: holds, commands, facts and messages. They outlive the people and contracts that they name."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.features.payments import triggers as _triggers  # noqa: F401  declared with the tables they guard
from marketwright.store.base import Base, Currency, Id, Minor


class CommandState(StrEnum):
    """The life of a command. WAITING and PAGE are of the provider's making: under way, or a person must act."""

    PENDING = "PENDING"
    SENT = "SENT"
    WAITING = "WAITING"
    PAGE = "PAGE"
    UNKNOWN = "UNKNOWN"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"


SETTLED_STATES = (CommandState.CONFIRMED, CommandState.FAILED)
_STATES = "'PENDING', 'SENT', 'WAITING', 'PAGE', 'UNKNOWN', 'CONFIRMED', 'FAILED'"
_HOLD_STATES = "'NONE', 'FUNDING', 'FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING', 'SETTLED', 'EXPIRED'"
_ONE_OPEN = text("state NOT IN ('CONFIRMED', 'FAILED') AND given_up_at IS NULL AND kind <> 'payout' AND NOT stray")
_ONE_EACH = text("state <> 'FAILED' AND (kind = 'payout' OR stray)")


class Hold(Base):
    """Client money for one milestone or period (its id): the fixed machine, and where every minor unit is."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint(f"state IN ({_HOLD_STATES})", name="state"),
        CheckConstraint(
            "work >= 1 AND work_tax >= 0 AND client_fee >= 0 AND client_fee_tax >= 0 AND freelancer_fee >= 0 "
            "AND freelancer_fee_tax >= 0 AND work + work_tax - freelancer_fee - freelancer_fee_tax >= 1",
            name="amounts",
        ),
        CheckConstraint("work + work_tax + client_fee + client_fee_tax <= 1000000000000", name="l15_bounds"),
        CheckConstraint(
            "override <> '' OR (client_fee + freelancer_fee) * 10000 "
            "BETWEEN 500 * work - 10000 AND 1500 * work + 10000",
            name="l11_fees",
        ),
        CheckConstraint("funded = held + paid + fees + fee_taxes + refunded + dispute_lost", name="e1_adds_up"),
        CheckConstraint("held >= 0 AND held <= funded", name="e2_held"),
        CheckConstraint(
            "paid >= 0 AND fees >= 0 AND fee_taxes >= 0 AND refunded >= 0 AND dispute_lost >= 0", name="e1_no_debt"
        ),
        CheckConstraint("state NOT IN ('NONE', 'FUNDING', 'EXPIRED') OR funded = 0", name="e2_nothing_yet"),
        CheckConstraint("state <> 'SETTLED' OR held = 0", name="e2_nothing_left"),
        CheckConstraint(
            "state NOT IN ('FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING') "
            "OR (held = funded AND funded = work + work_tax + client_fee + client_fee_tax)",
            name="e2_all_held",
        ),
        CheckConstraint("0 <= paid_out AND paid_out <= paying_out AND paying_out <= paid", name="e7_payouts"),
    )

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(String(16), index=True)
    organisation_id: Mapped[str] = mapped_column(String(16), index=True)
    freelancer_id: Mapped[str] = mapped_column(String(16), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    describe: Mapped[str] = mapped_column(String(200), default="")
    currency: Mapped[Currency]
    work: Mapped[Minor]
    work_tax: Mapped[Minor]
    client_fee: Mapped[Minor]
    client_fee_tax: Mapped[Minor]
    freelancer_fee: Mapped[Minor]
    freelancer_fee_tax: Mapped[Minor]
    override: Mapped[str] = mapped_column(String(80), default="")
    funded: Mapped[Minor] = mapped_column(default=0)
    held: Mapped[Minor] = mapped_column(default=0)
    paid: Mapped[Minor] = mapped_column(default=0)  # became the freelancer's
    fees: Mapped[Minor] = mapped_column(default=0)
    fee_taxes: Mapped[Minor] = mapped_column(default=0)
    refunded: Mapped[Minor] = mapped_column(default=0)
    dispute_lost: Mapped[Minor] = mapped_column(default=0)
    paying_out: Mapped[Minor] = mapped_column(default=0)  # of `paid`: asked to leave for the bank, or left
    paid_out: Mapped[Minor] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default="NONE", index=True)
    frozen: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    funding: Mapped[str] = mapped_column(String(16), default="")  # the command that brings or brought the money
    funded_at: Mapped[datetime | None]
    hold_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PaymentCommand(Base):
    """One thing asked of a provider; its id is the idempotency key. Written in the commit that moved the hold."""

    __tablename__ = "payment_commands"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("kind IN ('fund', 'release', 'refund', 'split', 'payout')", name="kind"),
        CheckConstraint("amount >= 1 AND fee >= 0 AND refund >= 0", name="amounts"),
        CheckConstraint("cause <> '' AND ordered_by <> ''", name="e10_cause"),
        CheckConstraint(
            "kind NOT IN ('release', 'split') OR cause LIKE 'approval:%' OR cause LIKE 'deadline:%' "
            "OR cause LIKE 'decision:%'",
            name="e10_authority",
        ),
        Index("uq_payment_commands_open", "hold_id", unique=True, sqlite_where=_ONE_OPEN, postgresql_where=_ONE_OPEN),
        Index(
            "uq_payment_commands_each", "kind", "cause", unique=True, sqlite_where=_ONE_EACH,
            postgresql_where=_ONE_EACH,
        ),
        Index("ix_payment_commands_state", "state", "updated_at"),
    )  # fmt: skip

    id: Mapped[Id]
    hold_id: Mapped[str] = mapped_column(ForeignKey("holds.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=CommandState.PENDING)
    provider: Mapped[str] = mapped_column(String(40))
    currency: Mapped[Currency]
    amount: Mapped[Minor]
    fee: Mapped[Minor] = mapped_column(default=0)
    refund: Mapped[Minor] = mapped_column(default=0)
    funding: Mapped[str] = mapped_column(String(16), default="")
    stray: Mapped[bool] = mapped_column(default=False)  # gives back what came too late
    cause: Mapped[str] = mapped_column(String(80))
    ordered_by: Mapped[str] = mapped_column(String(80))
    page: Mapped[str] = mapped_column(String(2000), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(500), default="")  # what staff should know: the last odd answer
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]  # nobody paid in time: the hold is free again, the key is kept and watched
    expires_at: Mapped[datetime | None]  # business time
    at: Mapped[datetime]  # business time
    created_at: Mapped[datetime]  # machine time
    updated_at: Mapped[datetime]  # machine time


class PaymentFact(Base):
    """One thing a provider reported, and whether it had an effect."""

    __tablename__ = "payment_facts"
    __table_args__ = (UniqueConstraint("provider", "fact_id"),)

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(40))
    fact_id: Mapped[str] = mapped_column(String(200))
    command_id: Mapped[str] = mapped_column(String(80), index=True)
    way: Mapped[str] = mapped_column(String(10))  # answer, lookup, message
    outcome: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(200), default="")
    had_effect: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
