"""Running jobs: lease with fencing token, attempt counted before the run, dead letter, periodic ticks, two lanes."""

import logging
import traceback
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from threading import Event as Stop
from threading import Thread
from time import monotonic
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketwright.kernel.actors import system
from marketwright.kernel.errors import MarketwrightError, Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.store.away import away
from marketwright.store.database import Database
from marketwright.store.lanes import Lane
from marketwright.store.tables import EventMark, EventRow, JobRow, TickRow
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import insert_new, upsert

log = logging.getLogger("marketwright.worker")
MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)
HELD_UP = 0.25  # seconds after which what goes first no longer waits for a job that runs
TELL = "tell"


# as statements of the tables, which cost a fraction of what the rows' classes cost: the worker sends them for each job
_JOBS, _MARKS = (cast(Table, row.__table__) for row in (JobRow, EventMark))
_MINE = update(_JOBS).where(_JOBS.c.id == bindparam("held"), _JOBS.c.fence == bindparam("token"))
_HELD = _MINE.where(_JOBS.c.state == "leased").values(lease_until=bindparam("lease_until"))
_DONE = _MINE.values(state="done", finished_at=bindparam("finished_at"), lease_until=None)


class LeaseLost(MarketwrightError):
    """Another worker holds this job by now; what this one did is not kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """One leased run: ``fence`` is the token that its commits must still hold."""

    id: str
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int
    fence: int
    lease: timedelta = LEASE

    def check(self, session: Session) -> None:
        """Raise :class:`LeaseLost` unless this run holds the lease, which begins anew; locks the row until it ends."""
        session.flush()
        held = {"held": self.id, "token": self.fence, "lease_until": datetime.now(UTC) + self.lease}
        if session.connection().execute(_HELD, held).rowcount != 1:
            raise LeaseLost("The job %(id)s is held by another worker by now.", id=self.id)


Handler = Callable[[Job], None]
Subscriber = Callable[[EventRow, Job], None]


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that a tick wakes every ``seconds`` of machine time."""

    kind: str
    seconds: int


@dataclass(slots=True)
class _Watch:
    look: Callable[[], None]
    every: float
    next: float = 0.0


