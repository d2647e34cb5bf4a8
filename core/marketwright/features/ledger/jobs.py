"""The ledger's periodic work: sealing, woken by each posting and by a tick."""

from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.service import SEAL_JOB
from marketwright.settings.marketplace import Marketplace
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker


def wire(worker: Worker, database: Database, marketplace: Marketplace) -> None:
    """Give ``worker`` the sealer; a posting is sealed at once, a tick every minute finds what was missed."""

    def sealing(job: Job) -> None:
        seal_all(database, marketplace.var, fence=job.check)

    worker.handle(SEAL_JOB, sealing, every=60)
