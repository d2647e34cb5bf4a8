"""What one person asked for is carried out a day later, each by itself, as long as somebody stands behind it."""

import sqlite3

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from tests.corrections.test_by_two import FEE, WHY, booked, by, do, hire, read

from marketwright.features.accounts import people
from marketwright.features.corrections import jobs, service
from marketwright.store.tables import AuditRow
from marketwright.testing.agreed import Stage

pytestmark = pytest.mark.plugins("standard_contracts", "sandbox")


@pytest.fixture
def alone(house):
    """The only one of the staff, with two corrections whose day has passed."""
    stage = Stage(house)
    anna = hire(stage, "anna")["anna"]
    made = [do(stage, by(anna), service.ask_entry, legs=FEE, reason=WHY) for _ in "ab"]
    stage.move(hours=25)
    return stage, anna, made


def look(stage, again=""):
    with stage.unit() as uow:
        uow.job(jobs.JOB, key=f"now{again}")
        uow.commit()
    stage.house.worker.drain()


def states(stage, made):
    return sorted(read(stage, one).state for one in made)


def fail_once(stage, error):
    """The next decision about a correction fails by ``error``."""
    left = [error]

    def fail(_connection, _cursor, statement, *_rest):
        if statement.startswith("UPDATE corrections") and left:
            raise left.pop()

    event.listen(stage.house.database.writes, "before_cursor_execute", fail)


def test_what_nobody_stands_behind_any_more_is_refused_and_the_log_says_why(alone):
    stage, anna, made = alone
    with stage.unit() as uow:
        people.suspend(uow, account=anna, reason="Dismissed.")
        uow.commit()
    look(stage)
    assert (states(stage, made), booked(stage)) == (["refused", "refused"], 0)
    with stage.house.database.reading() as session:
        why = session.scalars(select(AuditRow.details).where(AuditRow.action == "correction.refused")).all()
    assert all("nobody else stands behind it" in said["why"] for said in why)


def test_a_database_that_is_busy_for_a_moment_refuses_nothing_for_good(alone):
    stage, _anna, made = alone
    fail_once(stage, OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked")))
    look(stage)
    assert states(stage, made) == ["asked", "done"]
    look(stage, again=" again")
    assert (states(stage, made), booked(stage)) == (["done", "done"], 2400)


def test_one_that_fails_keeps_no_other_from_being_carried_out(alone):
    stage, _anna, made = alone
    fail_once(stage, RuntimeError("nobody knows why"))
    look(stage)
    assert states(stage, made) == ["asked", "done"]
