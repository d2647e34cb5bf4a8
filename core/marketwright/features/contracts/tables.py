"""Contracts, their milestones, documents and signatures, and the log that both machines fold from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.features.contracts import triggers as _triggers  # noqa: F401  declares what the database refuses
from marketwright.store.base import Base, Currency, Id, Minor, Serial


class ContractProcess(Base):
    """One version of a process as it was when the first contract was drawn up on it; contracts keep to it (P5)."""

    __tablename__ = "contract_processes"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]


class Contract(Base):
    """One agreement, pinned to one version of one process. ``terms`` and ``quote`` freeze with the second signature.

    ``work`` is the price before tax: always the sum of its milestones (C5), amendments included.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint("state IN ('DRAFT', 'SENT', 'SIGNED', 'ACTIVE', 'ENDED')", name="state"),
        CheckConstraint("(state = 'ENDED') = (end_reason <> '')", name="ended_with_reason"),
        CheckConstraint("state IN ('DRAFT', 'SENT', 'ENDED') OR signed_at IS NOT NULL", name="signed_before_active"),
        CheckConstraint("state <> 'SENT' OR document_id <> ''", name="sent_with_document"),
        CheckConstraint("arrangement IN ('agent', 'reseller')", name="arrangement"),
        CheckConstraint("work > 0", name="work"),
        Index("ix_contracts_organisation", "organisation_id", "state"),
        Index("ix_contracts_freelancer", "freelancer_id", "state"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(24), unique=True)  # what people quote
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposals.id"), unique=True)
    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    title: Mapped[str] = mapped_column(String(200))
    arrangement: Mapped[str] = mapped_column(String(10), default="agent")
    process: Mapped[str] = mapped_column(String(40))
    process_version: Mapped[int]
    provider: Mapped[str] = mapped_column(String(40), default="")  # who holds the money; '' where nothing is held
    language: Mapped[str] = mapped_column(String(5))
    currency: Mapped[Currency]
    work: Mapped[Minor]
    start_on: Mapped[date | None]
    purchase_order: Mapped[str] = mapped_column(String(60), default="")
    quote: Mapped[dict[str, Any]]
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    document_id: Mapped[str] = mapped_column(String(16), default="")  # the agreement that stands now
    state: Mapped[str] = mapped_column(String(8), default="DRAFT")
    end_reason: Mapped[str] = mapped_column(String(40), default="")
    deadline_at: Mapped[datetime | None]  # until when it is to be sent, or signed
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Milestone(Base):
    """One part of the work with its price: stands in a state of the process; ``pending`` waits for the money to move.

    ``deadline_at`` and ``timer`` are stored when the state is entered (E10), empty where the milestone's turn has not
    come. Its id is the id of its hold. Of a process by the day it is a period from ``starts_on`` to ``due_on``;
    ``half_days`` are the most that may be worked in it. Its turn does not come before ``opens_at``, where there is one.
    """

    __tablename__ = "milestones"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("work > 0 AND work_tax >= 0 AND client_fee >= 0 AND client_fee_tax >= 0", name="client_side"),
        CheckConstraint("freelancer_fee >= 0 AND freelancer_fee_tax >= 0", name="freelancer_side"),
        CheckConstraint("(pending = '') = (command = '')", name="pending_with_command"),
        Index("ix_milestones_due", "deadline_at", "timer", "pending"),
    )

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"))
    amendment_id: Mapped[str] = mapped_column(String(16), default="")  # '' for those of the agreement itself
    number: Mapped[int]  # from 1
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    half_days: Mapped[int | None]
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    within_days: Mapped[int | None]  # due so many days after it was paid in, where no date is known before
    opens_at: Mapped[datetime | None]
    offered_back: Mapped[int | None] = mapped_column(BigInteger)  # what the client then has back in all, minor units
    work: Mapped[Minor]
    work_tax: Mapped[Minor]
    client_fee: Mapped[Minor]
    client_fee_tax: Mapped[Minor]
    freelancer_fee: Mapped[Minor]
    freelancer_fee_tax: Mapped[Minor]
    state: Mapped[str] = mapped_column(String(40))
    pending: Mapped[str] = mapped_column(String(40), default="")
    command: Mapped[str] = mapped_column(String(16), default="")
    trouble: Mapped[str] = mapped_column(Text, default="")  # why the money did not move, at the last attempt
    entered_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    timer: Mapped[str] = mapped_column(String(40), default="")  # what the clock takes at the deadline, or ''
    remind_at: Mapped[datetime | None] = mapped_column(index=True)  # when the owner is reminded next
    version: Mapped[int] = mapped_column(default=1)


