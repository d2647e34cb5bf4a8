"""The worker's part of the inbox: handing on, and waking what was forgotten."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from marketwright.features.inbox.ports import HouseLike, Taker
from marketwright.features.inbox.service import HANDLE_JOB, handle
from marketwright.features.inbox.tables import InboxMessage
from marketwright.kernel.actors import system
from marketwright.store.jobs import Job, Worker
from marketwright.store.unit import UnitOfWork

SWEEP_JOB = "inbox.sweep"
STILL = timedelta(seconds=45)  # machine time after which a message that nobody took is woken again
BATCH = 200


def wire(worker: Worker, house: HouseLike, takers: Sequence[Taker]) -> None:
    """Give ``worker`` what the inbox needs done; the first of ``takers`` that has use for a message gets it."""

    def handing(job: Job) -> None:
        handle(house, takers, job.payload["message"], fence=job.check)

    def sweeping(job: Job) -> None:
        with house.database.unit(system(SWEEP_JOB), fence=job.check) as uow:
            sweep(uow)
            uow.commit()

    worker.handle(HANDLE_JOB, handing, first=True)
    worker.handle(SWEEP_JOB, sweeping, every=30, first=True)


def sweep(uow: UnitOfWork) -> int:
    """Wake messages whose wake-up was lost; returns how many."""
    waiting = uow.session.scalars(
        select(InboxMessage.id)
        .where(InboxMessage.state == "stored", InboxMessage.received_at < uow.machine_now - STILL)
        .order_by(InboxMessage.received_at)
        .limit(BATCH)
    ).all()
    for message in waiting:
        uow.job(HANDLE_JOB, key=message, message=message)
    return len(waiting)
