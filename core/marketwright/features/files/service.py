"""Keeping files and taking them away."""

import time
from hashlib import sha256

from sqlalchemy import select, update

from marketwright.features.files.checks import Checked, check_document, check_photo
from marketwright.features.files.drawings import check_drawing
from marketwright.features.files.ports import Storage
from marketwright.features.files.tables import StoredFile
from marketwright.kernel.errors import NotFound
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork

PHOTO = "photo"
BRAND = "brand"  # logo and favicon: for everybody
ORPHANED_AFTER = 24 * 3600  # seconds of machine time: by then the unit that stored it has committed or never will


def prepare(data: bytes, name: str, *, purpose: str) -> Checked:
    """Check and clean what was sent, before a unit is opened; raises ``InvalidInput`` under ``file``."""
    if purpose == BRAND:
        return check_drawing(data, name)
    return check_photo(data, name) if purpose == PHOTO else check_document(data, name)


def store(
    uow: UnitOfWork, *, data: bytes, name: str, purpose: str, owner_kind: str, owner_id: str,
) -> str:  # fmt: skip
    """Check ``data`` and keep it; returns the file's id. Raises ``InvalidInput`` for what may not be kept."""
    return keep(uow, checked=prepare(data, name, purpose=purpose), purpose=purpose, owner_kind=owner_kind,
                owner_id=owner_id)  # fmt: skip


def keep(uow: UnitOfWork, *, checked: Checked, purpose: str, owner_kind: str, owner_id: str) -> str:
    """Keep a file that :func:`prepare` let through. If the unit is not committed, the sweep removes the bytes."""
    file = StoredFile(
        id=new_id(), purpose=purpose, owner_kind=owner_kind, owner_id=owner_id, name=checked.name,
        media_type=checked.media_type, size=len(checked.data), sha256=sha256(checked.data).hexdigest(),
        uploaded_by=uow.actor.id if uow.actor.is_person else None, created_at=uow.now,
    )  # fmt: skip
    uow.ports.get(Storage).put(file.id, checked.data)
    uow.session.add(file)
    uow.flush()
    return file.id


def give(uow: UnitOfWork, *, file: str, owner_kind: str, owner_id: str) -> None:
    """Let a file belong to another thing (an upload before the thing existed); only its uploader may."""
    changed = uow.session.execute(
        update(StoredFile)
        .where(StoredFile.id == file, StoredFile.uploaded_by == uow.actor.id, StoredFile.removed_at.is_(None))
        .values(owner_kind=owner_kind, owner_id=owner_id)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise NotFound("There is no such file.")


def remove(uow: UnitOfWork, *, file: str) -> None:
    """Take a file away: nobody reads it any more, and the sweep removes its bytes. The caller checks who may."""
    uow.session.execute(
        update(StoredFile).where(StoredFile.id == file, StoredFile.removed_at.is_(None)).values(removed_at=uow.now)
    )


def sweep(uow: UnitOfWork) -> int:
    """Remove bytes whose row was taken away or never committed; returns how many. For a periodic job."""
    storage = uow.ports.get(Storage)
    kept = set(uow.session.scalars(select(StoredFile.id).where(StoredFile.removed_at.is_(None))))
    old = time.time() - ORPHANED_AFTER
    gone = [id_ for id_, written in storage.ids() if id_ not in kept and written < old]
    for id_ in gone:
        storage.remove(id_)
    return len(gone)
