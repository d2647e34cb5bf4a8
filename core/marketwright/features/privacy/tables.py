"""Who was erased, when, by whom, and what stays until when."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base


class Erasure(Base):
    """One person who is no more. ``kept`` is a list of ``[part, law, until]``; ``until`` an ISO date or "".

    ``plugins_at`` is set once every plugin has forgotten the person, ``finished_at`` once the periods are over and
    what was kept for them is gone too.
    """

    __tablename__ = "erasures"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, default="")
    kept: Mapped[list[Any]]
    until: Mapped[datetime | None] = mapped_column(index=True)
    plugins_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
