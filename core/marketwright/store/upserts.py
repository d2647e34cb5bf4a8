"""INSERT with ON CONFLICT, in the dialect of the session's database."""

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert


def upsert(session: Session, table: Any) -> "Insert":
    """An insert into ``table`` that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return upsert_in(session.get_bind().dialect.name, table)


def upsert_in(dialect: str, table: Any) -> "Insert":
    """The same for a database of this ``dialect``."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # loaded already, with the engine; a site on SQLite never pays for it

    return cast("Insert", postgresql.insert(table))  # the methods used are the same


@cache
def insert_new(dialect: str, table: Any) -> "Insert":
    """An insert into ``table`` that leaves what is there already; made once, so that it is compiled once."""
    return upsert_in(dialect, table).on_conflict_do_nothing()
