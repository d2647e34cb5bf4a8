"""The ledger's periodic work: sealing.

A posting writes no job: a job of one name would be a hot row that every posting waits for. The worker looks whether
something waits for its seal, which is one cheap read, several times within the 2 s that a row may be unsealed.
"""

from sqlalchemy import select

from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.tables import LedgerUnsealed
from marketwright.settings.marketplace import Marketplace
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker

SEAL_JOB = "ledger.seal"
EVERY = 0.5  # seconds of machine time


def wire(worker: Worker, database: Database, marketplace: Marketplace) -> None:
    """Give ``worker`` the sealer: it looks between jobs, and a tick every minute sees to it that one did."""

    def sealing(job: Job) -> None:
        seal_all(database, marketplace.var, fence=job.check)

    def looking() -> None:
        with database.reading() as session:
            waiting = session.scalar(select(LedgerUnsealed.transaction_id).limit(1))
        if waiting is not None:
            seal_all(database, marketplace.var)

    worker.handle(SEAL_JOB, sealing, every=60, first=True)
    worker.watch(looking, every=EVERY)
