"""Sealing anew with the newest key, and trying every seal: for the command ``marketwright seals``."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketwright.features.files.ports import Storage
from marketwright.features.files.tables import StoredFile
from marketwright.features.seals.service import PURPOSE
from marketwright.features.seals.tables import Seal
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.store.database import Database
from marketwright.store.ring import Ring, key_of


@dataclass(frozen=True, slots=True)
class Found:
    """One sealed thing: ``kind`` is delivery or file; ``trouble`` says why it does not open, or ''."""

    kind: str
    id: str
    key: str
    trouble: str


def look(database: Database) -> Iterator[Found]:
    """Try to open everything that is sealed."""
    ring, storage = database.ports.get(Ring), database.ports.get(Storage)
    with database.reading() as session:
        seals = session.execute(select(Seal.id, Seal.token).where(Seal.token.is_not(None))).all()
        stored = _files(session)
    for id_, token in ((id_, token) for id_, token in seals if token is not None):
        yield Found("delivery", id_, key_of(token), _trouble(ring, token, id_))
    for id_, contract in stored:
        try:
            token = storage.get(id_)
        except Unavailable as error:
            yield Found("file", id_, "", str(error))
            continue
        yield Found("file", id_, key_of(token), _trouble(ring, token, f"file:{contract}"))


def shut(session: Session, ring: Ring) -> dict[str, int]:
    """How many seals do not open with the keys of ``ring``, by the fingerprint of their key."""
    rows = session.execute(select(Seal.id, Seal.token).where(Seal.token.is_not(None)))
    found = Counter(key_of(token) for id_, token in rows if token is not None and _trouble(ring, token, id_))
    return dict(found)


def _files(session: object) -> list[tuple[str, str]]:
    f = StoredFile
    rows = session.execute(  # type: ignore[attr-defined]
        select(f.id, f.owner_id).where(f.purpose == PURPOSE, f.removed_at.is_(None))
    )
    return [(row.id, row.owner_id) for row in rows]


def _trouble(ring: Ring, token: bytes, about: str) -> str:
    try:
        ring.open(token, about)
    except Unavailable as error:
        return str(error)
    return ""


def rotate(database: Database) -> tuple[int, int]:
    """Seal anew what an older key holds, one commit each: stopped in the middle it is begun again. (done, left alone).

    What does not open is left as it is.
    """
    ring, storage = database.ports.get(Ring), database.ports.get(Storage)
    done = left = 0
    for found in list(look(database)):
        if found.trouble:
            left += 1
        elif found.key != ring.newest:
            _anew(database, ring, storage, found)
            done += 1
    return done, left


def _anew(database: Database, ring: Ring, storage: Storage, found: Found) -> None:
    with database.unit(system("seals.rotate")) as uow:
        if found.kind == "delivery":
            row = uow.session.get_one(Seal, found.id)
            if row.token is not None:
                row.token = ring.seal(ring.open(row.token, row.id), row.id)
        else:
            about = f"file:{uow.session.get_one(StoredFile, found.id).owner_id}"
            token = ring.seal(ring.open(storage.get(found.id), about), about)
            values = {"sha256": sha256(token).hexdigest(), "size": len(token)}
            uow.session.execute(update(StoredFile).where(StoredFile.id == found.id).values(**values))
            storage.put(found.id, token)
        uow.flush()
        uow.commit()
