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
    delete_on: date
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


def readings_of(session: Session, contract: str, limit: int = 500) -> list[ReadingRow]:
    """Who read what of a contract, newest first."""
    r = SealReading
    rows = session.execute(
        select(r.seal_id, r.what, r.name, r.role, r.case_id, r.at).where(r.contract_id == contract)
        .order_by(r.seq.desc()).limit(limit)
    )  # fmt: skip
    return [ReadingRow(*row) for row in rows]


def keys_used(session: Session) -> Counter[str]:
    """How many seals each key holds, by its fingerprint."""
    tokens = session.scalars(select(Seal.token).where(Seal.token.is_not(None)))
    return Counter(key_of(token) for token in tokens if token is not None)
