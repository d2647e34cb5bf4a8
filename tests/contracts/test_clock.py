"""The clock of contracts: a deal that cannot be moved holds up no other; what was refused is asked again later."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from marketwright.features.contracts import timers
from marketwright.features.contracts.tables import Milestone
from marketwright.features.contracts.timers import Later, run_clock
from marketwright.features.missions.tables import Mission
from marketwright.features.payments import service as payments
from marketwright.kernel.errors import Unavailable
from marketwright.kernel.ids import new_id
from marketwright.store.jobs import Job, LeaseLost
from marketwright.store.tables import EventRow
from marketwright.strategies.payments import Outcome
from marketwright.testing.agreed import Stage


def another(stage):
    """The same two sides on another mission."""
    with stage.unit() as uow:
        old = uow.session.get_one(Mission, stage.mission)
        values = {c.key: getattr(old, c.key) for c in Mission.__table__.columns} | {"id": new_id()}
        uow.session.add(Mission(**values))
        uow.commit()
    return Stage(stage.house, stage.client, stage.freelancer, stage.organisation, values["id"])


def delivered(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    return stage


def stands(stage, state):
    with stage.unit() as uow:
        uow.session.execute(update(Milestone).where(Milestone.id == stage.milestones[0]).values(state=state))
        uow.commit()


def told(stage, name):
    with stage.house.database.reading() as session:
        found = session.scalars(select(EventRow).where(EventRow.name == name).order_by(EventRow.at))
        return [row.subject for row in found]


@pytest.fixture
def pair(stage):
    """Two delivered deals whose first reminder is due; the first stands where its course has no state."""
    delivered(stage)
    stage.sound = delivered(another(stage))
    stage.move(days=7, minutes=1)
    stands(stage, "nowhere")
    return stage


@pytest.fixture
def locked(stage):
    """Everything that is asked of the database for writing is refused."""
    def refuse(*_asked):
        raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))

    event.listen(stage.house.database.writes, "before_cursor_execute", refuse)
    yield
    event.remove(stage.house.database.writes, "before_cursor_execute", refuse)


def test_a_deal_that_cannot_be_moved_holds_up_no_other(pair):
    run_clock(pair.house.database)
    assert told(pair, "reminder.due") == pair.sound.milestones


def test_what_failed_is_logged_once_and_left_alone_for_a_while(pair, caplog):
    later = Later()
    for _ in range(3):
        run_clock(pair.house.database, later=later)
    (line,) = [r for r in caplog.records if r.name == "marketwright.contracts"]
    assert pair.milestones[0] in line.getMessage()


def test_what_failed_is_tried_again_later(pair):
    later = Later(wait=timedelta(0))
    run_clock(pair.house.database, later=later)
    stands(pair, "delivered")
    run_clock(pair.house.database, later=later)
    assert told(pair, "reminder.due") == [*pair.sound.milestones, *pair.milestones]


def test_without_the_database_the_round_is_over(pair, locked, caplog):
    with pytest.raises(Unavailable, match="busy"):
        run_clock(pair.house.database)
    assert caplog.records == []


def test_without_its_lease_the_round_is_over(pair):
    with pytest.raises(LeaseLost):
        run_clock(pair.house.database, Job("n0b0dys", timers.JOB, "", {}, 1, 1))
    assert told(pair, "reminder.due") == []


def test_frozen_money_holds_up_no_other(stage, monkeypatch):
    monkeypatch.setattr(timers, "BATCH", 1)
    delivered(stage)
    sound = delivered(another(stage))
    with stage.unit() as uow:
        payments.freeze(uow, hold=stage.milestones[0], reason="a case")
        uow.commit()
    stage.move(days=15)
    run_clock(stage.house.database)
    assert (stage.milestone().pending, sound.milestone().pending) == ("", "approve_by_silence")


def test_everybody_is_warned_however_many_there_are(stage, monkeypatch):  # E12
    monkeypatch.setattr(timers, "BATCH", 2)
    deals = [stage, *(another(stage) for _ in range(3))]
    for deal in deals:
        deal.signed(100_000, due=None).fund()
    for days in (61, 15, 8):
        stage.move(days=days)
        for _ in range(3):
            run_clock(stage.house.database)
    warned = told(stage, "hold.ending")
    assert sorted(warned) == sorted(3 * [m for deal in deals for m in deal.milestones])


def test_a_forced_end_that_the_provider_refuses_is_asked_again_a_day_later(stage):  # E12
    stage.signed(100_000, due=None).fund()
    stage.move(days=89)
    (command,) = run_clock(stage.house.database)
    stage.answer(command, Outcome.FAILED, "The card was cancelled.")
    assert run_clock(stage.house.database) == []
    stage.move(days=1, minutes=1)
    (again,) = run_clock(stage.house.database)
    stage.answer(again)
    assert stage.milestone().state == "refunded"


def test_a_forced_end_that_is_refused_moves_no_other_clock(stage):
    stage.signed(100_000, due=None).fund()
    stage.move(days=80)
    stage.deliver()
    until = stage.milestone().deadline_at
    stage.move(days=13, hours=22)
    (command,) = run_clock(stage.house.database)
    stage.answer(command, Outcome.FAILED, "The account is blocked.")
    assert stage.milestone().deadline_at == until
