"""What the worker does for papers: reminds who has yet to sign, closes what was not signed in time."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select

from marketwright.features.papers import service
from marketwright.features.papers.tables import Handing, OutsideSigner
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker
from marketwright.store.unit import UnitOfWork

JOB = "papers.clock"
EVERY = 60  # seconds of machine time
BATCH = 500


def wire(worker: Worker, database: Database) -> None:
    """Look at papers every :data:`EVERY` seconds."""

    def handler(job: Job) -> None:
        run(database, job)

    worker.handle(JOB, handler, every=EVERY)


def run(database: Database, job: Job | None = None) -> None:
    """Do all that is due by business time; late or twice is the same, once."""
    now = database.clock.business()
    late = select(Handing.id).where(Handing.state == "waiting", Handing.sign_by <= now)
    _each(database, job, late, lambda uow, one: service.lapse(uow, handing=one))
    due = select(OutsideSigner.id).where(OutsideSigner.state == "asked", OutsideSigner.remind_at <= now)
    _each(database, job, due, lambda uow, one: service.remind(uow, signer=one))


def _each(database: Database, job: Job | None, due: Select[Any], act: Callable[[UnitOfWork, str], bool]) -> None:
    with database.reading() as session:
        found = session.scalars(due.limit(BATCH)).all()
    for one in found:
        with database.unit(system(JOB), fence=job.check if job else None) as uow:
            if act(uow, one):
                uow.commit()
