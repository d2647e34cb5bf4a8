"""Runs of checks, what was handed in for them, and the verdicts: append only, each superseding the one before."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.partial import partial_index
from marketwright.store.triggers import append_only

_KINDS = "subject_kind IN ('freelancer', 'client', 'mission')"
_OPEN = "state IN ('begun', 'outside', 'staff')"
_FIRST = "supersedes IS NULL"


class CheckRun(Base):
    """One attempt at one check. ``about`` is a claim's id or another part of the subject, empty for the whole.

    ``state``: ``begun`` (to be put to the check), ``outside`` (an outside answer is awaited until ``until``),
    ``staff`` (a person must decide), ``decided``, ``withdrawn``.
    """

    __tablename__ = "vetting_runs"
    __table_args__ = (
        CheckConstraint(_KINDS, name="subject_kind"),
        CheckConstraint("state IN ('begun', 'outside', 'staff', 'decided', 'withdrawn')", name="state"),
        CheckConstraint("(state IN ('decided', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended"),
        partial_index(
            "uq_vetting_runs_open", "check_name", "subject_kind", "subject_id", "about", unique=True,
            where=_OPEN,
        ),
        Index("ix_vetting_runs_subject", "subject_kind", "subject_id", "started_at"),
        Index("ix_vetting_runs_state", "state", "started_at"),
    )  # fmt: skip

    id: Mapped[Id]
    check_name: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(10), default="begun")
    note: Mapped[str] = mapped_column(Text, default="")  # what the check says while it waits; staff reads it
    until: Mapped[datetime | None]
    asked_once: Mapped[bool] = mapped_column(default=False)  # whether the check has answered its start
    started_by: Mapped[str] = mapped_column(String(80))
    started_name: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class Evidence(Base):
    """One thing handed in for a run: text, or a file of the purpose ``evidence``. Written once."""

    __tablename__ = "vetting_evidence"
    __table_args__ = (UniqueConstraint("run_id", "key"), CheckConstraint("key <> ''", name="key"))

    id: Mapped[Id]
    run_id: Mapped[str] = mapped_column(ForeignKey("vetting_runs.id"))
    key: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(200))  # as the check asked, to be translated
    form: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")  # as given: a choice keeps its value
    shown: Mapped[str] = mapped_column(Text, default="")  # a choice's words, to be translated
    file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"), index=True)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class VerdictRow(Base):
    """One outcome: what was compared with which source, by whom, when, until when. Never changed, only superseded.

    The verdicts on one part of one subject by one check form a chain without a fork; its end is what stands.
    """

    __tablename__ = "vetting_verdicts"
    __table_args__ = (
        CheckConstraint(_KINDS, name="subject_kind"),
        CheckConstraint("result IN ('passed', 'refused', 'revoked')", name="result"),
        CheckConstraint("compared <> '' AND source <> ''", name="says_how"),
        CheckConstraint("result = 'passed' OR reason <> ''", name="reason_against"),
        CheckConstraint("result = 'passed' OR expires IS NULL", name="only_good_ones_expire"),
        UniqueConstraint("id", "check_name", "subject_kind", "subject_id", "about"),
        UniqueConstraint("supersedes"),
        ForeignKeyConstraint(
            ["supersedes", "check_name", "subject_kind", "subject_id", "about"],
            ["vetting_verdicts.id", "vetting_verdicts.check_name", "vetting_verdicts.subject_kind",
             "vetting_verdicts.subject_id", "vetting_verdicts.about"],
            name="fk_vetting_verdicts_supersedes_same_part",
        ),
        partial_index(
            "uq_vetting_verdicts_first", "check_name", "subject_kind", "subject_id", "about", unique=True,
            where=_FIRST,
        ),
        Index("ix_vetting_verdicts_subject", "subject_kind", "subject_id", "at"),
        Index("ix_vetting_verdicts_expires", "expires"),
    )  # fmt: skip

    id: Mapped[Id]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("vetting_runs.id"), index=True)
    check_name: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(String(40), default="")
    result: Mapped[str] = mapped_column(String(8))
    compared: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[bool] = mapped_column(default=False)
    expires: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(80))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    private: Mapped[bool] = mapped_column(default=False, server_default=false())  # told to subject and staff alone
    supersedes: Mapped[str | None] = mapped_column(String(16))


class ExpiryMark(Base):
    """That somebody was told ``days`` before a verdict ends; 0 is its end itself."""

    __tablename__ = "vetting_expiry_marks"

    verdict_id: Mapped[str] = mapped_column(ForeignKey("vetting_verdicts.id"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class TaskRow(Base):
    """An assessment under way for a run: the task's deadline, how far the marks are, when it is defended.

    ``state``: ``task`` (being worked on), ``marking`` (two assessors), ``confer`` (both mark once more), ``third``,
    ``defence``, ``settled``, ``missed`` (the deadline passed). ``total`` and ``passed`` are what came of it.
    """

    __tablename__ = "vetting_tasks"
    __table_args__ = (
        CheckConstraint(
            "state IN ('task', 'marking', 'confer', 'third', 'defence', 'settled', 'missed')", name="state"
        ),
    )  # fmt: skip

    run_id: Mapped[str] = mapped_column(ForeignKey("vetting_runs.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="task", index=True)
    due_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    total: Mapped[int | None]
    passed: Mapped[bool | None]
    difference: Mapped[int | None]  # of the first two totals
    agreed: Mapped[bool | None]  # whether the first two agreed
    defence_at: Mapped[datetime | None]
    defence_where: Mapped[str] = mapped_column(String(300), default="")
    defence_confirmed_at: Mapped[datetime | None]


class Assessor(Base):
    """Somebody who marks one run, of the staff or from outside, through a link of their own."""

    __tablename__ = "vetting_assessors"
    __table_args__ = (UniqueConstraint("run_id", "email"),)

    id: Mapped[Id]
    run_id: Mapped[str] = mapped_column(ForeignKey("vetting_runs.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5), default="en")
    third: Mapped[bool] = mapped_column(default=False)
    round: Mapped[int] = mapped_column(default=1)  # which marks are awaited of them
    invited_by: Mapped[str] = mapped_column(String(80))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    stated_at: Mapped[datetime | None]  # no conflict of interest, confidentiality promised
    declined_at: Mapped[datetime | None]
    declined_why: Mapped[str] = mapped_column(Text, default="")
    marked_at: Mapped[datetime | None]


class Mark(Base):
    """The points that one assessor gave for one criterion in one round, with the reason. Written once."""

    __tablename__ = "vetting_marks"
    __table_args__ = (CheckConstraint("points >= 0", name="points"), CheckConstraint("reason <> ''", name="reason"))

    assessor_id: Mapped[str] = mapped_column(ForeignKey("vetting_assessors.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    criterion: Mapped[str] = mapped_column(String(40), primary_key=True)
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)


append_only("vetting_verdicts")
