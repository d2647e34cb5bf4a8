"""Removing, once a day, the bytes of files that are not there any more."""

from marketwright.features.files.service import sweep
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker


def wire(worker: Worker, database: Database) -> None:
    """Give ``worker`` the sweep."""

    def sweeping(job: Job) -> None:
        with database.unit(system("files.sweep"), fence=job.check) as uow:
            sweep(uow)
            uow.commit()

    worker.handle("files.sweep", sweeping, every=24 * 3600)
