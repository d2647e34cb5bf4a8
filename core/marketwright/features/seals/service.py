"""Sealing, recording each reading, deleting on the date, sealing anew with a newer key."""

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256 as fingerprint
from typing import Any

from sqlalchemy import or_, select, update
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

PURPOSE = "sealed"  # of files: nobody reads them but through their seal
NAME, TYPE = "sealed.bin", "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Due:
    """Something sealed whose date may have come; ``delete_on`` is ``None`` where its contract or mission decides."""

    id: str
    contract: str
    mission: str
    delete_on: date | None


Kept = Callable[[Session, datetime, Sequence[Due]], set[str]]  # the ids of those that stay for now


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads what, of a contract or of a mission.

    ``role`` is client, freelancer, outsider (who signs a paper through a link) or staff, the last within ``case``.
    """

    seal: str
    what: str
    role: str
    case: str = ""
    contract: str = ""
    mission: str = ""


def seal(
    uow: UnitOfWork, *, data: bytes, sha256: str, contract: str = "", mission: str = "", files: Sequence[str] = (),
    delete_on: date | None = None,
) -> str:  # fmt: skip
    """Keep ``data`` encrypted; ``sha256`` is the fingerprint that stays. Returns the seal's id."""
    made = new_id()
    uow.session.add(Seal(
        id=made, contract_id=contract, mission_id=mission, token=uow.ports.get(Ring).seal(data, made),
        files=list(files), sha256=sha256, size=len(data), created_at=uow.now, delete_on=delete_on, deleted_at=None,
    ))  # fmt: skip
    uow.flush()
    uow.audit("seal.made", made, contract=contract, mission=mission, sha256=sha256)
    return made


def seal_value(
    uow: UnitOfWork, value: Any, *, contract: str = "", mission: str = "", delete_on: date | None = None,
    files: Sequence[str] = (),
) -> str:  # fmt: skip
    """Keep a value of JSON encrypted, with a salt: its fingerprint says nothing of a short answer. The seal's id."""
    data = json.dumps({"salt": secrets.token_hex(16), "value": value}, ensure_ascii=False).encode()
    return seal(uow, data=data, sha256=fingerprint(data).hexdigest(), contract=contract, mission=mission,
                delete_on=delete_on, files=files)  # fmt: skip


def opened_value(session: Session, ring: Ring, id: str) -> Any:  # noqa: A002  the word of the domain
    """A value that :func:`seal_value` keeps; ``None`` once it is deleted. Whoever shows it records the reading."""
    data = opened(session, ring, id)
    return None if data is None else json.loads(data)["value"]


def seal_file(uow: UnitOfWork, *, checked: Checked, contract: str = "", mission: str = "") -> str:
    """Keep a file encrypted, its name too (whoever seals keeps it); returns the file's id."""
    owner = contract or mission
    kept = Checked(NAME, TYPE, uow.ports.get(Ring).seal(checked.data, f"file:{owner}"))
    file = files.keep(uow, checked=kept, purpose=PURPOSE, owner_kind="contract" if contract else "mission",
                      owner_id=owner)  # fmt: skip
    uow.session.get_one(StoredFile, file).uploaded_by = None  # who sent it reads it through its seal, as everybody
    uow.flush()
    return file


def record_reading(uow: UnitOfWork, reading: Reading) -> None:
    """Write down that the actor reads it: before it is shown."""
    uow.session.add(SealReading(
        contract_id=reading.contract, mission_id=reading.mission, seal_id=reading.seal, what=reading.what[:200],
        account_id=uow.actor.id, name=uow.actor.name, role=reading.role, case_id=reading.case,
        address=uow.actor.address or "", at=uow.now,
    ))  # fmt: skip
    uow.flush()


def opened(session: Session, ring: Ring, id: str) -> bytes | None:  # noqa: A002  the word of the domain
    """What was sealed, ``None`` once it is deleted."""
    row = session.get(Seal, id)
    if row is None:
        raise NotFound("There is no such delivery.")
    return None if row.token is None else ring.open(row.token, row.id)


def opened_file(ring: Ring, storage: Storage, *, file: str, contract: str = "", mission: str = "") -> bytes:
    """The bytes of a sealed file."""
    return ring.open(storage.get(file), f"file:{contract or mission}")


def delete_due(uow: UnitOfWork, kept: Kept) -> list[str]:
    """Delete what is due, but what ``kept`` names; returns the files whose bytes go after the commit."""
    s = Seal
    found = uow.session.execute(
        select(s.id, s.contract_id, s.mission_id, s.delete_on)
        .where(s.deleted_at.is_(None), or_(s.delete_on.is_(None), s.delete_on <= uow.now.date()))
    )  # fmt: skip
    due = [Due(*row) for row in found]
    stays = kept(uow.session, uow.now, due)
    return delete(uow, (d.id for d in due if d.id not in stays))


def delete(uow: UnitOfWork, ids: Iterable[str]) -> list[str]:
    """Delete these seals: their fingerprints stay. Returns the files whose bytes go after the commit."""
    gone: list[str] = []
    for row in uow.session.scalars(select(Seal).where(Seal.id.in_(list(ids)), Seal.deleted_at.is_(None))).all():
        gone += row.files
        row.token, row.deleted_at = None, uow.now
        uow.session.execute(
            update(StoredFile).where(StoredFile.id.in_(row.files)).values(removed_at=uow.now)
        )
        uow.audit("seal.deleted", row.id, contract=row.contract_id, mission=row.mission_id, sha256=row.sha256)
    uow.flush()
    return gone
