"""Codes that make a fee smaller, where they were entered, who used them; and what was ordered beside contracts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor
from marketwright.store.partial import partial_index

_IN_USE = "given_back_at IS NULL"


class Voucher(Base):
    """A code of the operator: ``bps`` of the work off the fee of ``side``, or ``amount`` (minor units) off a deal.

    ``quota`` is how often it may be used in all (none: as often as there are clients), ``used`` how often it was.
    ``signed_*`` is the exception by which it may take both fees below 5 % (L11).
    """

    __tablename__ = "vouchers"
    __table_args__ = (
        CheckConstraint("side IN ('client', 'freelancer')", name="side"),
        CheckConstraint("(bps > 0) <> (amount IS NOT NULL)", name="a_rate_or_an_amount"),
        CheckConstraint("bps BETWEEN 0 AND 10000 AND (amount IS NULL OR amount > 0)", name="takes_something"),
        CheckConstraint("used >= 0 AND (quota IS NULL OR used <= quota)", name="within_quota"),
        CheckConstraint("(signed_by = '') = (signed_on IS NULL) AND (signed_by = '') = (signed_why = '')", name="sign"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)  # capital letters, digits and -
    side: Mapped[str] = mapped_column(String(10))
    bps: Mapped[int] = mapped_column(default=0)
    amount: Mapped[Minor | None]
    currency: Mapped[Currency]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    quota: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")  # for staff
    signed_by: Mapped[str] = mapped_column(String(120), default="")
    signed_on: Mapped[date | None]
    signed_why: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class VoucherEntry(Base):
    """A code entered for a deal that is not agreed yet: one a side. ``deal`` is the proposal."""

    __tablename__ = "voucher_entries"

    deal: Mapped[str] = mapped_column(String(16), primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    voucher_id: Mapped[str] = mapped_column(ForeignKey("vouchers.id"))
    owner_id: Mapped[str] = mapped_column(String(16))  # the organisation or the freelancer who uses it
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[datetime]


class VoucherUse(Base):
    """That a code counted for a deal that was agreed; given back when its contract is never signed."""

    __tablename__ = "voucher_uses"
    __table_args__ = (
        UniqueConstraint("deal", "voucher_id"),
        partial_index("uq_voucher_uses_once", "voucher_id", "owner_id", unique=True, where=_IN_USE),
    )  # fmt: skip

    id: Mapped[Id]
    voucher_id: Mapped[str] = mapped_column(ForeignKey("vouchers.id"))
    owner_id: Mapped[str] = mapped_column(String(16))
    deal: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]


class ExtraOrder(Base):
    """An additional service that one side ordered with a contract, and its consent: who, when, to which words.

    ``amount`` is before tax. ``certificate_id`` is the document that proves it, made when both have signed;
    ``cancelled_at`` is set when it was taken off before. ``entitlement`` is what it entitles to for ``days`` from the
    signature on, '' for nothing.
    """

    __tablename__ = "extra_orders"
    __table_args__ = (
        CheckConstraint("side IN ('client', 'freelancer')", name="side"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("consent <> '' AND consented_by <> ''", name="with_consent"),
        partial_index("uq_extra_orders_open", "contract_id", "name", "side", unique=True,
              where="cancelled_at IS NULL"),
    )  # fmt: skip

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(40))
    side: Mapped[str] = mapped_column(String(10))
    label: Mapped[str] = mapped_column(String(120))
    supplier: Mapped[str] = mapped_column(String(160), default="")
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    taxed: Mapped[bool] = mapped_column(default=True)
    consent: Mapped[str] = mapped_column(Text)
    consented_by: Mapped[str] = mapped_column(String(80))
    consented_name: Mapped[str] = mapped_column(String(120), default="")
    consented_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    certificate_id: Mapped[str] = mapped_column(String(16), default="")
    cancelled_at: Mapped[datetime | None]
    entitlement: Mapped[str] = mapped_column(String(40), default="", server_default="")
    days: Mapped[int] = mapped_column(default=0, server_default="0")
