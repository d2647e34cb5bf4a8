"""Rows of the ledger: transactions, their legs, their seals, and answers kept by idempotency key."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.features.ledger import triggers as _triggers  # noqa: F401  declared with the tables they guard
from marketwright.features.ledger.kinds import KINDS
from marketwright.kernel.money import MAX_MINOR
from marketwright.store.base import Base, Currency, Id, Minor
from marketwright.store.partial import partial_index
from marketwright.store.triggers import append_only

_KIND_LIST = ", ".join(f"'{name}'" for name in KINDS)
_FULL = "reverses IS NOT NULL AND NOT partial"


class LedgerTransaction(Base):
    """One posting: names exactly one cause (L8) and closes over ``legs`` legs (L1). Written after them."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        UniqueConstraint("cause_type", "cause_id", "effect"),
        CheckConstraint("legs >= 2", name="l1_two_legs"),
        CheckConstraint("cause_type <> '' AND cause_id <> '' AND effect <> ''", name="l8_one_cause"),
        CheckConstraint("reverses IS NOT NULL OR NOT partial", name="l9_partial_of_something"),
        partial_index(
            "uq_ledger_transactions_full_reversal", "reverses", unique=True, where=_FULL
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[Id]
    book: Mapped[str] = mapped_column(String(20))
    currency: Mapped[Currency]
    legs: Mapped[int]
    cause_type: Mapped[str] = mapped_column(String(40))
    cause_id: Mapped[str] = mapped_column(String(80))
    effect: Mapped[str] = mapped_column(String(40))
    memo: Mapped[str] = mapped_column(String(200), default="")
    contract: Mapped[str] = mapped_column(String(16), default="", index=True)
    reverses: Mapped[str | None] = mapped_column(ForeignKey("ledger_transactions.id"))
    partial: Mapped[bool] = mapped_column(default=False)
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]  # business time
    created_at: Mapped[datetime] = mapped_column(index=True)  # machine time


class LedgerLeg(Base):
    """One side of a transaction: ``amount`` minor units, above zero a debit, below a credit."""

    __tablename__ = "ledger_legs"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="l1_no_zero_leg"),
        CheckConstraint(f"amount BETWEEN -{MAX_MINOR} AND {MAX_MINOR}", name="l15_bounds"),
        CheckConstraint(f"kind IN ({_KIND_LIST})", name="kind"),
        CheckConstraint("account = kind OR substr(account, 1, length(kind) + 1) = kind || ':'", name="account"),
        Index("ix_ledger_legs_account", "account", "currency", "amount"),
        {"sqlite_with_rowid": False},
    )

    transaction_id: Mapped[str] = mapped_column(
        String(16), ForeignKey("ledger_transactions.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    currency: Mapped[Currency]
    amount: Mapped[Minor]


class LedgerSeal(Base):
    """The gapless number of one committed transaction and its link in the book's hash chain (L4, L10)."""

    __tablename__ = "ledger_seals"
    __table_args__ = (CheckConstraint("number >= 1", name="number"), {"sqlite_with_rowid": False})

    book: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[Minor] = mapped_column(primary_key=True, autoincrement=False)
    transaction_id: Mapped[str] = mapped_column(String(16), ForeignKey("ledger_transactions.id"), unique=True)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]  # machine time, never decreasing along the numbers


class LedgerUnsealed(Base):
    """What waits for its seal: triggers put a transaction here as it is booked and take it off as it is sealed."""

    __tablename__ = "ledger_unsealed"
    __table_args__ = ({"sqlite_with_rowid": False},)

    created_at: Mapped[datetime] = mapped_column(primary_key=True)  # machine time of the transaction
    transaction_id: Mapped[str] = mapped_column(String(16), ForeignKey("ledger_transactions.id"), primary_key=True)


class LedgerRollup(Base):
    """What the legs of one of the platform's own accounts sum up to, as of sealed ``number`` (L3).

    ``proof`` ties the row to the chain; one that does not fit is not believed.
    """

    __tablename__ = "ledger_rollups"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account: Mapped[str] = mapped_column(String(60), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    number: Mapped[Minor]
    amount: Mapped[Minor]  # minor units, above zero debit
    legs: Mapped[Minor]
    proof: Mapped[str] = mapped_column(String(64))


class IdempotencyKey(Base):
    """One deed by its key, kept for ever (L7): the hash of what was asked and the answer that was given."""

    __tablename__ = "idempotency_keys"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]


append_only("ledger_transactions")
append_only("ledger_legs")
append_only("ledger_seals")
