"""Taking a backup while the site works: one snapshot of the database, then the bytes that its rows speak of.

The order matters. The ledger's head is read before the snapshot, so it is never ahead of it. What plugins keep is
copied after: a provider may know more than the database (a look-up finds it out), never less.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, MetaData, Table, inspect, select, text
from sqlalchemy.orm import Session

from marketwright.features.backups.archive import FORMAT, ArchiveWriter, Manifest, TableEntry
from marketwright.features.backups.rows import columns_of, read_lines
from marketwright.features.files.ports import Storage
from marketwright.features.files.tables import StoredFile
from marketwright.features.ledger.queries import head
from marketwright.features.ledger.sealer import Anchor
from marketwright.kernel.errors import InvalidInput, Unavailable
from marketwright.store.base import Base
from marketwright.store.migrate import current_revision, refuse_old_schema
from marketwright.version import __version__
from marketwright.web.house import House

_SQLITE = b"SQLite format 3\x00"
_BESIDE = ("-wal", "-shm", "-journal")


def take(house: House, file: Path, *, replace: bool = False) -> Manifest:
    """Write a backup of ``house`` to ``file``; the site may go on working. Returns what is in it.

    ``InvalidInput`` where ``file`` exists already, unless ``replace``; ``BadSetting`` for a schema that is not ours.
    """
    if file.exists() and not replace:
        raise InvalidInput({str(file): ["There is a file of this name already. Choose another, or say --replace."]})
    refuse_old_schema(house.database)
    folder = house.marketplace.var
    anchor = Anchor(folder).file
    anchored = anchor.read_text("utf-8") if anchor.is_file() else ""
    with ArchiveWriter(file) as writer, TemporaryDirectory() as scratch:
        with _snapshot(house) as connection:
            tables = tuple(_tables(writer, house, connection))
            uploads = connection.execute(
                select(StoredFile.id, StoredFile.sha256).where(StoredFile.removed_at.is_(None)).order_by(StoredFile.id)
            ).all()
            sealed = head(Session(connection)).number
        storage = house.ports.get(Storage)
        lost = tuple(id_ for id_, digest in uploads if not _upload(writer, storage, id_, digest))
        manifest = Manifest(
            format=FORMAT, made_at=datetime.now(UTC), version=__version__, slug=house.marketplace.slug,
            name=house.marketplace.name, stage=str(house.marketplace.stage),
            engine=house.database.writes.dialect.name, revision=current_revision(house.database) or "",
            tables=tables, files=len(uploads) - len(lost), anchor=anchored, sealed=sealed,
            plugin_files=tuple(_plugin_files(writer, folder / "plugins", Path(scratch))), lost=lost,
        )  # fmt: skip
        writer.finish(manifest)
    return manifest


@contextmanager
def _snapshot(house: House) -> Iterator[Connection]:
    """One state of the whole database, whoever writes meanwhile."""
    with house.database.reads.connect() as connection, connection.begin():
        connection.execute(text("SELECT count(*) FROM alembic_version"))  # the snapshot is taken here
        yield connection


def _of_plugin(house: House, connection: Connection, name: str) -> Table:
    """A plugin's table as its code declares it, or as it is found where the plugin is switched off."""
    for plugin in house.plugins.enabled:
        if plugin.manifest.tables is not None and name in plugin.manifest.tables.metadata.tables:
            declared: Table = plugin.manifest.tables.metadata.tables[name]
            return declared
    return Table(name, MetaData(), autoload_with=connection)


def _tables(writer: ArchiveWriter, house: House, connection: Connection) -> Iterator[TableEntry]:
    there = set(inspect(connection).get_table_names()) - set(Base.metadata.tables)
    of_plugins = sorted(n for n in there if n.startswith("x_") and not n.endswith("_alembic_version"))
    strange = sorted(n for n in there - {"alembic_version"} if not n.startswith("x_"))
    if strange:
        raise Unavailable(
            "The database holds tables that no part of marketwright knows: %(names)s. Nothing was written. Move them "
            "to a database of their own.", names=", ".join(strange),
        )  # fmt: skip
    for source in (*Base.metadata.sorted_tables, *(_of_plugin(house, connection, n) for n in of_plugins)):
        rows, digest = writer.lines(f"tables/{source.name}.jsonl", read_lines(connection, source))
        yield TableEntry(source.name, columns_of(source), rows, digest)


def _upload(writer: ArchiveWriter, storage: Storage, id_: str, digest: str) -> bool:
    """Add one upload by its content; false when its bytes are not there or are not what was stored."""
    try:
        data = storage.get(id_)
    except Unavailable:
        return False
    if sha256(data).hexdigest() != digest:
        return False
    writer.data(f"files/{digest}", data)
    return True


def _plugin_files(writer: ArchiveWriter, folder: Path, scratch: Path) -> Iterator[str]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        name = path.relative_to(folder).as_posix()
        if path.name.endswith(_BESIDE) and path.with_name(path.name.rsplit("-", 1)[0]).is_file():
            continue
        with path.open("rb") as stream:
            is_database = stream.read(len(_SQLITE)) == _SQLITE
        copy = path
        if is_database:
            copy = scratch / "copy.sqlite"
            copy.unlink(missing_ok=True)
            copy_database(path, copy)
        writer.path(f"plugins/{name}", copy)
        yield name


def copy_database(source: Path, target: Path) -> None:
    """Copy one SQLite file onto another in one transaction, whoever has either open; all or nothing."""
    with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target, timeout=30)) as new:
        old.backup(new)
