"""People put on a list by hand, and the shortlists that an organisation shares."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id


class HandPick(Base):
    """A person whom staff put on a mission's list; both sides read the reason. ``by_name`` is who of the staff."""

    __tablename__ = "hand_picks"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), primary_key=True)
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ShortlistEntry(Base):
    """A person whom the organisation keeps in mind for a mission; all its members see who."""

    __tablename__ = "shortlist_entries"

    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), primary_key=True)
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


class ShortlistThumb(Base):
    """A member's thumb for a person on a shortlist: 1 up, -1 down."""

    __tablename__ = "shortlist_thumbs"
    __table_args__ = (CheckConstraint("thumb IN (-1, 1)", name="thumb"),)

    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), primary_key=True)
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    thumb: Mapped[int]
    at: Mapped[datetime]


class ShortlistNote(Base):
    """What a member wrote about a person on a shortlist; the organisation alone reads it."""

    __tablename__ = "shortlist_notes"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        Index("ix_shortlist_notes_mission", "mission_id", "freelancer_id", "at"),
    )

    id: Mapped[Id]
    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"))
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    text: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime]
