"""The market's rates of one month, as they were published."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base


class RateSnapshot(Base):
    """The figures of one month: drawn up once, so that nobody learns from an hour's change who came or went.

    ``body`` holds cells (``publishing.Cell``); their people are digests, for the comparison with the month after.
    """

    __tablename__ = "rate_snapshots"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # 2026-05
    body: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
