"""Who approved which text, and test mails with their answer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.triggers import append_only


class Approval(Base):
    """A named person has read one text, in one language, in one version, and says that it may be used.

    ``subject`` is ``template:<plugin>.<name>`` or ``page:<name>``; ``digest`` is of what was read: another one asks
    again.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest"),
        Index("ix_approvals_subject", "subject", "language", "digest"),
    )

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(5))
    version: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class MailTrial(Base):
    """One test mail; its link confirms that it arrived. It counts for the sender and server that it went by."""

    __tablename__ = "mail_trials"

    id: Mapped[Id]
    address: Mapped[str] = mapped_column(String(254))
    sender: Mapped[str] = mapped_column(String(254))
    server: Mapped[str] = mapped_column(String(254))
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]  # machine time
    confirmed_at: Mapped[datetime | None]


append_only("approvals")
