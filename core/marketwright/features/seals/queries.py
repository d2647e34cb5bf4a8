"""Reads of what is sealed: what becomes of it, who read it, with which keys."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.seals.tables import Seal, SealReading
from marketwright.kernel.frozen import dataclass
from marketwright.store.ring import key_of


@dataclass(frozen=True, slots=True)
class SealRow:
    """One sealed thing without what it holds."""

    id: str
    contract: str
    sha256: str
    delete_on: date | None
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading."""

    seal: str
    what: str
    name: str
    role: str
    case: str
    at: datetime


def seals_by_id(session: Session, ids: Iterable[str]) -> dict[str, SealRow]:
    """The seals of ``ids``."""
    s = Seal
    rows = session.execute(
        select(s.id, s.contract_id, s.sha256, s.delete_on, s.deleted_at).where(s.id.in_(list(ids)))
    )
    return {row.id: SealRow(*row) for row in rows}


def with_files(session: Session, mission: str) -> list[str]:
    """The seals of a mission that hold files and are not deleted, oldest first."""
    s = Seal
    rows = session.execute(
        select(s.id, s.files).where(s.mission_id == mission, s.deleted_at.is_(None)).order_by(s.created_at, s.id)
    )
    return [id_ for id_, files in rows if files]


def readings_of(
    session: Session, contract: str, *, mission: str = "", strangers: Iterable[str] = (), limit: int = 500
) -> list[ReadingRow]:
    """Who read what of a contract, newest first; of its ``mission`` too, but what ``strangers`` (accounts) read."""
    r = SealReading
    wanted = (r.contract_id == contract) & (r.contract_id != "")
    if mission:
        wanted |= (r.mission_id == mission) & r.account_id.not_in(list(strangers))
    rows = session.execute(
        select(r.seal_id, r.what, r.name, r.role, r.case_id, r.at).where(wanted).order_by(r.seq.desc()).limit(limit)
    )
    return [ReadingRow(*row) for row in rows]


def readings_of_seal(session: Session, seal: str) -> list[ReadingRow]:
    """Who read one sealed thing, newest first."""
    r = SealReading
    rows = session.execute(
        select(r.seal_id, r.what, r.name, r.role, r.case_id, r.at).where(r.seal_id == seal).order_by(r.seq.desc())
    )
    return [ReadingRow(*row) for row in rows]


def readers_of_mission(session: Session, mission: str, role: str) -> set[str]:
    """The accounts that read something sealed of ``mission`` as ``role``."""
    r = SealReading
    return set(session.scalars(select(r.account_id).where(r.mission_id == mission, r.role == role).distinct()))


def keys_used(session: Session) -> Counter[str]:
    """How many seals each key holds, by its fingerprint."""
    tokens = session.scalars(select(Seal.token).where(Seal.token.is_not(None)))
    return Counter(key_of(token) for token in tokens if token is not None)
