"""Two engines on one database: one that only reads, one for units of work."""

import select
from collections.abc import Callable
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError

BUSY_MS = 10_000
REST_S = 30.0  # after which a connection is asked whether it still answers; before, that would cost each unit a journey


def _sqlite(url: str, *, writes: bool) -> Engine:
    memory = make_url(url).database in (None, "", ":memory:")  # one connection a thread
    pool: dict[str, Any] = {} if memory else {"pool_use_lifo": True}  # who was just used has pages at hand
    engine = create_engine(
        url, connect_args={"isolation_level": None, "timeout": BUSY_MS / 1000, "check_same_thread": False}, **pool
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if not writes:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    def do_begin(dbapi_connection: Any) -> None:
        dbapi_connection.driver_connection.execute(begin)

    # the driver begins nothing of its own accord; a listener would make every step of a connection ask for listeners
    engine.dialect.do_begin = do_begin  # type: ignore[method-assign]
    return engine


# one state from the first statement to the last, as SQLite gives it: sums of several statements fit together
_READS = " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"


def _postgresql(url: str, *, writes: bool, schema: str) -> Engine:
    options = "-c timezone=UTC" + ("" if writes else _READS)
    options += f" -c search_path={schema}" if schema else ""
    engine = create_engine(url, connect_args={"options": options}, pool_size=5, pool_reset_on_return=None)

    @event.listens_for(engine, "connect")
    def _met(connection: Any, record: Any) -> None:
        record.info["word"] = _word(connection.pgconn.socket)

    @event.listens_for(engine, "checkin")
    def _rest(connection: Any, record: Any) -> None:
        # the pool's own rollback takes a lock and asks the driver each time; nearly always nothing is open
        if connection is not None and connection.pgconn.transaction_status:
            try:
                connection.rollback()
            except engine.dialect.loaded_dbapi.Error as error:
                record.invalidate(error)
                return
        record.info["rested"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _wake(connection: Any, record: Any, _fairy: Any) -> None:
        kept = record.info
        rested = monotonic() - kept["rested"] if "rested" in kept else 0.0
        if (rested > REST_S or kept["word"]()) and not _answers(engine, connection):
            raise DisconnectionError  # the pool opens another

    return engine


def _word(socket: int) -> Callable[[], bool]:
    """What tells whether the server sent something to a connection that asked for nothing: as a rule that it hung up.
    """
    if hasattr(select, "poll"):
        watch = select.poll()
        watch.register(socket, select.POLLIN)
        return lambda: bool(watch.poll(0))
    return lambda: bool(select.select([socket], [], [], 0)[0])


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def make_engine(url: str, *, writes: bool, schema: str = "") -> Engine:
    """An engine for ``url`` (sqlite or postgresql+psycopg); one without ``writes`` cannot write at run time.

    ``schema`` is where its tables are on PostgreSQL, when not in the usual place.
    """
    backend = make_url(url).get_backend_name()
    return _sqlite(url, writes=writes) if backend == "sqlite" else _postgresql(url, writes=writes, schema=schema)
