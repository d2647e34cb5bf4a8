"""Drawing up the rates of each month, as soon as it begins."""

from marketwright.features.rates.service import draw_up, material
from marketwright.kernel.actors import system
from marketwright.store.jobs import Job, Worker
from marketwright.web.house import House

JOB, EVERY = "rates.draw_up", 3600


def wire(worker: Worker, house: House) -> None:
    """Give ``worker`` the job."""

    def drawing(job: Job) -> None:
        currency = house.marketplace.currency
        with house.database.reading() as session:
            found = material(session, day=house.clock.business().date(), currency=currency)
        if found is None:
            return
        cells = found.cells(currency)
        with house.database.unit(system(JOB), fence=job.check) as uow:
            if draw_up(uow, month=found.month, cells=cells):
                uow.commit()

    worker.handle(JOB, drawing, every=EVERY)
