"""Statements by the driver itself, for the few paths where SQLAlchemy's own result costs as much as the statement."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

_CURSOR = "marketwright.cursor"


def run(connection: Connection, statement: str, values: Any, *, many: bool = False) -> list[tuple[Any, ...]]:
    """The rows of ``statement`` as the driver writes it, refused as SQLAlchemy would; for each of ``values`` if many.

    The driver's cursor is kept with its connection.
    """
    kept = connection.info
    cursor = kept.get(_CURSOR) or kept.setdefault(_CURSOR, connection.connection.cursor())
    try:
        if many:
            cursor.executemany(statement, values)
            return []
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            statement, values, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
        ) from error


def ask(connection: Connection, statement: str, values: Any) -> list[tuple[Any, ...]]:
    """The rows of ``statement`` as :func:`run` gives them; whoever listens to the engine's statements is told of it."""
    if connection.engine.dispatch.before_cursor_execute:
        return [tuple(row) for row in connection.exec_driver_sql(statement, values)]
    return run(connection, statement, values)
