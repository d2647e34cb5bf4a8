"""Statements that are compiled once in a process, for what nearly every page asks of the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, SelectBase


class Prepared:
    """``statement``, whose binds all have names of their own, as the driver takes it.

    Values go to the driver and come back as they are: no column in it may want to be read in another way than it is
    stored (instants, JSON).
    """

    def __init__(self, statement: SelectBase) -> None:
        self._statement = statement
        self._ready: dict[str, tuple[str, Sequence[str] | None, Mapping[str, Any]]] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows for ``values`` by the names of the binds."""
        ready = self._ready.get(connection.dialect.name)
        if ready is None:
            made = self._statement.compile(dialect=connection.dialect)
            ready = self._ready[connection.dialect.name] = (str(made), made.positiontup, made.params)
        text, places, own = ready
        given = {**own, **values}
        return connection.exec_driver_sql(text, tuple(given[p] for p in places) if places else given).all()
