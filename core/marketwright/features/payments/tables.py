"""Rows of payments: holds, commands, facts and what comes of them. They outlive the people and contracts they name."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.features.payments import triggers as _triggers  # noqa: F401  declared with the tables they guard
from marketwright.store.base import Base, Currency, Id, Minor, Serial
from marketwright.store.partial import partial_index
from marketwright.store.triggers import append_only


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
_ONE_OPEN = "state NOT IN ('CONFIRMED', 'FAILED') AND given_up_at IS NULL AND kind <> 'payout' AND NOT stray"
_ONE_EACH = "state <> 'FAILED' AND (kind = 'payout' OR stray)"


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
        CheckConstraint(
            "funded = held + paid - reclaimed + fees + fee_taxes + refunded + dispute_lost", name="e1_adds_up"
        ),
        CheckConstraint("held >= 0 AND held <= funded", name="e2_held"),
        CheckConstraint(
            "fees >= 0 AND fee_taxes >= 0 AND refunded >= 0 AND dispute_lost >= 0 AND withheld >= 0 "
            "AND refunding >= 0 AND disputes >= 0 AND reclaimed >= 0 AND reclaimed <= paid",
            name="e1_no_debt",
        ),
        CheckConstraint("state NOT IN ('NONE', 'FUNDING', 'EXPIRED') OR funded = 0", name="e2_nothing_yet"),
        CheckConstraint("state <> 'SETTLED' OR held = 0", name="e2_nothing_left"),
        CheckConstraint(
            "state NOT IN ('FUNDED', 'RELEASING', 'REFUNDING', 'SPLITTING') "
            "OR (held = funded - dispute_lost AND funded = work + work_tax + client_fee + client_fee_tax)",
            name="e2_all_held",
        ),
        CheckConstraint(
            "0 <= paid_out AND paid_out <= paying_out AND paying_out + withheld <= paid", name="e7_payouts"
        ),
        CheckConstraint("refunded + refunding + dispute_lost <= funded", name="e7_refunds"),
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
    reclaimed: Mapped[Minor] = mapped_column(default=0)  # of `paid`: the freelancer owes it back
    withheld: Mapped[Minor] = mapped_column(default=0)  # of `paid`: kept to settle what the freelancer owes
    refunding: Mapped[Minor] = mapped_column(default=0)  # asked to go back after the release
    disputes: Mapped[int] = mapped_column(default=0)  # open at the provider: nothing leaves meanwhile (E11)
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
        partial_index("uq_payment_commands_open", "hold_id", unique=True, where=_ONE_OPEN),
        partial_index(
            "uq_payment_commands_each", "kind", "cause", unique=True, where=_ONE_EACH,
        ),
        Index("ix_payment_commands_state", "state", "updated_at"),
    )  # fmt: skip

    id: Mapped[Id]
    hold_id: Mapped[str | None] = mapped_column(ForeignKey("holds.id"), index=True)  # none: gives back an arrival
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=CommandState.PENDING)
    provider: Mapped[str] = mapped_column(String(40))
    currency: Mapped[Currency]
    amount: Mapped[Minor]
    fee: Mapped[Minor] = mapped_column(default=0)
    refund: Mapped[Minor] = mapped_column(default=0)
    funding: Mapped[str] = mapped_column(String(16), default="")
    stray: Mapped[bool] = mapped_column(default=False)  # gives back what came too late, or unasked
    after_release: Mapped[bool] = mapped_column(default=False)  # a refund of what was released already
    reclaim: Mapped[Minor] = mapped_column(default=0)  # first to come back from the freelancer's balance
    reclaimed: Mapped[Minor] = mapped_column(default=0)  # what of it came back
    arrival: Mapped[str] = mapped_column(String(200), default="")  # the provider's reference of what is given back
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
    undone_at: Mapped[datetime | None]  # a confirmed funding taken back, a confirmed payout returned: once
    given_up_at: Mapped[datetime | None]  # nobody paid in time: the hold is free again, the key is kept and watched
    expires_at: Mapped[datetime | None]  # business time
    at: Mapped[datetime]  # business time
    created_at: Mapped[datetime]  # machine time
    updated_at: Mapped[datetime]  # machine time


class PaymentFact(Base):
    """One thing a provider reported, and whether it had an effect; ``waits`` for another that it builds on."""

    __tablename__ = "payment_facts"
    __table_args__ = (
        UniqueConstraint("provider", "fact_id"),
        Index("ix_payment_facts_waits", "waits", "reference"),
        CheckConstraint("NOT (waits AND had_effect)", name="waits_or_had"),
    )

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(40))
    fact_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="answer")
    command_id: Mapped[str] = mapped_column(String(80), index=True)
    way: Mapped[str] = mapped_column(String(10))  # answer, lookup, message, reconcile
    outcome: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    fee: Mapped[Minor] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="")
    payer: Mapped[str] = mapped_column(String(16), default="")
    reference: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    due: Mapped[datetime | None]
    had_effect: Mapped[bool] = mapped_column(default=False)
    waits: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]  # machine time


class HoldReturn(Base):
    """What of each amount of a hold has gone back to the client, by what: cumulative to the last cent (L12)."""

    __tablename__ = "hold_returns"
    __table_args__ = (
        UniqueConstraint("cause_type", "cause_id"),
        CheckConstraint(
            "work >= 0 AND work_tax >= 0 AND client_fee >= 0 AND client_fee_tax >= 0 AND freelancer_fee >= 0 "
            "AND freelancer_fee_tax >= 0 AND work + work_tax + client_fee + client_fee_tax >= 1",
            name="amounts",
        ),
    )

    id: Mapped[Id]
    hold_id: Mapped[str] = mapped_column(ForeignKey("holds.id"), index=True)
    cause_type: Mapped[str] = mapped_column(String(20))  # payment_command, dispute
    cause_id: Mapped[str] = mapped_column(String(16))
    work: Mapped[Minor]
    work_tax: Mapped[Minor]
    client_fee: Mapped[Minor]
    client_fee_tax: Mapped[Minor]
    freelancer_fee: Mapped[Minor]
    freelancer_fee_tax: Mapped[Minor]
    at: Mapped[datetime]


append_only("hold_returns")


class PaymentDispute(Base):
    """A dispute that the payer's bank opened on a funding: freezes its hold while it is open (E11)."""

    __tablename__ = "payment_disputes"
    __table_args__ = (
        UniqueConstraint("provider", "reference"),
        CheckConstraint("state IN ('OPEN', 'WON', 'LOST')", name="state"),
        CheckConstraint("taken >= 0 AND fee >= 0 AND reserved >= 0 AND charged >= 0", name="amounts"),
        CheckConstraint("state <> 'WON' OR reserved = 0", name="won_is_back"),
        CheckConstraint("NOT absorbed OR state = 'LOST'", name="absorbed_when_lost"),
    )

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(200))
    command_id: Mapped[str] = mapped_column(ForeignKey("payment_commands.id"), index=True)
    hold_id: Mapped[str] = mapped_column(ForeignKey("holds.id"), index=True)
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(String(6), default="OPEN")
    taken: Mapped[Minor] = mapped_column(default=0)  # from the balance so far; lost: for good
    fee: Mapped[Minor] = mapped_column(default=0)  # what the provider charges for it in all
    reserved: Mapped[Minor] = mapped_column(default=0)  # booked as dispute_reserve now
    charged: Mapped[Minor] = mapped_column(default=0)  # booked as psp_fee now
    absorbed: Mapped[bool] = mapped_column(default=False)  # the loss is booked to whoever bears it
    reason: Mapped[str] = mapped_column(String(500), default="")
    due: Mapped[datetime | None]  # until when evidence is taken
    opened_at: Mapped[datetime]  # business time
    closed_at: Mapped[datetime | None]


