"""Putting a restored site in the place of the old one.

A journal is written first. The database's one commit decides: a database that knows the restore is the new one, and
the moves of the journal are finished; one that does not is the old one, and the journal is void.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.engine import make_url

from marketwright.features.backups.archive import flush_folder
from marketwright.features.backups.tables import Restoration
from marketwright.features.backups.taking import copy_database
from marketwright.features.ledger.kinds import BOOK
from marketwright.settings.marketplace import Marketplace
from marketwright.store.database import Database
from marketwright.store.engines import make_engine

_NAMES = ("plugins", f"ledger-{BOOK}.head")


class Placing:
    """One restored site in ``scratch``, ready to be put in place."""

    JOURNAL: ClassVar[str] = "restore.json"

    def __init__(self, marketplace: Marketplace, restore: str, scratch: Path, brings: tuple[str, ...] = ()) -> None:
        self.marketplace, self.restore, self.scratch, self.brings = marketplace, restore, scratch, brings
        self.aside = marketplace.var / f"before-{restore.lower()}"
        self.journal = marketplace.var / self.JOURNAL

    def place(self) -> None:
        """Write the journal, commit the database, move the rest."""
        self.aside.mkdir()
        self.brings = tuple(name for name in _NAMES if (self.scratch / name).exists())
        self._write_journal()
        if self.marketplace.database_url.startswith("sqlite"):
            self._swap_file()
        else:
            self._swap_schema()
        self.finish()

    def _write_journal(self) -> None:
        draft = self.journal.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as stream:
            json.dump({"restore": self.restore, "scratch": str(self.scratch), "brings": self.brings}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.journal)
        flush_folder(self.journal.parent)

    def _swap_file(self) -> None:
        place = Path(str(make_url(self.marketplace.database_url).database))
        if place.is_file():
            copy_database(place, self.aside / place.name)
        copy_database(self.scratch / "marketplace.sqlite", place)

    def _swap_schema(self) -> None:
        """Move the old tables into a schema aside, and the restored ones into their place, in one transaction."""
        engine = make_engine(self.marketplace.database_url, writes=True)
        try:
            with engine.begin() as connection:
                home = str(connection.scalar(text("SELECT current_schema()")))
                aside = f"before_{self.restore.lower()}"
                connection.execute(text(f'CREATE SCHEMA "{aside}"'))
                _move(connection, home, aside)
                _move(connection, f"restoring_{self.restore.lower()}", home)
        finally:
            engine.dispose()

    def finish(self) -> None:
        """Move the plugins' folders and the ledger's head, as often as it takes, then forget the journal."""
        for name in _NAMES:
            staged, place, old = self.scratch / name, self.marketplace.var / name, self.aside / name
            if place.exists() and not old.exists() and (staged.exists() or name not in self.brings):
                place.rename(old)
            if staged.exists():
                staged.rename(place)
        self.journal.unlink()
        shutil.rmtree(self.scratch, ignore_errors=True)


_THINGS = (
    ("TABLE", "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
              "quote_ident(:schema)::regnamespace"),
    ("FUNCTION", "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE pronamespace = "
                 "quote_ident(:schema)::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid "
                 "AND d.deptype = 'e')"),
)  # fmt: skip


def _move(connection: Connection, source: str, target: str) -> None:
    """Move tables (their indexes, sequences and triggers follow) and functions from one schema to another."""
    connection.execute(text(f'SET LOCAL search_path TO "{source}"'))
    for kind, names in _THINGS:
        for name in connection.scalars(text(names), {"schema": source}).all():
            connection.execute(text(f'ALTER {kind} {name} SET SCHEMA "{target}"'))


def finish_interrupted(marketplace: Marketplace) -> str:
    """End a restore that was killed: ``finished``, ``void`` (the old site stands), or '' when there was none."""
    journal = marketplace.var / Placing.JOURNAL
    if not journal.is_file():
        return ""
    found: dict[str, Any] = json.loads(journal.read_text("utf-8"))
    placing = Placing(marketplace, found["restore"], Path(found["scratch"]), tuple(found["brings"]))
    if _came(marketplace, placing.restore):
        placing.finish()
        return "finished"
    shutil.rmtree(placing.aside, ignore_errors=True)
    journal.unlink()
    return "void"


def sweep(marketplace: Marketplace) -> None:
    """Remove what restores that were killed before their journal have left; for whoever has the folder alone."""
    for left in marketplace.var.glob("restoring-*"):
        shutil.rmtree(left, ignore_errors=True)
    if marketplace.database_url.startswith("sqlite"):
        return
    engine = make_engine(marketplace.database_url, writes=True)
    try:
        with engine.begin() as connection:
            left_over = text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'restoring\\_%'")
            for name in connection.scalars(left_over).all():
                connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
    finally:
        engine.dispose()


def _came(marketplace: Marketplace, restore: str) -> bool:
    """Whether the database in place is the one that ``restore`` brought."""
    database = Database(marketplace.database_url)
    try:
        with database.reading() as session:
            if not inspect(session.connection()).has_table(Restoration.__tablename__):
                return False
            return session.scalar(select(Restoration.id).where(Restoration.id == restore)) is not None
    finally:
        database.dispose()
