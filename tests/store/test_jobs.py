"""The order in which a worker takes jobs, and when they count as done."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import OperationalError

from marketwright.features.payments import running
from marketwright.hooks.calls import LIMITS
from marketwright.kernel.actors import system
from marketwright.store.database import TRIES, Overtaken
from marketwright.store.engines import BUSY_MS
from marketwright.store.jobs import LEASE, Worker
from marketwright.store.lanes import FAIR
from marketwright.store.tables import JobRow, TickRow
from marketwright.store.unit import TURN_SECONDS


@pytest.fixture
def ran(database):
    """What a worker ran, oldest first; ``ran.worker`` is it, and money is what goes first."""

    class Ran(list):
        worker = Worker(database)

    ran = Ran()
    for kind in ("mail", "money", "message"):
        ran.worker.handle(kind, lambda job: ran.append(job.kind), first=kind != "mail")
    ran.worker.handle("sweep", lambda job: ran.append(job.kind), first=True, every=FOR_LONG)
    return ran


@pytest.fixture
def lost(database):
    """Call it, and the database keeps nothing until ``over``: a disk without room, or a server that hangs up."""
    sqlite = database.writes.dialect.name == "sqlite"

    class Lost:
        at_work = False

        def __call__(self):
            self.at_work = True
            event.listen(database.writes, "begin" if sqlite else "before_cursor_execute", self.go_wrong)

        def over(self):
            self.at_work = False

        def go_wrong(self, connection, cursor=None, *_more):
            if sqlite:
                connection.exec_driver_sql(f"PRAGMA max_page_count={1 if self.at_work else 1_000_000}")
            if self.at_work and sqlite:
                connection.exec_driver_sql("CREATE TABLE too_much AS SELECT zeroblob(1000000)")
            elif self.at_work:
                with database.reads.connect() as other:
                    other.exec_driver_sql(f"SELECT pg_terminate_backend({cursor.connection.info.backend_pid}, 5000)")

    return Lost()


FOR_LONG = 10**9  # seconds: one tick from now until the tests are forgotten


def asked(database, *kinds):
    with database.unit(system("test")) as uow:
        for number, kind in enumerate(kinds):
            uow.job(kind, key=str(number))
        uow.commit()


def states(database):
    with database.reading() as session:
        return {row.kind: row.state for row in session.scalars(select(JobRow))}


def test_money_goes_before_mails_that_wait_longer(database, ran):
    asked(database, "mail", "mail", "money")
    ran.worker.run_one()
    assert ran == ["money"]


def test_mails_are_not_kept_waiting_for_ever(database, ran):
    asked(database, "mail", *["money"] * FAIR)
    for _ in range(FAIR):
        ran.worker.run_one()
    assert "mail" in ran


@pytest.mark.parametrize("waiting", ["mail", "message"])
@pytest.mark.parametrize("kind", ["money", "sweep"])
def test_neither_letters_nor_a_flood_of_messages_keep_money_waiting(database, ran, kind, waiting):
    asked(database, *[waiting] * 20, kind)
    for _ in range(FAIR):
        ran.worker.run_one()
    assert kind in ran


def test_money_does_not_wait_until_a_slow_server_has_taken_a_letter(database, ran):
    stop, paid, waited = Event(), Event(), []
    ran.worker.handle("mail", lambda _job: waited.append(paid.wait(10)))
    ran.worker.handle("money", lambda _job: paid.set(), first=True)
    asked(database, "mail")
    working = Thread(target=ran.worker.run, args=(stop,), kwargs={"pause": 0.01, "until": lambda: bool(waited)})
    working.start()
    asked(database, "money")
    working.join()
    assert waited == [True]
    assert states(database)["money"] == "done"


def test_e4_e7_what_the_database_cannot_keep_now_is_done_once_it_can_again(database, ran, lost):
    stop, tried = Event(), []
    ran.worker.handle("money", lambda _job: ran.append("money"), first=True)
    asked(database, "money")
    lost()

    def until():
        tried.append(1)
        if len(tried) == 2:
            lost.over()
        return len(tried) > 3

    ran.worker.run(stop, pause=0.01, until=until)
    assert (ran.count("money"), states(database)["money"]) == (1, "done")


def test_a_job_that_ran_is_done_even_when_no_other_is_due(database, ran):
    asked(database, "money")
    ran.worker.run_one()
    assert states(database) == {"money": "done"}


def test_a_job_is_done_only_after_it_ran(database, ran):
    seen = []
    ran.worker.handle("money", lambda _job: seen.append(states(database)["money"]))
    asked(database, "money")
    ran.worker.drain()
    assert (seen, states(database)) == (["leased"], {"money": "done"})


def test_one_that_fails_takes_nothing_from_the_one_before(database, ran):
    def fails(_job):
        raise RuntimeError

    ran.worker.handle("mail", fails)
    asked(database, "money", "mail")
    ran.worker.drain()
    assert states(database) == {"money": "done", "mail": "ready"}


def periodic(database):
    worker = Worker(database)
    worker.handle("count", lambda _job: None, every=FOR_LONG)
    return worker


def woken(database):
    with database.reading() as session:
        return list(session.scalars(select(JobRow.kind).where(JobRow.kind == "count")))


def test_j9_of_workers_that_meet_at_one_tick_one_wakes_the_job(database):
    workers, together = [periodic(database) for _ in range(3)], Barrier(3)

    def ticks(worker):
        together.wait()
        worker.tick()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(ticks, workers))
    assert woken(database) == ["count"]


def test_j9_a_tick_that_was_taken_and_done_wakes_nobody_again(database):
    periodic(database).tick()
    periodic(database).drain()
    periodic(database).tick()
    assert woken(database) == ["count"]


def test_e11_all_ticks_that_are_due_at_once_cost_one_commit(database):
    commits, worker = [], periodic(database)
    worker.handle("write", lambda _job: None, every=FOR_LONG)
    event.listen(database.writes, "commit", commits.append)
    worker.tick()
    assert len(commits) == 1


class Pauses(Event):
    """A signal to stop that comes after three pauses, none of which takes any time."""

    def __init__(self):
        super().__init__()
        self.taken = 0

    def wait(self, _seconds):
        self.taken += 1
        if self.taken == 3:
            self.set()


def test_e11_a_database_that_does_not_come_along_is_asked_once_a_pause(database):
    asked, pauses = [], Pauses()

    def too_slow(_connection):
        asked.append(pauses.taken)
        raise OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))

    for engine in (database.reads, database.writes):
        event.listen(engine, "begin", too_slow)
    periodic(database).run(pauses)
    assert asked == [0, 1, 2]


def test_e11_a_lease_outlasts_what_its_holder_waits_for_and_a_slow_commit():
    slow_commit = TURN_SECONDS + BUSY_MS / 1000 + 1
    assert LEASE.total_seconds() >= max(LIMITS.values()) + slow_commit
    assert running.LEASE.total_seconds() >= running.PATIENCE + slow_commit


def test_work_that_another_one_was_first_at_is_done_again_from_what_that_left(database):
    tried = []

    def work(uow):
        uow.job("money", key=str(len(tried)))
        tried.append(uow)
        if len(tried) < TRIES:
            raise Overtaken("Somebody else was first.")
        return "done"

    assert database.persist(system("test"), work) == "done"
    with database.reading() as session:
        assert session.scalars(select(JobRow.key)).all() == [str(TRIES - 1)]


def test_two_that_keep_at_once_what_may_be_there_once_do_not_fail(database):
    if database.writes.dialect.name == "sqlite":
        pytest.skip("writers take turns there")
    twice = insert(TickRow).values([{"job": "money", "tick": 1, "at": database.clock.machine()}] * 2)
    with pytest.raises(Overtaken, match="first"), database.unit(system("test")) as uow:
        uow.session.execute(twice)
