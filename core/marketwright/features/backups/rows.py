"""Rows as lines that every engine can read back: a JSON array a row, each column of one of eight kinds."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    cast,
    column,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.types import TypeEngine

from marketwright.features.backups.archive import TableEntry
from marketwright.kernel.errors import InvalidInput
from marketwright.store.base import UtcDateTime

BATCH = 500
_TYPES: dict[str, TypeEngine[Any]] = {
    "instant": UtcDateTime(), "date": Date(), "bytes": LargeBinary(), "json": Text(), "bool": Boolean(),
    "int": BigInteger(), "real": Float(), "text": Text(),
}  # fmt: skip
KINDS = frozenset(_TYPES)
_OUT: dict[str, Callable[[Any], Any]] = {
    "instant": lambda v: (v.astimezone(UTC) if v.tzinfo else v.replace(tzinfo=UTC)).isoformat(), "date": date.isoformat,
    "bytes": lambda v: b64encode(v).decode(),
}  # fmt: skip
_IN: dict[str, Callable[[Any], Any]] = {
    "instant": datetime.fromisoformat, "date": date.fromisoformat, "bytes": b64decode,
}  # fmt: skip


def kind_of(given: TypeEngine[Any]) -> str:
    """The kind of a column's type; what is stored as JSON travels as its own text."""
    known: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
        (UtcDateTime, "instant"), (DateTime, "instant"), (Date, "date"), (LargeBinary, "bytes"), (JSON, "json"),
        (Boolean, "bool"), (Integer, "int"), (Float, "real"),
    )  # fmt: skip
    if isinstance(given, Numeric) and not isinstance(given, Float):
        msg = f"{given!r} has no kind: amounts are integers"
        raise TypeError(msg)
    return next((kind for cls, kind in known if isinstance(given, cls)), "text")


def columns_of(source: Table) -> tuple[tuple[str, str], ...]:
    """Names and kinds of the columns of ``source``."""
    return tuple((c.name, kind_of(c.type)) for c in source.columns)


def read_lines(connection: Connection, source: Table) -> Iterator[bytes]:
    """Every row of ``source`` in the order of its key, as lines."""
    kinds = [kind for _name, kind in columns_of(source)]
    wanted = [cast(c, Text) if kind_of(c.type) == "json" else c for c in source.columns]
    found = connection.execution_options(yield_per=BATCH).execute(
        select(*wanted).order_by(*source.primary_key.columns)
    )
    for row in found:
        values = [
            _OUT[kind](value) if value is not None and kind in _OUT else value
            for kind, value in zip(kinds, row, strict=True)
        ]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _values(entry: TableEntry, lines: Iterable[bytes]) -> Iterator[list[Any]]:
    """The rows of ``entry``; ``InvalidInput`` where a line, or the hash of all, is not what was written."""
    kinds, digest = [kind for _name, kind in entry.columns], sha256()
    for number, line in enumerate(lines, 1):
        digest.update(line + b"\n")
        try:
            yield [
                _IN[kind](value) if value is not None and kind in _IN else value
                for kind, value in zip(kinds, json.loads(line), strict=True)
            ]
        except (TypeError, ValueError, RecursionError) as error:
            why = f"Row {number} cannot be read ({error}). Nothing was changed."
            raise InvalidInput({entry.name: [why]}) from error
    if digest.hexdigest() != entry.sha256:
        raise InvalidInput({entry.name: ["Its rows are not those that were written. Nothing was changed."]})


def load_lines(connection: Connection, entry: TableEntry, lines: Iterable[bytes]) -> int:
    """Write the rows of ``entry`` into its empty table; returns how many.

    ``InvalidInput`` for rows that are not what was written, or that the table refuses.
    """
    try:
        return _load(connection, entry, lines)
    except (DatabaseError, connection.dialect.loaded_dbapi.Error) as error:  # COPY is no statement of SQLAlchemy's
        why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise InvalidInput({entry.name: [f"The table refuses its rows ({why}). Nothing was changed."]}) from error


def _load(connection: Connection, entry: TableEntry, lines: Iterable[bytes]) -> int:
    if connection.dialect.name == "postgresql":
        return _copy(connection, entry, lines)
    target = table(entry.name, *(column(name, _TYPES[kind]) for name, kind in entry.columns))
    names, count = [name for name, _kind in entry.columns], 0
    batch: list[dict[str, Any]] = []
    for values in _values(entry, lines):
        batch.append(dict(zip(names, values, strict=True)))
        if len(batch) == BATCH:
            connection.execute(insert(target), batch)
            count, batch = count + len(batch), []
    if batch:
        connection.execute(insert(target), batch)
    return count + len(batch)


def _copy(connection: Connection, entry: TableEntry, lines: Iterable[bytes]) -> int:
    names, count = ", ".join(f'"{name}"' for name, _kind in entry.columns), 0
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f'COPY "{entry.name}" ({names}) FROM STDIN') as copy:
        for values in _values(entry, lines):
            copy.write_row(values)
            count += 1
    _move_sequences(connection, entry)
    return count


def _move_sequences(connection: Connection, entry: TableEntry) -> None:
    """Let numbers that PostgreSQL gives itself go on after the highest that came in."""
    for name, kind in entry.columns:
        if kind != "int":
            continue
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": f'"{entry.name}"', "c": name}
        )
        if sequence:
            connection.execute(
                text(f'SELECT setval(:s, coalesce(max("{name}"), 0) + 1, false) FROM "{entry.name}"'),  # noqa: S608
                {"s": sequence},
            )
