"""Removing, once a day, the bytes of files that are not there any more; handing files over to a second place."""

from marketwright.features.files.ports import Storage
from marketwright.features.files.relayed import RelayedStorage
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

    def relaying(_job: Job) -> None:
        storage = database.ports.get(Storage)
        if isinstance(storage, RelayedStorage):
            storage.relay()

    worker.handle("files.sweep", sweeping, every=24 * 3600)
    if isinstance(database.ports.get(Storage), RelayedStorage):
        worker.handle("files.relay", relaying, every=60)