class ContractDocument(Base):
    """One paper as shown and signed: its bytes never change (C4); of a sealed one they lie under ``seal``."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("contract_id", "kind", "number"),
        CheckConstraint("contract_id IS NOT NULL OR mission_id IS NOT NULL", name="belongs_somewhere"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index("ix_documents_mission", "mission_id", "freelancer_id", "kind"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    contract_id: Mapped[str | None] = mapped_column(ForeignKey("contracts.id"))
    amendment_id: Mapped[str] = mapped_column(String(16), default="")
    mission_id: Mapped[str | None] = mapped_column(ForeignKey("missions.id"))
    freelancer_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[int] = mapped_column(default=1)  # 1 for the first of its kind in a contract
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    template: Mapped[str] = mapped_column(String(80))  # plugin.template
    template_version: Mapped[str] = mapped_column(String(60))
    body: Mapped[bytes] = mapped_column(LargeBinary)  # canonical HTML, UTF-8
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    seal: Mapped[str] = mapped_column(String(16), default="")


class Signature(Base):
    """That somebody signed a document for a side: who, when, from where, how, and the hash of what they read."""

    __tablename__ = "signatures"
    __table_args__ = (
        UniqueConstraint("document_id", "side"),
        CheckConstraint("side IN ('client', 'freelancer')", name="side"),
    )

    id: Mapped[Id]
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    side: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120), default="")
    party: Mapped[str] = mapped_column(String(160), default="")  # for whom: the legal name
    method: Mapped[str] = mapped_column(String(20), default="password")
    sha256: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]


class ContractCondition(Base):
    """Something to be met before ``transition`` of one milestone, or of all (``milestone_id`` empty)."""

    __tablename__ = "contract_conditions"
    __table_args__ = (
        UniqueConstraint("contract_id", "milestone_id", "transition", "name"),
        CheckConstraint("(met_at IS NULL) = (met_by = '')", name="met_by_somebody"),
    )

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"))
    milestone_id: Mapped[str] = mapped_column(String(16), default="")
    transition: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    met_at: Mapped[datetime | None]
    met_by: Mapped[str] = mapped_column(String(80), default="")  # an actor's label
    met_name: Mapped[str] = mapped_column(String(120), default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[str] = mapped_column(String(16), default="")
    spans: Mapped[list[Any] | None]  # [[from, to], ...], ISO, UTC: when the transition may be taken; none: at any time


class Declaration(Base):
    """What a side said after the contract was drawn up: new answers to fields of the mission; append only."""

    __tablename__ = "contract_declarations"
    __table_args__ = (CheckConstraint("side IN ('client', 'freelancer')", name="side"),)

    seq: Mapped[Serial]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"), index=True)
    fields: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    side: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(String(80))
    by_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]


class TransitionLog(Base):
    """Every step of a contract or milestone, append only: the state is its fold (C2).

    ``subject`` is the milestone's id, or the contract's for its own steps. ``step`` is ``entered`` (arrived in
    ``target``), ``taken`` (``transition`` is pending) or ``returned`` (the money did not move).
    """

    __tablename__ = "transition_log"
    __table_args__ = (
        UniqueConstraint("subject", "version"),
        CheckConstraint("step IN ('entered', 'taken', 'returned')", name="step"),
        CheckConstraint("version >= 1", name="version"),
    )

    seq: Mapped[Serial]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"), index=True)
    milestone_id: Mapped[str | None] = mapped_column(ForeignKey("milestones.id"))
    subject: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    step: Mapped[str] = mapped_column(String(8))
    transition: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(40), default="")
    target: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(12))
    cause: Mapped[str] = mapped_column(String(80), default="")  # a command, a document, a proposal
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    request_id: Mapped[str] = mapped_column(String(40), default="")


class Delivery(Base):
    """Work handed over: a note, and files that carry the purpose ``delivery`` and this row as their owner."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("milestone_id", "number"),)

    id: Mapped[Id]
    milestone_id: Mapped[str] = mapped_column(ForeignKey("milestones.id"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


class Handover(Base):
    """What was handed over in the form of a deliverable: ``body`` and ``judgement``, or the ``seal`` that holds both.

    ``sha256`` is the fingerprint of the body's canonical bytes; it stays when what is sealed is deleted. ``met`` is
    what the measure said, empty where people look.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("seal = '' OR (body IS NULL AND judgement IS NULL)", name="sealed_or_open"),
    )

    delivery_id: Mapped[str] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    deliverable: Mapped[str] = mapped_column(String(80))
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    judgement: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    seal: Mapped[str] = mapped_column(String(16), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    met: Mapped[bool | None]


class TimesheetDay(Base):
    """One day worked in a period: a half day or a whole one. What was not handed in counts for nothing yet."""

    __tablename__ = "timesheet_days"
    __table_args__ = (CheckConstraint("half_days IN (1, 2)", name="half_days"),)

    milestone_id: Mapped[str] = mapped_column(ForeignKey("milestones.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    half_days: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    handed_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]


class ChangeRequest(Base):
    """What the client asks to be changed in a delivery; open until the next delivery or an acceptance after all."""

    __tablename__ = "change_requests"

    id: Mapped[Id]
    milestone_id: Mapped[str] = mapped_column(ForeignKey("milestones.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ApprovalRequest(Base):
    """Somebody said yes to more than they may: it waits for a member who may."""

    __tablename__ = "approval_requests"
    __table_args__ = (Index("ix_approval_requests_open", "milestone_id", "closed_at"),)

    id: Mapped[Id]
    milestone_id: Mapped[str] = mapped_column(ForeignKey("milestones.id"))
    transition: Mapped[str] = mapped_column(String(40))
    amount: Mapped[Minor]
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Reminder(Base):
    """That the owner was reminded ``days`` before (negative: after) the deadline of one stay in a state."""

    __tablename__ = "contract_reminders"

    milestone_id: Mapped[str] = mapped_column(ForeignKey("milestones.id"), primary_key=True)
    stay: Mapped[str] = mapped_column(String(40), primary_key=True)  # the deadline, as ISO 8601
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class Amendment(Base):
    """A change that both sign: milestones added on the same process, with a quote of their own."""

    __tablename__ = "amendments"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("state IN ('sent', 'signed', 'withdrawn')", name="state"),
    )

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Any]]  # {title, description, amount, days, due}
    quote: Mapped[dict[str, Any]]
    document_id: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(10), default="sent")
    side: Mapped[str] = mapped_column(String(10))  # who proposes it
    created_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
