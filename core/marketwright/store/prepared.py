"""Statements that are compiled once in a process, for what nearly every page asks of the database."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, SelectBase

from marketwright.kernel.frozen import dataclass
from marketwright.store.driver import ask

Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one driver takes it: the order of values, those it brings itself, what reads which column."""

    text: str
    places: Sequence[str] | None
    own: Mapping[str, Any]
    read: Sequence[tuple[int, Reader]]


class Prepared:
    """``statement``, whose binds all have names of their own, as the driver takes it.

    Values go to the driver as they are, and come back as the types of the columns say; a column that is only compared
    with itself may be of no type (``type_coerce(column, NullType)``) and is given as the driver gives it.
    """

    def __init__(self, statement: SelectBase) -> None:
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows for ``values`` by the names of the binds."""
        ready = self._ready.get(connection.dialect.name) or self._make(connection.dialect)
        given = {**ready.own, **values}
        rows = ask(connection, ready.text, tuple([given[p] for p in ready.places]) if ready.places else given)
        if not ready.read:
            return rows
        changed = [list(row) for row in rows]
        for place, read in ready.read:
            for row in changed:
                row[place] = read(row[place])
        return [tuple(row) for row in changed]

    def _make(self, dialect: Dialect) -> _Ready:
        made = self._statement.compile(dialect=dialect)
        types = [column.type.dialect_impl(dialect) for column in self._statement.selected_columns]
        readers = [kind.result_processor(dialect, None) for kind in types]
        read = [(place, reader) for place, reader in enumerate(readers) if reader is not None]
        ready = self._ready[dialect.name] = _Ready(str(made), made.positiontup, made.params, read)
        return ready
