"""Reading what is booked as plain rows, a million at a time: in the order of the seals, or what waits for one.

The driver's own values are taken, without the ORM and its types: of a verification that is most of the time.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

AT_A_TIME = 5_000
ROOM_KIB, USUAL_KIB = 262_144, 2_000  # of pages that SQLite keeps at hand, at most


class Booked(NamedTuple):
    """A transaction as it was written; instants in ISO 8601 with microseconds, in UTC."""

    id: str
    book: str
    currency: str
    legs: int
    cause_type: str
    cause_id: str
    effect: str
    memo: str
    contract: str
    reverses: str | None
    partial: bool
    actor: str
    at: str
    created_at: str


class Leg(NamedTuple):
    """One side of it: minor units, above zero a debit."""

    position: int
    account: str
    kind: str
    currency: str
    amount: int


class Seal(NamedTuple):
    """Its number and its link; ``transaction`` names what it seals."""

    number: int
    previous: str
    hash: str
    recorded_at: str
    transaction: str


_COLUMNS = (
    "t.id, t.book, t.currency, t.legs, t.cause_type, t.cause_id, t.effect, t.memo, t.contract, t.reverses, t.partial, "
    "t.actor, t.at, t.created_at"
)
_SEALED = text(
    f"SELECT s.number, s.previous, s.hash, s.recorded_at, s.transaction_id, {_COLUMNS} "  # noqa: S608  our own words
    "FROM ledger_seals AS s LEFT JOIN ledger_transactions AS t ON t.id = s.transaction_id "
    "WHERE s.book = :book ORDER BY s.number"
)
_SEALED_LEGS = text(
    "SELECT s.number, l.position, l.account, l.kind, l.currency, l.amount FROM ledger_seals AS s "
    "JOIN ledger_legs AS l ON l.transaction_id = s.transaction_id WHERE s.book = :book ORDER BY s.number, l.position"
)
_QUEUED = text(
    f"SELECT {_COLUMNS} FROM ledger_unsealed AS q "  # noqa: S608
    "JOIN ledger_transactions AS t ON t.id = q.transaction_id "
    "WHERE t.book = :book ORDER BY q.created_at, q.transaction_id LIMIT :most"
)
_UNSEALED = text(
    f"SELECT {_COLUMNS} FROM ledger_transactions AS t "  # noqa: S608
    "LEFT JOIN ledger_seals AS s ON s.transaction_id = t.id "
    "WHERE s.number IS NULL AND t.book = :book ORDER BY t.created_at, t.id"
)
_LEGS_OF = text(
    "SELECT transaction_id, position, account, kind, currency, amount FROM ledger_legs "
    "WHERE transaction_id IN :ids ORDER BY transaction_id, position"
).bindparams(bindparam("ids", expanding=True))


@contextmanager
def roomy(session: Session) -> Iterator[None]:
    """Room for many pages while everything is read: rows are read by their numbers, and lie by their ids."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql(f"PRAGMA cache_size=-{ROOM_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size=-{USUAL_KIB}")


def instant(stored: Any) -> str:
    """A stored instant as it is hashed: SQLite hands out text without a zone, PostgreSQL a datetime."""
    if isinstance(stored, str):
        return f"{stored[:10]}T{stored[11:]}{'' if len(stored) > 19 else '.000000'}+00:00"
    at: datetime = stored
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sealed(session: Session, book: str) -> Iterator[tuple[Seal, Booked | None, list[Leg]]]:
    """Every seal by number with what it seals, in a stream; ``None`` where the transaction is gone."""
    legs = _Legs(_stream(session, _SEALED_LEGS, book=book))
    for row in _stream(session, _SEALED, book=book):
        seal = Seal(row[0], row[1], row[2], instant(row[3]), row[4])
        yield seal, _booked(row[5:]) if row[5] is not None else None, legs.of(seal.number)


def queued(session: Session, book: str, *, most: int) -> list[tuple[Booked, list[Leg]]]:
    """Committed transactions that wait for their seal, oldest first, with their legs."""
    return _with_legs(session, [_booked(row) for row in session.execute(_QUEUED, {"book": book, "most": most})])


def unsealed(session: Session, book: str) -> list[tuple[Booked, list[Leg]]]:
    """The same, found without the queue that triggers keep: reads every row."""
    return _with_legs(session, [_booked(row) for row in session.execute(_UNSEALED, {"book": book})])


class _Legs:
    """Legs in the order of their seals, handed out seal by seal."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, number: int) -> list[Leg]:
        found, row = [], self._next
        while row is not None and row[0] <= number:
            if row[0] == number:
                found.append(Leg(row[1], row[2], row[3], row[4], row[5]))
            row = next(self._rows, None)
        self._next = row
        return found


def _booked(row: Any) -> Booked:
    return Booked._make((*row[:10], bool(row[10]), row[11], instant(row[12]), instant(row[13])))


def _stream(session: Session, statement: TextClause, **values: Any) -> Iterator[Any]:
    found = session.connection().execute(
        statement, values, execution_options={"stream_results": True, "yield_per": AT_A_TIME}
    )
    return iter(found)


def _with_legs(session: Session, found: Sequence[Booked]) -> list[tuple[Booked, list[Leg]]]:
    legs: dict[str, list[Leg]] = {b.id: [] for b in found}
    for ids in _parts(list(legs), 500):
        for row in session.execute(_LEGS_OF, {"ids": ids}):
            legs[row[0]].append(Leg(*row[1:]))
    return [(b, legs[b.id]) for b in found]


def _parts(ids: list[str], size: int) -> Iterable[list[str]]:
    return (ids[n : n + size] for n in range(0, len(ids), size))
