"""Reads of people put on lists by hand, and of shortlists."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account
from marketwright.features.matching.tables import HandPick, ShortlistEntry, ShortlistNote, ShortlistThumb


@dataclass(frozen=True, slots=True)
class HandPickRow:
    """One person on one mission's list; ``by`` is the name of who put them there."""

    mission: str
    freelancer: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A member's note."""

    id: str
    account: str
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShortlistRow:
    """One person on a shortlist: ``thumbs`` by account, notes oldest first; ``by`` is a name."""

    freelancer: str
    by: str
    at: datetime
    thumbs: dict[str, tuple[str, int]]
    notes: tuple[NoteRow, ...]

    @property
    def up(self) -> list[str]:
        """Names of who is for."""
        return [name for name, thumb in self.thumbs.values() if thumb > 0]

    @property
    def down(self) -> list[str]:
        """Names of who is against."""
        return [name for name, thumb in self.thumbs.values() if thumb < 0]


def hand_picks(session: Session, *, mission: str = "", freelancer: str = "") -> dict[str, HandPickRow]:
    """Of one mission by freelancer, or of one freelancer by mission."""
    query = select(HandPick, Account.name).join(Account, Account.id == HandPick.by).order_by(HandPick.at)
    whose = HandPick.mission_id == mission if mission else HandPick.freelancer_id == freelancer
    rows = [
        HandPickRow(h.mission_id, h.freelancer_id, h.reason, name, h.at)
        for h, name in session.execute(query.where(whose))
    ]
    return {(r.freelancer if mission else r.mission): r for r in rows}


def shortlisted(session: Session, mission: str) -> frozenset[str]:
    """Who is on the shortlist of a mission."""
    return frozenset(session.scalars(select(ShortlistEntry.freelancer_id).where(ShortlistEntry.mission_id == mission)))


def shortlist_size(session: Session, mission: str) -> int:
    """How many are on the shortlist of a mission."""
    query = select(func.count()).select_from(ShortlistEntry).where(ShortlistEntry.mission_id == mission)
    return session.scalar(query) or 0


def shortlist(session: Session, mission: str) -> list[ShortlistRow]:
    """The shortlist of a mission: most thumbs up first, then in the order of adding."""
    entry, thumb, note = ShortlistEntry, ShortlistThumb, ShortlistNote
    thumbs: dict[str, dict[str, tuple[str, int]]] = {}
    query = select(thumb.freelancer_id, thumb.account_id, Account.name, thumb.thumb).order_by(thumb.at)
    for who, account, name, value in session.execute(
        query.join(Account, Account.id == thumb.account_id).where(thumb.mission_id == mission)
    ):
        thumbs.setdefault(who, {})[account] = (name, value)
    notes: dict[str, list[NoteRow]] = {}
    written = select(note.freelancer_id, note.id, note.account_id, Account.name, note.text, note.at)
    written = written.join(Account, Account.id == note.account_id).where(note.mission_id == mission)
    for row in session.execute(written.order_by(note.at, note.id)):
        notes.setdefault(row.freelancer_id, []).append(NoteRow(row.id, row.account_id, row.name, row.text, row.at))
    rows = session.execute(
        select(entry.freelancer_id, Account.name, entry.at)
        .join(Account, Account.id == entry.by)
        .where(entry.mission_id == mission)
        .order_by(entry.at, entry.freelancer_id)
    )
    found = [ShortlistRow(who, by, at, thumbs.get(who, {}), tuple(notes.get(who, ()))) for who, by, at in rows]
    return sorted(found, key=lambda r: len(r.down) - len(r.up))
