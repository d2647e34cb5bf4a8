"""The worker's part of vetting: verdicts that end, checks that are asked again."""

import logging
from collections.abc import Callable

from sqlalchemy import select

from marketwright.features.inbox.ports import Fence, HouseLike
from marketwright.features.vetting import assessing, following
from marketwright.features.vetting.expiry import expire
from marketwright.features.vetting.running import advance, conclude, put_by
from marketwright.features.vetting.tables import CheckRun, TaskRow
from marketwright.kernel.actors import system
from marketwright.store.jobs import Job, LeaseLost, Worker

log = logging.getLogger("marketwright.vetting")
EXPIRE_JOB = "vetting.expire"
ADVANCE_JOB = "vetting.advance"
TASK_JOB = "vetting.tasks"
BATCH = 100


def wire(worker: Worker, house: HouseLike) -> None:
    """Give ``worker`` what vetting needs done."""

    remind = {name: entry.it.remind_days for name, entry in house.plugins.vetting_checks.items()}

    def expiring(job: Job) -> None:
        with house.database.unit(system(EXPIRE_JOB), fence=job.check) as uow:
            expire(uow, remind)
            uow.commit()

    def advancing(job: Job) -> None:
        for run in due(house):
            _by_itself(advance, house, run, job)

    def assessed(job: Job) -> None:
        missed, settled = waiting_tasks(house)
        for run in missed:
            _by_itself(_miss, house, run, job)
        for run in settled:
            _by_itself(conclude, house, run, job)

    worker.handle(TASK_JOB, assessed, every=300)
    worker.handle(EXPIRE_JOB, expiring, every=300)
    worker.handle(ADVANCE_JOB, advancing, every=300)
    following.wire(worker, house)


def _miss(house: HouseLike, run: str, *, fence: Fence) -> None:
    with house.database.unit(system(TASK_JOB), fence=fence) as uow:
        assessing.miss(uow, run=run)
        uow.commit()


def _by_itself(deed: Callable[..., object], house: HouseLike, run: str, job: Job) -> None:
    """Do ``deed`` on ``run``; what breaks there is logged and put off, and holds up none of the others."""
    try:
        deed(house, run, fence=job.check)
    except LeaseLost:
        raise
    except Exception:
        log.exception("the run %s was not taken on", run)
        put_by(house, run, fence=job.check)


def waiting_tasks(house: HouseLike) -> tuple[list[str], list[str]]:
    """Runs of tasks whose days are over, and of tasks whose marks have settled and that wait for their verdict."""
    now = house.clock.business()
    late = select(TaskRow.run_id).where(TaskRow.state == "task", TaskRow.due_at < now)
    done = select(TaskRow.run_id).where(TaskRow.state.in_(assessing.MARKING), TaskRow.passed.is_not(None))
    with house.database.reading() as session:
        return list(session.scalars(late.limit(BATCH))), list(session.scalars(done.limit(BATCH)))


def due(house: HouseLike) -> list[str]:
    """Runs that are to be put to their check: begun and forgotten, or waiting for outside until now."""
    now = house.clock.business()
    with house.database.reading() as session:
        return list(
            session.scalars(
                select(CheckRun.id)
                .where(CheckRun.state.in_(("begun", "outside")), (CheckRun.until.is_(None)) | (CheckRun.until <= now))
                .order_by(CheckRun.started_at)
                .limit(BATCH)
            )
        )
