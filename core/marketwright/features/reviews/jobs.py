"""What the worker does for reviews: show those whose days of waiting are over."""

from marketwright.features.reviews.service import show_due
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker

JOB, EVERY = "reviews.show", 300  # seconds of machine time; the 14 days themselves are business time


def wire(worker: Worker, database: Database) -> None:
    """Look for reviews that became visible every :data:`EVERY` seconds."""

    def handler(job: Job) -> None:
        with database.unit(system(JOB), fence=job.check) as uow:
            if show_due(uow):
                uow.commit()

    worker.handle(JOB, handler, every=EVERY)
