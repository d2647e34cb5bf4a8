"""Reads of people put on lists by hand, of shortlists, and of rankings that were shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Membership
from marketwright.features.contracts.tables import Contract
from marketwright.features.matching.keeping import Kept, unpacked
from marketwright.features.matching.replaying import ByHand, Hire, Replay, replay
from marketwright.features.matching.tables import (
    HandPick,
    RankingContent,
    ShortlistEntry,
    ShortlistNote,
    ShortlistThumb,
    ShownRanking,
)
from marketwright.features.missions.tables import Mission
from marketwright.kernel.frozen import dataclass


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


def names(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The names of people by id."""
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in found}


def members_of(session: Session, organisation: str) -> frozenset[str]:
    """The accounts of an organisation's members: nobody is a match for a mission of their own."""
    return frozenset(session.scalars(select(Membership.account_id).where(Membership.organisation_id == organisation)))


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


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One ranking that was shown: who saw it, or for ``picked`` who put them there by hand."""

    id: str
    kind: str
    subject: str
    viewer: str
    by: str
    picked: str
    at: datetime
    content: str


def shown_rankings(session: Session, *, subject: str = "", since: datetime | None = None) -> list[ShownRow]:
    """The rankings that were shown, of one mission or freelancer or of all, oldest first."""
    s = ShownRanking
    query = select(s.id, s.kind, s.subject_id, s.viewer, s.by_name, s.picked, s.at, s.content).order_by(s.at, s.id)
    if subject:
        query = query.where(s.subject_id == subject)
    if since is not None:
        query = query.where(s.at >= since)
    return [ShownRow(*row) for row in session.execute(query)]


def contents(session: Session, digests: Sequence[str]) -> dict[str, Kept]:
    """Kept rankings by digest."""
    wanted, found = sorted(set(digests)), dict[str, Kept]()
    for start in range(0, len(wanted), 200):
        some = wanted[start : start + 200]
        rows = session.execute(
            select(RankingContent.digest, RankingContent.body).where(RankingContent.digest.in_(some))
        )
        found |= {digest: unpacked(body) for digest, body in rows}
    return found


def hired(session: Session, missions: Sequence[str]) -> dict[str, Hire]:
    """Who was hired first on each of ``missions``: the contract that both sides signed."""
    found: dict[str, Hire] = {}
    query = (
        select(Contract.mission_id, Mission.title, Contract.freelancer_id, Account.name, Contract.signed_at)
        .join(Mission, Mission.id == Contract.mission_id)
        .join(Account, Account.id == Contract.freelancer_id)
        .where(Contract.signed_at.is_not(None))
        .order_by(Contract.signed_at, Contract.id)
    )
    wanted = set(missions)
    for row in session.execute(query):
        mission, title, freelancer, name, at = row
        if mission in wanted and at is not None:
            found.setdefault(mission, Hire(mission, title, freelancer, name, at))
    return found


def replayed(session: Session, *, since: datetime, weights: Mapping[str, float]) -> Replay:
    """The rankings shown since ``since`` under other ``weights``: of each mission the last one before a hire."""
    rows = shown_rankings(session, since=since)
    lists = [r for r in rows if r.kind == "people"]
    hires = hired(session, [r.subject for r in rows])
    chosen: dict[str, ShownRow] = {}
    for row in lists:
        hire = hires.get(row.subject)
        if hire is None or row.at <= hire.at or row.subject not in chosen:
            chosen[row.subject] = row
    hands = [r for r in rows if r.kind == "hand"]
    found = contents(session, [r.content for r in [*chosen.values(), *hands]])
    called, titles = names(session, [r.picked for r in hands]), _titles(session, [r.subject for r in hands])
    by_hand = [
        ByHand(titles.get(r.subject, "–"), r.picked, called.get(r.picked, "–"), r.by, r.at, found[r.content])
        for r in hands
    ]
    return replay([found[r.content] for r in chosen.values()], hires, by_hand, weights)


def _titles(session: Session, missions: Sequence[str]) -> dict[str, str]:
    query = select(Mission.id, Mission.title).where(Mission.id.in_(sorted(set(missions))))
    return {row.id: row.title for row in session.execute(query)}


def newest_published(session: Session, most: int) -> list[tuple[str, str]]:
    """Id and title of the published missions that came last."""
    query = select(Mission.id, Mission.title).where(Mission.state == "published")
    return [(one, title) for one, title in session.execute(query.order_by(Mission.published_at.desc()).limit(most))]
