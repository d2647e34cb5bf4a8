"""The worker's part of vetting: verdicts that end, checks that are asked again."""

from sqlalchemy import select

from marketwright.features.vetting.expiry import expire
from marketwright.features.vetting.running import HouseLike, advance
from marketwright.features.vetting.tables import CheckRun
from marketwright.kernel.actors import system
from marketwright.store.jobs import Job, Worker

EXPIRE_JOB = "vetting.expire"
ADVANCE_JOB = "vetting.advance"
BATCH = 100


def wire(worker: Worker, house: HouseLike) -> None:
    """Give ``worker`` what vetting needs done."""

    def expiring(job: Job) -> None:
        with house.database.unit(system(EXPIRE_JOB), fence=job.check) as uow:
            expire(uow)
            uow.commit()

    def advancing(job: Job) -> None:
        for run in due(house):
            advance(house, run, fence=job.check)

    worker.handle(EXPIRE_JOB, expiring, every=300)
    worker.handle(ADVANCE_JOB, advancing, every=300)


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
