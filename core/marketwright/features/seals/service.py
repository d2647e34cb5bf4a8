"""Sealing, recording each reading, deleting on the date, sealing anew with a newer key."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketwright.features.files import service as files
from marketwright.features.files.checks import Checked
from marketwright.features.files.ports import Storage
from marketwright.features.files.tables import StoredFile
from marketwright.features.seals.tables import Seal, SealReading
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.store.ring import Ring
from marketwright.store.unit import UnitOfWork

Kept = Callable[[Session, datetime, Sequence[str]], set[str]]  # which of these contracts keep what is theirs
PURPOSE = "sealed"  # of files: nobody reads them but through their seal
NAME, TYPE = "sealed.bin", "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads what: ``role`` is client, freelancer or staff, the last within ``case``."""

    contract: str
    seal: str
    what: str
    role: str
    case: str = ""


def seal(
    uow: UnitOfWork, *, contract: str, data: bytes, sha256: str, files: Sequence[str], delete_on: date
) -> str:
    """Keep ``data`` encrypted; ``sha256`` is the fingerprint that stays. Returns the seal's id."""
    made = new_id()
    uow.session.add(Seal(
        id=made, contract_id=contract, token=uow.ports.get(Ring).seal(data, made), files=list(files), sha256=sha256,
        size=len(data), created_at=uow.now, delete_on=delete_on, deleted_at=None,
    ))  # fmt: skip
    uow.flush()
    uow.audit("seal.made", made, contract=contract, sha256=sha256)
    return made


def seal_file(uow: UnitOfWork, *, checked: Checked, contract: str) -> str:
    """Keep a file encrypted, its name too (whoever seals keeps it); returns the file's id."""
    token = uow.ports.get(Ring).seal(checked.data, f"file:{contract}")
    kept = Checked(NAME, TYPE, token)
    return files.keep(uow, checked=kept, purpose=PURPOSE, owner_kind="contract", owner_id=contract)


def record_reading(uow: UnitOfWork, reading: Reading) -> None:
    """Write down that the actor reads it: before it is shown."""
    uow.session.add(SealReading(
        contract_id=reading.contract, seal_id=reading.seal, what=reading.what[:200], account_id=uow.actor.id,
        name=uow.actor.name, role=reading.role, case_id=reading.case, address=uow.actor.address or "", at=uow.now,
    ))  # fmt: skip
    uow.flush()


def opened(session: Session, ring: Ring, id: str) -> bytes | None:  # noqa: A002  the word of the domain
    """What was sealed, ``None`` once it is deleted."""
    row = session.get(Seal, id)
    if row is None:
        raise NotFound("There is no such delivery.")
    return None if row.token is None else ring.open(row.token, row.id)


def opened_file(ring: Ring, storage: Storage, *, file: str, contract: str) -> bytes:
    """The bytes of a sealed file."""
    return ring.open(storage.get(file), f"file:{contract}")


def delete_due(uow: UnitOfWork, kept: Kept) -> list[str]:
    """Delete what is due, but of the contracts that ``kept`` names; returns the files whose bytes go after the commit.
    """
    gone: list[str] = []
    due = uow.session.scalars(select(Seal).where(Seal.deleted_at.is_(None), Seal.delete_on <= uow.now.date())).all()
    stays = kept(uow.session, uow.now, [row.contract_id for row in due])
    for row in (r for r in due if r.contract_id not in stays):
        gone += row.files
        row.token, row.deleted_at = None, uow.now
        uow.session.execute(
            update(StoredFile).where(StoredFile.id.in_(row.files)).values(removed_at=uow.now)
        )
        uow.audit("seal.deleted", row.id, contract=row.contract_id, sha256=row.sha256)
    uow.flush()
    return gone
