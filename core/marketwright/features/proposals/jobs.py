"""What the worker does for proposals: close those whose time is over."""

from marketwright.features.proposals.service import expire_due
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker

JOB, EVERY = "proposals.expire", 60  # seconds of machine time; deadlines themselves are in business time


def wire(worker: Worker, database: Database) -> None:
    """Look for expired proposals every :data:`EVERY` seconds."""

    def handler(job: Job) -> None:
        with database.unit(system(JOB), fence=job.check) as uow:
            if expire_due(uow):
                uow.commit()

    worker.handle(JOB, handler, every=EVERY)
