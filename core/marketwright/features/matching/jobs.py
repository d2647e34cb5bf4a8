"""What the worker does for matching: once a day it forgets the rankings whose period is over."""

from marketwright.features.matching.service import prune_rankings
from marketwright.kernel.actors import system
from marketwright.store.jobs import Job, Worker
from marketwright.web.house import House

PRUNE = "matching.prune_rankings"


def wire(worker: Worker, house: House) -> None:
    """Give ``worker`` the jobs."""

    def pruning(job: Job) -> None:
        with house.database.unit(system(PRUNE), fence=job.check) as uow:
            prune_rankings(uow)
            uow.commit()

    worker.handle(PRUNE, pruning, every=24 * 3600)
