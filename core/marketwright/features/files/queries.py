"""Reads of files."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.files.tables import StoredFile
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file; ``size`` in bytes."""

    id: str
    purpose: str
    owner_kind: str
    owner_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: str | None
    created_at: datetime


_COLUMNS: tuple[Any, ...] = (
    StoredFile.id, StoredFile.purpose, StoredFile.owner_kind, StoredFile.owner_id, StoredFile.name,
    StoredFile.media_type, StoredFile.size, StoredFile.sha256, StoredFile.uploaded_by, StoredFile.created_at,
)  # fmt: skip
_THERE = StoredFile.removed_at.is_(None)


def file(session: Session, id: str) -> FileRow | None:  # noqa: A002  the word of the domain
    """The file ``id``, unless it was taken away."""
    row = session.execute(select(*_COLUMNS).where(StoredFile.id == id, _THERE)).first()
    return FileRow(*row) if row else None


def files_by_id(session: Session, ids: Iterable[str]) -> dict[str, FileRow]:
    """The files of ``ids`` that are there, by id."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = session.execute(select(*_COLUMNS).where(StoredFile.id.in_(wanted), _THERE))
    return {row.id: row for row in (FileRow(*r) for r in found)}


def all_of(session: Session, owner_kind: str, purpose: str) -> list[FileRow]:
    """Every file of one purpose, whatever thing of the kind it belongs to."""
    query = select(*_COLUMNS).where(StoredFile.owner_kind == owner_kind, StoredFile.purpose == purpose, _THERE)
    return [FileRow(*r) for r in session.execute(query.order_by(StoredFile.id))]


def files_of(session: Session, owner_kind: str, owner_id: str, purpose: str = "") -> list[FileRow]:
    """The files that belong to one thing, oldest first; of one purpose, or of all."""
    query = select(*_COLUMNS).where(StoredFile.owner_kind == owner_kind, StoredFile.owner_id == owner_id, _THERE)
    if purpose:
        query = query.where(StoredFile.purpose == purpose)
    return [FileRow(*r) for r in session.execute(query.order_by(StoredFile.created_at, StoredFile.id))]
