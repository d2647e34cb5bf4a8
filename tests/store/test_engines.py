"""What a connection of PostgreSQL does between two who use it."""

import pytest
from sqlalchemy import text


def test_what_one_left_open_is_not_kept_by_the_next(database):
    if database.writes.dialect.name == "sqlite":
        pytest.skip("SQLite's driver keeps nothing open of its own accord")
    left = database.writes.raw_connection()
    left.cursor().execute("CREATE TABLE left_open (n integer)")
    left.close()
    with database.writes.begin() as connection:
        found = connection.scalar(text("SELECT to_regclass('left_open')"))
    assert found is None
