"""A desk for a plugin alone: no marketplace stands behind it, its clock stands until it is moved."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from marketwright.hooks.desk import Desk, NoActions
from marketwright.hooks.http import Transport
from marketwright.hooks.installed import hosts_of
from marketwright.hooks.manifest import Manifest
from marketwright.hooks.ports import DeskPorts, DeskTables, NoTables
from marketwright.kernel.guard import inside_unit
from marketwright.kernel.time import Clock, FrozenClock
from marketwright.store.plugins import guard

FakeClock = FrozenClock
MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class FolderTables:
    """The tables of one plugin, as its models declare them, in a file of its own folder."""

    def __init__(self, tables: Any, folder: Path) -> None:
        self._tables, self._folder = tables, folder

    def _engine(self) -> Engine:
        self._folder.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{self._folder / 'tables.sqlite'}", poolclass=NullPool)
        self._tables.metadata.create_all(engine)
        return engine

    @contextmanager
    def unit(self, plugin: str) -> Iterator[Session]:
        """A session that writes."""
        with inside_unit(), Session(self._engine(), expire_on_commit=False) as session:
            guard(session, plugin)
            yield session

    @contextmanager
    def reading(self, plugin: str) -> Iterator[Session]:
        """A session that reads."""
        with Session(self._engine()) as session:
            guard(session, plugin)
            yield session


def make_desk(
    manifest: Manifest, settings: Mapping[str, Any], folder: Path, *, clock: Clock | None = None, stage: str = "test",
    currency: str = "EUR", http: Transport | None = None,
) -> Desk:  # fmt: skip
    """The desk of ``manifest`` with checked ``settings``, its own ``folder``, and a value for each declared secret.

    ``http`` answers its calls (:class:`~marketwright.testing.http.FakeHttp`); without it they go out for real. The
    tables that the manifest declares lie in a file of ``folder``.
    """
    tables: DeskTables = FolderTables(manifest.tables, folder) if manifest.tables is not None else NoTables()
    return Desk(
        plugin=manifest.name, settings=settings, clock=clock or FrozenClock(MONDAY), folder_path=folder,
        secret_values={name: f"secret-of-{name.lower()}" for name in manifest.secrets}, acts=manifest.acts,
        base_url="http://marketplace.test", stage=stage, currency=currency, port=NoActions(),
        reads=manifest.reads, personal_data=manifest.personal_data, hosts=hosts_of(manifest, settings), transport=http,
        ports=DeskPorts(tables=tables),
    )  # fmt: skip