class Worker:
    """Takes due jobs. ``handlers`` by kind, ``subscribers`` by name, ``periodic`` ticks.

    One at a time, in one lane. A job that takes long holds it up, a letter to a slow server or a plugin's: until it is
    over, what goes first is taken in a second lane beside it.
    """

    def __init__(self, database: Database, *, lease: timedelta = LEASE, max_attempts: int = MAX_ATTEMPTS) -> None:
        self.database, self.lease, self.max_attempts = database, lease, max_attempts
        self.handlers: dict[str, Handler] = {TELL: self._tell, "jobs.sweep": self._sweep}
        self.subscribers: dict[str, Subscriber] = {}
        self.periodic: list[Periodic] = [Periodic("jobs.sweep", 3600)]
        self._first: list[str] = []  # kinds that go before all others
        self._main = Lane()
        self._watching: list[_Watch] = []
        self._ticked: dict[str, int] = {}  # the newest tick of each kind that is known to be taken

    def handle(self, kind: str, handler: Handler, *, every: int | None = None, first: bool = False) -> None:
        """Register the handler of ``kind``; ``every`` seconds it is also woken by a tick.

        ``first``: its jobs go before all that wait longer, and kinds that go first take turns with each other. Every
        fourth place is the oldest job's whatever its kind, so that nothing waits for ever.
        """
        self.handlers[kind] = handler
        if first and kind not in self._first:
            self._first.append(kind)
        if every is not None:
            self.periodic.append(Periodic(kind, every))

    def watch(self, look: Callable[[], None], *, every: float) -> None:
        """Call ``look`` every ``every`` seconds beside the jobs: for what has no job row of its own."""
        self._watching.append(_Watch(look, every))

    def look(self, *, now: bool = False) -> None:
        """Take the looks that are due, or all of them ``now``; one that fails is logged and taken again."""
        for watch in self._watching:
            if now or monotonic() >= watch.next:
                watch.next = monotonic() + watch.every
                try:
                    watch.look()
                except Unavailable:
                    log.info("the database is busy; looking again in %s s", watch.every)
                except Exception:
                    log.exception("a look of the worker failed")

    def subscribe(self, name: str, subscriber: Subscriber, *, wants: Collection[str] | None = None) -> None:
        """Tell ``subscriber`` every event, or those it ``wants``, at least once, marked by its name."""
        self.subscribers[name] = subscriber
        if wants is not None:
            self.database.wants[name] = frozenset(wants)
        if name not in self.database.subscribers:
            self.database.subscribers.append(name)

    def tick(self) -> None:
        """Wake the periodic jobs whose tick nobody has taken yet (J9); asks the database only when one is new here."""
        at = self.database.clock.machine().timestamp()
        new = {p.kind: int(at) // p.seconds for p in self.periodic if self._ticked.get(p.kind) != int(at) // p.seconds}
        if not new:
            return
        with self.database.reading() as session:
            found = session.execute(select(TickRow.job, TickRow.tick).where(TickRow.job.in_(new))).all()
        taken = {(job, number) for job, number in found}
        if free := sorted(tick for tick in new.items() if tick not in taken):
            self._wake(free)
        self._ticked.update(new)

    def _wake(self, ticks: Sequence[tuple[str, int]]) -> None:
        """Take ``ticks`` (kind, number) and wake their jobs, in one commit: a disk may take a second for each."""
        with self.database.unit(system("ticks")) as uow:
            for kind, number in ticks:
                mine = {"job": kind, "tick": number, "at": uow.machine_now}
                taken = uow.session.execute(upsert(uow.session, TickRow).values(mine).on_conflict_do_nothing())
                if taken.rowcount:  # type: ignore[attr-defined]
                    uow.session.execute(delete(TickRow).where(TickRow.job == kind, TickRow.tick < number - 10))
                    uow.job(kind, key="tick")
            uow.commit()

    def _claim(self, lane: Lane) -> Job | None:
        """Lease the next due job (ready, or leased by a worker that has died), counting the attempt first (J7).

        What ran before in this lane is written down as done in the same commit.
        """
        with self.database.unit(system("worker")) as uow:
            now, over = uow.machine_now, lane.over
            if over is not None:
                self._write_down(uow, over)
            row = lane.due(
                uow.session, now, first=self._first, ticking={periodic.kind for periodic in self.periodic},
                here=[kind for kind in self.handlers if kind.startswith("plugin.")],
            )  # fmt: skip
            if row is None:
                if over is not None:
                    uow.commit()
                    lane.over = None
                return None
            if row.attempts >= self.max_attempts:
                row.state, row.finished_at = "dead", now
                row.last_error = row.last_error or "the worker died while it ran"
                uow.audit("job.died", row.id, kind=row.kind, error=row.last_error[-500:])
                uow.commit()
                lane.over = None
                return self._claim(lane)
            row.state, row.attempts, row.fence = "leased", row.attempts + 1, row.fence + 1
            row.lease_until = now + self.lease
            job = Job(row.id, row.kind, row.key, dict(row.payload), row.attempts, row.fence, self.lease)
            uow.commit()
            lane.over = None
            return job

    def run_one(self) -> bool:
        """Run one due job; false when none is due. A failing one is put back with a growing delay, then dead."""
        ran = self._next(self._main)
        self._settle(self._main)
        return ran

    def _next(self, lane: Lane) -> bool:
        """Run one due job, and leave it to the lane's next claim to write down that it is done."""
        job = self._claim(lane)
        if job is None:
            return False
        lane.since = monotonic()
        try:
            handler = self.handlers.get(job.kind)
            if handler is None:
                self._fail(job, f"no handler for jobs of kind {job.kind!r} (is its plugin switched off?)")
            else:
                handler(job)
                lane.over = job
        except LeaseLost:
            pass
        except Exception:  # noqa: BLE001  a poison job must not stop the queue (J7)
            self._fail(job, traceback.format_exc())
        finally:
            lane.since = None
        return True

    def drain(self, limit: int = 10_000) -> int:
        """Run due jobs until none is left, then take every look; returns how many ran."""
        count = 0
        while count < limit and self._next(self._main):
            count += 1
        self._settle(self._main)
        self.look(now=True)
        return count

    def run(
        self, stop: Stop, *, pause: float = 0.25, until: Callable[[], bool] = lambda: False,
        around: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:  # fmt: skip
        """Work until ``stop`` is set, or until ``until`` says so between two jobs.

        ``around`` is entered by what runs in a thread of its own here.
        """
        over = Stop()
        beside = [
            Thread(target=self._keep_looking, args=(over,), name="looks", daemon=True),
            Thread(target=self._go_first, args=(over, around), name="first", daemon=True),
        ]
        begun: list[Thread] = []
        try:
            for thread in beside:
                thread.start()  # apart, so that a slow job keeps nobody waiting
                begun.append(thread)
            while not stop.is_set() and not until():
                try:
                    self.tick()
                    busy = self._next(self._main)
                except Unavailable:
                    busy = False
                except SQLAlchemyError as error:
                    if away(error) is None:
                        raise
                    busy = False
                if not busy:
                    stop.wait(pause)
        finally:
            over.set()
            for thread in begun:
                thread.join()
            with suppress(Unavailable):  # it runs once more then, when its lease is over
                self._settle(self._main)

    def _keep_looking(self, over: Stop) -> None:
        while self._watching and not over.is_set():
            self.look()
            over.wait(min(w.every for w in self._watching))

    def _go_first(self, over: Stop, around: Callable[[], AbstractContextManager[object]]) -> None:
        """The second lane: what goes first, for as long as one job holds up the other lane."""
        lane = Lane(first_only=True)
        with around():
            while self._first and not over.wait(HELD_UP):
                try:
                    while not over.is_set() and self._main.held_up(HELD_UP):
                        self.tick()
                        if not self._next(lane):
                            break
                    self._settle(lane)
                except Unavailable:
                    log.info("the database is busy; what goes first is taken in %s s", HELD_UP)
                except Exception:
                    log.exception("what goes first could not be taken")

    def _settle(self, lane: Lane) -> None:
        """Write down what is done, with no other job to take."""
        if lane.over is None:
            return
        with self.database.unit(system("worker")) as uow:
            self._write_down(uow, lane.over)
            uow.commit()
        lane.over = None

    def _write_down(self, uow: UnitOfWork, job: Job) -> None:
        """That a job is done; with one that told an event, that its subscriber knows of it."""
        done = uow.connection.execute(_DONE, {"held": job.id, "token": job.fence, "finished_at": uow.machine_now})
        if done.rowcount and job.kind == TELL and job.payload["subscriber"] in self.subscribers:
            mark = {"event_id": job.payload["event"], "subscriber": job.payload["subscriber"], "at": uow.machine_now}
            uow.connection.execute(insert_new(uow.connection.dialect.name, _MARKS), mark)

    def _fail(self, job: Job, error: str) -> None:
        with self.database.unit(system("worker")) as uow:
            dead = job.attempts >= self.max_attempts
            duplicate = uow.session.scalar(
                select(JobRow.id).where(
                    JobRow.kind == job.kind, JobRow.key == job.key, JobRow.key != "", JobRow.state == "ready"
                )
            )
            state = "dead" if dead else "done" if duplicate else "ready"
            uow.session.execute(
                update(JobRow)
                .where(JobRow.id == job.id, JobRow.fence == job.fence)
                .values(
                    state=state, last_error=error[-4000:], lease_until=None,
                    finished_at=uow.machine_now if state != "ready" else None,
                    run_at=uow.machine_now + timedelta(seconds=min(2**job.attempts, 600)),
                )
            )  # fmt: skip
            if dead:
                uow.audit("job.died", job.id, kind=job.kind, error=error[-500:])
            uow.commit()

    def _tell(self, job: Job) -> None:
        event_id, name = job.payload["event"], job.payload["subscriber"]
        subscriber = self.subscribers.get(name)
        with self.database.reading() as session:
            row = session.get(EventRow, event_id)
            marked = session.scalar(
                select(EventMark.seq).where(EventMark.event_id == event_id, EventMark.subscriber == name)
            )
        if row is None or marked is not None or subscriber is None:
            return
        subscriber(row, job)

    def _sweep(self, _job: Job) -> None:
        with self.database.unit(system("worker")) as uow:
            old = uow.machine_now - timedelta(days=7)
            uow.session.execute(delete(JobRow).where(JobRow.state == "done", JobRow.finished_at < old))
            uow.commit()
