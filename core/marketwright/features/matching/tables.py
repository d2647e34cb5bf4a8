"""People put on a list by hand, shortlists that an organisation shares, and the rankings that were shown."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id, Serial
from marketwright.store.triggers import kept_until


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


class RankingContent(Base):
    """A ranking in bytes (``keeping.packed``), stored once however often it was shown."""

    __tablename__ = "ranking_contents"

    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    keep_until: Mapped[datetime] = mapped_column(index=True)  # machine time


class ShownRanking(Base):
    """One ranking that somebody was shown, or that staff made by hand: then ``picked`` is whom ``by_name`` put there.

    ``subject_id`` is the mission of a list of people, or the freelancer of a list of missions. ``at`` is business
    time, ``keep_until`` machine time: until then no row is changed or deleted.
    """

    __tablename__ = "shown_rankings"
    __table_args__ = (
        CheckConstraint("kind IN ('people', 'missions', 'hand')", name="kind"),
        CheckConstraint("(kind = 'hand') = (picked <> '')", name="picked_by_hand"),
        Index("ix_shown_rankings_subject", "subject_id", "kind", "at"),
        Index("ix_shown_rankings_at", "at"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(16))
    viewer: Mapped[str] = mapped_column(String(16))  # an account
    by_name: Mapped[str] = mapped_column(String(200), default="")
    picked: Mapped[str] = mapped_column(String(16), default="")
    content: Mapped[str] = mapped_column(ForeignKey("ranking_contents.digest"))
    at: Mapped[datetime]
    keep_until: Mapped[datetime] = mapped_column(index=True)


kept_until("shown_rankings")


class Embedding(Base):
    """What a model made of the text that a profile or a brief had ``at`` a change of it; ``vector`` in float16.

    ``digest`` is that of the text.
    """

    __tablename__ = "embeddings"
    __table_args__ = (CheckConstraint("kind IN ('person', 'mission')", name="kind"),)

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    owner: Mapped[str] = mapped_column(String(16), primary_key=True)
    model: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(32))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class IndexChange(Base):
    """That a person, a mission or the skills changed, written by triggers; ``xid`` is PostgreSQL's transaction."""

    __tablename__ = "index_changes"
    __table_args__ = (Index("ix_index_changes_xid", "xid"),)

    seq: Mapped[Serial]
    kind: Mapped[str] = mapped_column(String(8))
    owner: Mapped[str] = mapped_column(String(16))
    xid: Mapped[int] = mapped_column(BigInteger)
