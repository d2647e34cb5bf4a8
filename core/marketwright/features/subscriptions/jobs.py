"""What the worker does for subscriptions: late bills, grace, ends and next periods."""

from marketwright.features.subscriptions.service import look_after_due
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker

JOB, EVERY = "subscriptions.look_after", 300  # seconds of machine time; periods themselves are in business time


def wire(worker: Worker, database: Database) -> None:
    """Look after subscriptions every :data:`EVERY` seconds."""

    def handler(job: Job) -> None:
        with database.unit(system(JOB), fence=job.check) as uow:
            if look_after_due(uow):
                uow.commit()

    worker.handle(JOB, handler, every=EVERY)
