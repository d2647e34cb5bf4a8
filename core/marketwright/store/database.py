"""The database of one marketplace: reading sessions and units of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Unavailable
from marketwright.kernel.guard import inside_unit
from marketwright.kernel.ports import Ports
from marketwright.store.away import away
from marketwright.store.base import Base
from marketwright.store.engines import make_engine
from marketwright.store.tables import ClockRow
from marketwright.store.triggers import create_triggers
from marketwright.store.turns import Turns
from marketwright.store.unit import UnitOfWork

TRIES = 4  # of what the worker does, where somebody else was first
T = TypeVar("T")


class Overtaken(Unavailable):
    """Two units met, and the other one was first: nothing of this one is kept, and it may be tried again at once."""


class Database:
    """Engines, sessions and the business clock of one marketplace.

    ``subscribers`` are the names that events are told to, each of them those that it ``wants``; ``moves`` says whether
    the stage has a movable clock; ``beside`` lends its engines (the same site with other settings); ``schema`` as for
    ``make_engine``.
    """

    def __init__(
        self, url: str, *, ports: Ports | None = None, moves: bool = False, beside: "Database | None" = None,
        schema: str = "",
    ) -> None:  # fmt: skip
        self.url, self.schema = url, schema
        self.ports = ports or Ports()
        self.moves = moves
        self.subscribers: list[str] = []
        self.wants: dict[str, frozenset[str]] = {}
        self._turns: Turns | None = None
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
            self._turns = Turns(str(parsed.database))
        self.writes: Engine = beside.writes if beside else make_engine(url, writes=True, schema=schema)
        self.reads: Engine = beside.reads if beside else make_engine(url, writes=False, schema=schema)
        self.clock = DatabaseClock(self)
        self.pretended: datetime | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that cannot write; it sees one state, that of its first statement."""
        with Session(self.reads) as session:
            yield session

    @contextmanager
    def unit(
        self, actor: Actor, *, fence: Callable[[Session], None] | None = None, at: datetime | None = None
    ) -> Iterator[UnitOfWork]:
        """A unit of work; nothing is kept unless ``commit()`` is called. ``Unavailable`` where it is busy or away.

        Two that meet (a deadlock, or both keep what may be there once) end in :class:`Overtaken` for one of them.
        ``at`` sets business time for this unit alone (seeding, simulation): refused where the clock cannot be moved.
        """
        at = at or self.pretended
        if at is not None and not self.moves:
            msg = "business time cannot be set on a live stage"
            raise RuntimeError(msg)
        with inside_unit():
            try:
                with self.writes.connect() as connection:
                    uow = UnitOfWork(
                        connection=connection, actor=actor, ports=self.ports, turns=self._turns, ahead=self._ahead(at),
                        subscribers=tuple(self.subscribers), fence=fence, wants=self.wants,
                    )  # fmt: skip
                    try:
                        yield uow
                    finally:
                        uow.close()
            except SQLAlchemyError as error:
                if _met(error):
                    raise Overtaken("Somebody else was first; nothing was saved, please try again.") from error
                if refusal := away(error):
                    raise refusal from error
                raise

    def _ahead(self, at: datetime | None) -> timedelta | None:
        """How far a unit's business time is from the machine's; ``None`` where its database has to say so."""
        if at is not None:
            return at - self.clock.machine()
        return None if self.moves else timedelta(0)

    def persist(
        self, actor: Actor, work: Callable[[UnitOfWork], T], *, fence: Callable[[Session], None] | None = None
    ) -> T:
        """What ``work`` gives in a unit, committed; where another was first it is done again from what that one left.

        For what is told to nobody who could try again. ``Overtaken`` after four times.
        """
        for left in reversed(range(TRIES)):
            try:
                with self.unit(actor, fence=fence) as uow:
                    done = work(uow)
                    uow.commit()
                    return done
            except Overtaken:
                if not left:
                    raise
        raise AssertionError

    @contextmanager
    def pretending(self, at: datetime) -> Iterator[None]:
        """Let every unit and the clock of this process stand at ``at`` (seeding and simulation, below live)."""
        before, self.pretended = self.pretended, at
        try:
            yield
        finally:
            self.pretended = before

    def create_schema(self) -> None:
        """Create all tables and triggers at once (tests and simulations; a site uses migrations)."""
        with self.writes.begin() as connection:
            Base.metadata.create_all(connection)
            create_triggers(connection)

    def dispose(self) -> None:
        """Close all connections."""
        self.writes.dispose()
        self.reads.dispose()


def _met(error: SQLAlchemyError) -> bool:
    """Whether PostgreSQL refused this because of what another transaction does or has just done.

    On SQLite writers take turns: what is there twice there is no meeting but a mistake.
    """
    return getattr(getattr(error, "orig", None), "sqlstate", "") in ("23505", "40P01", "40001")  # unique, deadlock, …


class DatabaseClock:
    """Business time is machine UTC plus the stored offset, read at most once a second; live stages have none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read_at = float("-inf")
        self._offset = timedelta(0)

    def business(self) -> datetime:
        """Now, for deals."""
        if self._database.pretended is not None:
            return self._database.pretended
        if self._database.moves and monotonic() - self._read_at > 1.0:
            with self._database.reading() as session:
                seconds = session.scalar(select(ClockRow.offset_seconds)) or 0
            self._offset, self._read_at = timedelta(seconds=seconds), monotonic()
        return self.machine() + self._offset

    def machine(self) -> datetime:
        """Now, for machines."""
        return datetime.now(UTC)

    def forget(self) -> None:
        """Read the offset again at the next call (after it was moved by this process)."""
        self._read_at = float("-inf")


def move_clock(uow: UnitOfWork, by: timedelta) -> None:
    """Move business time by ``by`` (demo and test stages only; the caller checks the stage)."""
    row = uow.session.get(ClockRow, 1)
    if row is None:
        row = ClockRow(id=1, offset_seconds=0)
        uow.session.add(row)
    row.offset_seconds += int(by.total_seconds())
    uow.audit("clock.moved", "", seconds=int(by.total_seconds()))
