"""Rows that belong to no room: jobs, events and their marks, ticks, the audit log, the demo's clock."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id, Serial
from marketwright.store.partial import partial_index
from marketwright.store.triggers import append_only


class JobRow(Base):
    """A wake-up: may be lost or doubled without harm. ``fence`` grows with each lease (J8)."""

    __tablename__ = "jobs"
    __table_args__ = (
        partial_index(
            "uq_jobs_ready_key", "kind", "key", unique=True,
            where="state = 'ready' AND key <> ''",
        ),
        Index("ix_jobs_due", "state", "run_at"),
        partial_index("ix_jobs_first", "kind", "run_at", where="state = 'ready'"),
    )  # fmt: skip

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(200), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10), default="ready")  # ready, leased, done, dead
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class EventRow(Base):
    """What happened, written in the commit of what caused it."""

    __tablename__ = "events"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(String(80), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actor: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]  # business time


class EventMark(Base):
    """That ``subscriber`` has taken ``event``."""

    __tablename__ = "event_marks"
    __table_args__ = (UniqueConstraint("event_id", "subscriber"),)

    seq: Mapped[Serial]
    event_id: Mapped[str] = mapped_column(String(16))
    subscriber: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class TickRow(Base):
    """One run of a periodic job (J9): the primary key is what makes it one."""

    __tablename__ = "ticks"

    job: Mapped[str] = mapped_column(String(80), primary_key=True)
    tick: Mapped[int] = mapped_column(primary_key=True)  # machine seconds since 1970 divided by the period
    at: Mapped[datetime]


class AuditRow(Base):
    """Who did what, append only."""

    __tablename__ = "audit_log"

    seq: Mapped[Serial]
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(80), default="", index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(64), default="")


class ClockRow(Base):
    """The offset of business time, in seconds; one row, set only below the live stage."""

    __tablename__ = "clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    offset_seconds: Mapped[int] = mapped_column(default=0)


class StageRow(Base):
    """Which marketplace and stage this database was begun for; one row, never changed once there is money (L16)."""

    __tablename__ = "stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]


append_only("audit_log")
append_only("events")
