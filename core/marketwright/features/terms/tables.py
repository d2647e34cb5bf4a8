"""Acceptances of the terms: written once, kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Serial
from marketwright.store.triggers import append_only


class TermsAcceptance(Base):
    """One person has accepted one version: at sign-up, or when asked at sign-in."""

    __tablename__ = "terms_acceptances"
    __table_args__ = (UniqueConstraint("account_id", "version_id"),)

    seq: Mapped[Serial]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    version_id: Mapped[str] = mapped_column(ForeignKey("content_versions.id"))
    way: Mapped[str] = mapped_column(String(20))  # sign_up, sign_in
    at: Mapped[datetime]


append_only("terms_acceptances")
