"""What the worker does for corrections: those of one person, once their day has passed."""

from marketwright.features.corrections.service import carry_out_due, due, refuse
from marketwright.features.inbox.ports import HouseLike
from marketwright.features.payments.running import run
from marketwright.kernel.actors import system
from marketwright.kernel.errors import MarketwrightError
from marketwright.store.jobs import Job, Worker

JOB, EVERY = "corrections.due", 300  # seconds of machine time; a correction's day is in business time


def wire(worker: Worker, house: HouseLike) -> None:
    """Carry out what is due every :data:`EVERY` seconds, each in its own commit."""

    def handler(job: Job) -> None:
        with house.database.unit(system(JOB)) as uow:
            waiting = due(uow)
        for correction in waiting:
            _one(house, job, correction)

    worker.handle(JOB, handler, every=EVERY)


def _one(house: HouseLike, job: Job, correction: str) -> None:
    try:
        with house.database.unit(system(JOB), fence=job.check) as uow:
            command = carry_out_due(uow, correction=correction)
            uow.commit()
    except MarketwrightError as error:  # it can be carried out no longer: said, and over
        with house.database.unit(system(JOB), fence=job.check) as uow:
            refuse(uow, correction=correction, why=str(error))
            uow.commit()
        return
    if command:
        run(house, command)
