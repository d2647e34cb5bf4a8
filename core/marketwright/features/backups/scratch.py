"""A scratch database: where a backup is unpacked and looked at before anything else is touched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from marketwright.features.backups.archive import Archive
from marketwright.features.backups.rows import KINDS, load_lines
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import BrokenInvariant, InvalidInput
from marketwright.store import migrate
from marketwright.store.database import Database
from marketwright.store.engines import make_engine
from marketwright.store.plugin_migrations import upgrade_plugin, versions_of


@contextmanager
def scratch_database(url: str, name: str, folder: Path) -> Iterator[Database]:
    """An empty database on the same engine as ``url``, gone afterwards.

    A file in ``folder`` on SQLite, a schema ``name`` on PostgreSQL. It is kept by whoever moves it away meanwhile.
    """
    if url.startswith("sqlite"):
        database = Database(f"sqlite:///{folder / 'marketplace.sqlite'}", moves=True)
        try:
            yield database
        finally:
            database.dispose()
        return
    with _server(url) as connection:
        connection.execute(text(f'CREATE SCHEMA "{name}"'))
    database = Database(url, moves=True, schema=name)
    try:
        yield database
    finally:
        database.dispose()
        with _server(url) as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))


@contextmanager
def _server(url: str) -> Iterator[Connection]:
    engine = make_engine(url, writes=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def fill(database: Database, archive: Archive, plugins: Plugins) -> None:
    """Give the empty ``database`` schema and rows of ``archive``, then bring it to the schema of this version.

    Raises ``BrokenInvariant`` where the rows do not refer to each other, or are not as many as were written, and
    ``InvalidInput`` for tables of a plugin that is not enabled.
    """
    migrate.upgrade(database, archive.manifest.revision)
    for plugin in plugins.enabled:
        if versions_of(plugin) and (failed := upgrade_plugin(database, plugin).error):
            raise BrokenInvariant("The tables of the plugin %(name)s cannot be made: %(why)s", name=plugin.name,
                                  why=failed)  # fmt: skip
    with database.reads.connect() as connection:
        inspector = inspect(connection)
        there = {name: {c["name"] for c in inspector.get_columns(name)} for name in inspector.get_table_names()}
    for entry in archive.manifest.tables:
        if entry.name not in there:
            raise InvalidInput({entry.name: [
                "This table belongs to a plugin that is not enabled here. Nothing was changed. Enable the plugin, "
                "then restore."
            ]})  # fmt: skip
        if unknown := [name for name, kind in entry.columns if name not in there[entry.name] or kind not in KINDS]:
            raise InvalidInput({f"{entry.name}.{unknown[0]}": [
                f"The schema {archive.manifest.revision} has no such column. Nothing was changed. Take an older backup."
            ]})  # fmt: skip
    load = _load_sqlite if database.writes.dialect.name == "sqlite" else _load_postgresql
    engine = make_engine(database.url, writes=True, schema=database.schema)
    try:
        load(engine.connect(), archive)
    finally:
        engine.dispose()
    if archive.manifest.revision != migrate.newest_revision():
        migrate.upgrade(database)


def _rows(connection: Connection, archive: Archive) -> None:
    for entry in archive.manifest.tables:
        came = load_lines(connection, entry, archive.lines(entry))
        if came != entry.rows:
            raise BrokenInvariant("%(table)s holds %(came)s rows where %(wanted)s were written.", table=entry.name,
                                  came=came, wanted=entry.rows)  # fmt: skip


def _load_sqlite(connection: Connection, archive: Archive) -> None:
    with connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            triggers = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid")
            ).all()
            for name, _sql in triggers:
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
            _rows(connection, archive)
            for _name, sql in triggers:
                connection.exec_driver_sql(sql)
            stray = connection.execute(text("PRAGMA foreign_key_check")).first()
            if stray is not None:
                raise BrokenInvariant("Rows of %(table)s refer to something that is not there.", table=stray[0])


_KEYS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace
"""


def _load_postgresql(connection: Connection, archive: Archive) -> None:
    """Foreign keys are taken off and put on again, which checks every row; triggers rest meanwhile."""
    with connection, connection.begin():
        keys = connection.execute(text(_KEYS)).all()
        names = [entry.name for entry in archive.manifest.tables]
        for table, key, _definition in keys:
            connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{key}"')
        for name in names:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        _rows(connection, archive)
        for name in names:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')
        for table, key, definition in keys:
            connection.exec_driver_sql(f'ALTER TABLE "{table}" ADD CONSTRAINT "{key}" {definition}')
