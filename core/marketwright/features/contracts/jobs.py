"""What the worker does for contracts: the clock."""

from marketwright.features.contracts.timers import EVERY, JOB, run_clock
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker


def wire(worker: Worker, database: Database) -> None:
    """Look at deadlines every :data:`EVERY` seconds: money waits for them. Payments run in their own jobs."""

    def handler(job: Job) -> None:
        run_clock(database, job)

    worker.handle(JOB, handler, every=EVERY, first=True)