class PaymentArrival(Base):
    """Money that came in by bank transfer: what of it was asked for (``used``), goes back, or waits for staff."""

    __tablename__ = "payment_arrivals"
    __table_args__ = (
        UniqueConstraint("provider", "reference"),
        CheckConstraint("amount >= 1 AND used >= 0 AND gone >= 0 AND given_back >= 0", name="amounts"),
        CheckConstraint("given_back <= giving_back AND used + giving_back + gone <= amount", name="e7_once"),
    )

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(200))
    command_id: Mapped[str] = mapped_column(String(16), default="", index=True)  # the funding it was sent for
    organisation_id: Mapped[str] = mapped_column(String(16), default="")
    currency: Mapped[Currency]
    amount: Mapped[Minor]
    used: Mapped[Minor] = mapped_column(default=0)  # covers the funding
    giving_back: Mapped[Minor] = mapped_column(default=0)  # asked to go back to its sender, or gone back
    given_back: Mapped[Minor] = mapped_column(default=0)
    gone: Mapped[Minor] = mapped_column(default=0)  # left by the provider's own doing
    note: Mapped[str] = mapped_column(String(500), default="")  # what its sender wrote
    at: Mapped[datetime]  # business time


class Payee(Base):
    """A freelancer at a provider that wants to know whom it pays: what is missing, and whether they can be paid."""

    __tablename__ = "payees"
    __table_args__ = (
        UniqueConstraint("provider", "freelancer_id"),
        CheckConstraint("state IN ('ASKED', 'PAGE', 'WAITING', 'READY', 'REFUSED')", name="state"),
    )

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(40))
    freelancer_id: Mapped[str] = mapped_column(String(16), index=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)  # of the last command ONBOARD
    state: Mapped[str] = mapped_column(String(8), default="ASKED")
    reference: Mapped[str] = mapped_column(String(200), default="")
    page: Mapped[str] = mapped_column(String(2000), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    missing: Mapped[list[Any]] = mapped_column(default=list)  # {need, due, detail}
    marks: Mapped[list[str]] = mapped_column(default=list)  # of the account that is paid
    created_at: Mapped[datetime]  # machine time
    updated_at: Mapped[datetime]  # machine time, of the last answer; put back a day when the provider did not say
    ready_at: Mapped[datetime | None]  # business time


class PaymentMark(Base):
    """The fingerprint of a card or bank account, and who paid with it or is paid on it (E16)."""

    __tablename__ = "payment_marks"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of provider and fingerprint
    side: Mapped[str] = mapped_column(String(10), primary_key=True)  # payer, payee
    owner: Mapped[str] = mapped_column(String(16), primary_key=True)  # organisation, freelancer
    at: Mapped[datetime]


class Unmatched(Base):
    """What a reconciliation could not match: an object of the provider, or an effect of ours (E14)."""

    __tablename__ = "payment_unmatched"
    __table_args__ = (UniqueConstraint("provider", "what"),)

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(220))  # as unmatched.Odd says
    kind: Mapped[str] = mapped_column(String(20))
    command_id: Mapped[str] = mapped_column(String(80), default="")
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="")
    why: Mapped[str] = mapped_column(String(40))  # a key of words.UNMATCHED_WORDS
    first_seen: Mapped[datetime]  # machine time
    last_seen: Mapped[datetime]
    alerted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class Reconciliation(Base):
    """One run over a window of one provider, and what it found."""

    __tablename__ = "payment_reconciliations"

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(40), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(index=True)  # machine time
    objects: Mapped[int]
    matched: Mapped[int]
    settled: Mapped[int]
    unmatched: Mapped[int]
    drift: Mapped[dict[str, Any]]  # minor units by currency: the provider's balance less ours
    trouble: Mapped[str] = mapped_column(String(500), default="")


class PayoutDestination(Base):
    """Where a freelancer's money goes from ``since`` on: the newest of each ``provider`` counts, none is changed (E13).

    ``provider`` is empty for a bank account that the freelancer gave us; else the account lies there and ``iban`` is
    empty. No payout that may go there is asked for, or sent, before ``ready_at``.
    """

    __tablename__ = "payout_destinations"
    __table_args__ = (
        CheckConstraint("ready_at >= since", name="e13_ready"),
        CheckConstraint("(provider = '') = (iban <> '')", name="one_place"),
        Index("ix_payout_destinations_freelancer", "freelancer_id", "ready_at"),
    )

    seq: Mapped[Serial]
    freelancer_id: Mapped[str] = mapped_column(String(16))
    provider: Mapped[str] = mapped_column(String(40), default="")
    holder: Mapped[str] = mapped_column(String(140), default="")
    iban: Mapped[str] = mapped_column(String(34), default="")
    label: Mapped[str] = mapped_column(String(80), default="")  # how it is shown: its last characters
    since: Mapped[datetime]  # business time
    ready_at: Mapped[datetime]  # business time
    by: Mapped[str] = mapped_column(String(80))


append_only("payout_destinations", "E13")
