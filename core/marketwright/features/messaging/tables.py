"""Threads, messages, their files, and who has read how far."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.triggers import append_only


class Thread(Base):
    """One conversation about one mission with one freelancer. ``kind`` is how it began, or became."""

    __tablename__ = "threads"
    __table_args__ = (
        UniqueConstraint("mission_id", "freelancer_id"),
        CheckConstraint("kind IN ('invitation', 'application', 'question')", name="kind"),
        CheckConstraint("state IN ('open', 'declined')", name="state"),
        CheckConstraint("declined_by IN ('', 'client', 'freelancer')", name="declined_by"),
        CheckConstraint("(state = 'declined') = (declined_by <> '')", name="declined_by_a_side"),
        Index("ix_threads_organisation", "organisation_id", "last_at"),
        Index("ix_threads_freelancer", "freelancer_id", "last_at"),
    )

    id: Mapped[Id]
    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="open")
    declined_by: Mapped[str] = mapped_column(String(10), default="")
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    opened_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]  # when the other side first wrote: figures of a client's page
    last_at: Mapped[datetime]


class Message(Base):
    """What one side wrote, or (``kind`` event) what happened. Text is kept as written, for ever."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("kind IN ('text', 'event')", name="kind"),
        CheckConstraint("side IN ('client', 'freelancer')", name="side"),
        Index("ix_messages_thread", "thread_id", "at"),
    )

    id: Mapped[Id]
    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"))
    author_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))  # none: the marketplace's own jobs
    side: Mapped[str] = mapped_column(String(10))  # whose side it comes from
    kind: Mapped[str] = mapped_column(String(10), default="text")
    text: Mapped[str] = mapped_column(Text)  # of an event: a sentence to translate, filled with `params`
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answers: Mapped[list[Any]] = mapped_column(default=list)  # [[question, answer]] of an application
    at: Mapped[datetime]


class MessageFile(Base):
    """A file of a message."""

    __tablename__ = "message_files"
    __table_args__ = (Index("ix_message_files_file", "file_id"),)

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"))


class HiddenMessage(Base):
    """That staff hid a message from the other side: once, for good, in a category of notices. Its text stays."""

    __tablename__ = "hidden_messages"
    __table_args__ = (CheckConstraint("category <> ''", name="category"),)

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


append_only("hidden_messages", "the texts of conversations")


class ReadMark(Base):
    """How far one person has read a thread: the moment of the newest message seen."""

    __tablename__ = "read_marks"

    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    at: Mapped[datetime]
