"""Messages of outside services, as received."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id


class InboxMessage(Base):
    """One message for a plugin, stored before it is answered (J1), once (J2).

    ``state``: ``stored`` (to be handed on), ``applied``, ``ignored`` (of an unknown type, or about nothing of ours,
    J5), ``refused`` (its plugin says for good that it is none), ``failed`` (given up after many tries),
    ``quarantined`` (a test message on a live site or the other way round, J6).
    """

    __tablename__ = "inbox_messages"
    __table_args__ = (
        UniqueConstraint("plugin", "mode", "event_id"),
        CheckConstraint(
            "state IN ('stored', 'applied', 'ignored', 'refused', 'failed', 'quarantined')", name="state"
        ),
        Index("ix_inbox_messages_state", "state", "received_at"),
    )

    id: Mapped[Id]
    plugin: Mapped[str] = mapped_column(String(40))
    mode: Mapped[str] = mapped_column(String(10))  # the stage: test messages never reach live
    event_id: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(80), default="")
    about: Mapped[str] = mapped_column(String(80), default="", index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    headers: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), default="stored")
    attempts: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(500), default="")
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
