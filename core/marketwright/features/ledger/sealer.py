"""The sealer: after the commit, one at a time, it numbers what is booked without a gap and chains it (L4, L10).

The head of each book is anchored in a file beside the database, so that a database cut short is seen.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from marketwright.features.ledger.chain import link
from marketwright.features.ledger.kinds import BOOK
from marketwright.features.ledger.queries import Head, head
from marketwright.features.ledger.reading import instant, queued
from marketwright.features.ledger.rollups import roll
from marketwright.features.ledger.tables import LedgerSeal, LedgerUnsealed
from marketwright.kernel.actors import system
from marketwright.kernel.ids import new_id
from marketwright.store.database import Database
from marketwright.store.unit import UnitOfWork

BATCH = 500
_LOCK = 7_310_411  # any number: the sealers of one database agree on it


class Anchor:
    """The head of a book, kept in ``<folder>/ledger-<book>.head``: one JSON line, replaced as a whole."""

    def __init__(self, folder: Path, book: str = BOOK) -> None:
        self.file = folder / f"ledger-{book}.head"

    def read(self) -> Head | None:
        """The anchored head, or ``None`` before the first; ``ValueError`` for a file that is not one."""
        try:
            kept = json.loads(self.file.read_text("utf-8"))
            return Head(int(kept["number"]), str(kept["hash"]))
        except FileNotFoundError:
            return None
        except (KeyError, TypeError) as error:
            raise ValueError(str(self.file)) from error

    def write(self, to: Head) -> None:
        """Replace the anchored head; never by an earlier one."""
        kept = self.read()
        if kept is not None and kept.number >= to.number:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(f".{new_id()}")
        with draft.open("w", encoding="utf-8") as stream:
            json.dump({"number": to.number, "hash": to.hash}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.file)


def unsealed(session: Session) -> int:
    """How many committed transactions wait for their number."""
    return session.scalar(select(func.count()).select_from(LedgerUnsealed)) or 0


def seal(uow: UnitOfWork, *, book: str = BOOK, most: int = BATCH) -> int:
    """Seal up to ``most`` transactions and return how many; 0 also when another sealer is at work."""
    session = uow.session
    if session.get_bind().dialect.name == "postgresql" and not session.scalar(
        text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}
    ):
        return 0
    waiting = queued(session, book, most=most)
    if not waiting:
        return 0
    last = head(session, book)
    number, previous = last.number, last.hash
    before = session.scalar(
        select(LedgerSeal.recorded_at).where(LedgerSeal.book == book, LedgerSeal.number == number)
    )
    recorded_at = max(uow.machine_now, before) if before else uow.machine_now
    recorded, seals = instant(recorded_at), []
    for booked, legs in waiting:
        number += 1
        digest = link(previous, number, recorded, booked, legs)
        seals.append({"book": book, "number": number, "transaction_id": booked.id, "previous": previous,
                      "hash": digest, "recorded_at": recorded_at})  # fmt: skip
        previous = digest
    session.execute(insert(LedgerSeal), seals)
    roll(uow, number, previous)
    return len(seals)


def seal_all(
    database: Database, folder: Path | None, *, book: str = BOOK, fence: Callable[[Session], None] | None = None,
    most: int = BATCH,
) -> int:  # fmt: skip
    """Seal everything that is committed, anchor the head in ``folder``, and return how many were sealed.

    At most ``most`` of them in one commit: nobody else writes to SQLite meanwhile.
    """
    count = 0
    while True:
        with database.unit(system("sealer"), fence=fence) as uow:
            sealed = seal(uow, book=book, most=most)
            uow.commit()
        count += sealed
        if sealed < most:
            break
    if folder is not None:
        with database.reading() as session:
            last = head(session, book)
        if last.number:
            Anchor(folder, book).write(last)
    return count
