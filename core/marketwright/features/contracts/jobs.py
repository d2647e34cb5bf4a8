"""What the worker does for contracts: the clock."""

from marketwright.features.contracts.timers import EVERY, JOB, Later, run_clock
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker


def wire(worker: Worker, database: Database) -> None:
    """Look at deadlines every :data:`EVERY` seconds: money waits for them. Payments run in their own jobs."""

    later = Later()

    def handler(job: Job) -> None:
        run_clock(database, job, later)

    worker.handle(JOB, handler, every=EVERY, first=True)
