"""What the worker does for matching: it keeps the index file, forgets rankings and
changes whose time is over, and has vectors made anew."""

import logging

from marketwright.features.matching.feed import prune
from marketwright.features.matching.meaning import RUN, renew
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.service import prune_rankings
from marketwright.kernel.actors import system
from marketwright.kernel.errors import MarketwrightError
from marketwright.store.jobs import Job, Worker
from marketwright.web.house import House

log = logging.getLogger("marketwright.matching")
PRUNE, KEEP, FORGET, EMBED = "matching.prune_rankings", "index.keep", "index.forget", "matching.embed"
LEAST = 100  # changes that are worth a new file


def wire(worker: Worker, house: House) -> None:
    """Give ``worker`` the jobs."""

    def pruning(job: Job) -> None:
        with house.database.unit(system(PRUNE), fence=job.check) as uow:
            prune_rankings(uow)
            uow.commit()

    def keeping(_job: Job) -> None:
        try:
            with house.database.reading() as session:
                house.ports.get(Indexes).keep(session, least=LEAST)
        except (MarketwrightError, OSError) as error:
            log.warning("the index file was not renewed: %s", error)

    def forgetting(job: Job) -> None:
        with house.database.unit(system(FORGET), fence=job.check) as uow:
            prune(uow.session)
            uow.commit()

    def embedding(_job: Job) -> None:
        while renew(house) == RUN:
            pass

    if house.plugins.embedder is not None:
        worker.handle(EMBED, embedding, every=120)
    worker.handle(PRUNE, pruning, every=24 * 3600)
    worker.handle(KEEP, keeping, every=300)
    worker.handle(FORGET, forgetting, every=24 * 3600)
