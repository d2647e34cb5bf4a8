"""What the worker does with what is sealed: deletes it on its date."""

from marketwright.features.files.ports import Storage
from marketwright.features.seals.service import Kept, delete_due
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker

JOB, EVERY = "seals.delete", 3600


def wire(worker: Worker, database: Database, kept: Kept) -> None:
    """``kept`` says which contracts keep what is theirs whatever the date."""

    def handler(job: Job) -> None:
        run(database, kept, job)

    worker.handle(JOB, handler, every=EVERY)


def run(database: Database, kept: Kept, job: Job | None = None) -> int:
    """Delete what is due; returns how many files went with it. Late or twice is the same."""
    with database.unit(system(JOB), fence=job.check if job else None) as uow:
        gone = delete_due(uow, kept)
        uow.commit()
    storage = database.ports.get(Storage)
    for file in gone:
        storage.remove(file)
    return len(gone)
