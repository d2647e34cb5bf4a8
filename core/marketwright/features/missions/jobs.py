"""Forgetting, once a day, the briefs that nobody came back to; sealing what was answered before it was sealed."""

from marketwright.features.missions import sealing
from marketwright.features.missions.pending import sweep_briefs
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker


def wire(worker: Worker, database: Database) -> None:
    """Give ``worker`` the sweep."""

    def sweeping(job: Job) -> None:
        with database.unit(system("missions.sweep_briefs"), fence=job.check) as uow:
            sweep_briefs(uow)
            uow.commit()

    def catching_up(_job: Job) -> None:
        sealing.catch_up(database)

    worker.handle("missions.sweep_briefs", sweeping, every=24 * 3600)
    worker.handle(sealing.JOB, catching_up, every=sealing.EVERY)
