"""What a connection does between two who use it, and what a unit and a reader may do to each other."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from marketwright.kernel.actors import system
from marketwright.store.tables import ClockRow, TickRow

ACTOR = system("tests")


def test_what_one_left_open_is_not_kept_by_the_next(database):
    if database.writes.dialect.name == "sqlite":
        pytest.skip("SQLite's driver keeps nothing open of its own accord")
    left = database.writes.raw_connection()
    left.cursor().execute("CREATE TABLE left_open (n integer)")
    left.close()
    with database.writes.begin() as connection:
        found = connection.scalar(text("SELECT to_regclass('left_open')"))
    assert found is None


def test_d12_a_reader_never_becomes_a_writer(database):
    with database.reading() as session, pytest.raises(DBAPIError):
        session.execute(update(ClockRow).values(offset_seconds=5))


def test_d12_a_unit_that_has_only_read_can_still_write_since_nobody_else_writes_meanwhile(database):
    if database.writes.dialect.name != "sqlite":
        pytest.skip("only SQLite refuses whoever wants to write after another did")
    with closing(sqlite3.connect(database.writes.url.database, timeout=0)) as other, database.unit(ACTOR) as uow:
        uow.session.execute(select(ClockRow)).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO ticks VALUES ('other', 1, '2026-01-01')")
        uow.audit("tests.written", "x")
        uow.commit()


def test_asking_for_the_time_sends_nothing_of_a_row_that_still_waits_for_it(database):
    with database.unit(ACTOR) as uow:
        row = TickRow(job="made", tick=1)
        uow.session.add(row)
        row.at = uow.now
        uow.commit()
    with database.reading() as session:
        assert session.get_one(TickRow, ("made", 1)).at is not None
