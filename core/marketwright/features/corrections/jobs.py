"""What the worker does for corrections: those of one person, once their day has passed."""

from contextlib import suppress

from marketwright.features.corrections.service import carry_out_due, due, refuse
from marketwright.features.inbox.ports import HouseLike
from marketwright.features.payments.running import run
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, MarketwrightError, Unavailable
from marketwright.store.jobs import Job, LeaseLost, Worker

JOB, EVERY = "corrections.due", 300  # seconds of machine time; a correction's day is in business time


def wire(worker: Worker, house: HouseLike) -> None:
    """Carry out what is due every :data:`EVERY` seconds, each in its own commit."""

    def handler(job: Job) -> None:
        with house.database.unit(system(JOB)) as uow:
            waiting = due(uow)
        failed: Exception | None = None
        for correction in waiting:
            try:
                _one(house, job, correction)
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001  the others are due all the same; it is tried again for this one
                failed = error
        if failed is not None:
            raise failed

    worker.handle(JOB, handler, every=EVERY)


def _one(house: HouseLike, job: Job, correction: str) -> None:
    try:
        with house.database.unit(system(JOB), fence=job.check) as uow:
            command = carry_out_due(uow, correction=correction)
            uow.commit()
    except (Unavailable, LeaseLost):  # of the moment, not of the correction
        raise
    except MarketwrightError as error:  # it can be carried out no longer: said, and over
        with house.database.unit(system(JOB), fence=job.check) as uow, suppress(Conflict):  # decided meanwhile
            refuse(uow, correction=correction, why=str(error))
            uow.commit()
        return
    if command:
        run(house, command)
