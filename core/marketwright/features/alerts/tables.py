"""What people want to hear of, and what each of them was told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id


class Alert(Base):
    """A saved search, or new matches. ``target`` is the question of a search as its address says it, or a mission.

    ``kind``: ``people`` and ``missions`` are searches, ``mission_matches`` the people who fit the mission ``target``,
    ``my_matches`` the missions that fit the account's own profile. ``due_at`` (business time) is when it is looked at
    next even if nothing happens.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint("kind IN ('people', 'missions', 'mission_matches', 'my_matches')", name="kind"),
        CheckConstraint("frequency IN ('at_once', 'daily', 'weekly')", name="frequency"),
        CheckConstraint("name <> ''", name="name"),
        UniqueConstraint("account_id", "kind", "target"),
        Index("ix_alerts_due", "paused", "due_at"),
    )

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(String(120))
    frequency: Mapped[str] = mapped_column(String(8))
    paused: Mapped[bool] = mapped_column(default=False)
    told: Mapped[int] = mapped_column(default=0)  # matches so far
    told_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]


class AlertMatch(Base):
    """A person or mission that an alert knows: the key is why nobody hears of it twice. ``told`` is false for what
    fitted already when the alert was made or resumed."""

    __tablename__ = "alert_matches"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(16), primary_key=True)
    told: Mapped[bool]
    at: Mapped[datetime]
