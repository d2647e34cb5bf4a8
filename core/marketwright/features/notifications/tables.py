"""Mails and notices. Each is made once for an event and a person, whatever is told twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id


class Mail(Base):
    """One letter. ``body`` holds its translated paragraphs; secrets of links stand in the stored text only here.

    ``state``: ``waiting``, ``sent``, ``kept`` (no mail server is set: read it in the console), ``failed``.
    """

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("event_id", "address", "kind"),
        CheckConstraint("state IN ('waiting', 'sent', 'kept', 'failed')", name="state"),
        Index("ix_mails_created", "created_at"),
    )

    id: Mapped[Id]
    event_id: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(80))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[list[str]]
    action_label: Mapped[str] = mapped_column(String(120), default="")
    action_url: Mapped[str] = mapped_column(Text, default="")
    items: Mapped[list[Any]] = mapped_column(default=list)  # of (title, line, address)
    leave_url: Mapped[str] = mapped_column(Text, default="")  # stops mails of this kind with one click
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Notice(Base):
    """One line in somebody's inbox: a message to translate, its parameters, and where it leads."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("event_id", "account_id", "template"),
        Index("ix_notices_account", "account_id", "read_at", "at"),
    )

    id: Mapped[Id]
    event_id: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    template: Mapped[str] = mapped_column(String(300))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    href: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
