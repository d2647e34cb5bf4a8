"""What older versions left behind: papers that were taken back, names and notes of people who were erased."""

from sqlalchemy import select

from marketwright.features.privacy.tables import Erasure
from marketwright.features.vetting import forgetting
from marketwright.kernel.actors import system
from marketwright.store.jobs import Job
from marketwright.web.house import House

NAME = "privacy.leftovers"
BATCH = 100  # runs in one unit of work


def clean(house: House, job: Job | None = None) -> int:
    """Let go of what should not be there any more; how many runs were emptied. Safe to repeat: there is nothing then.

    What a law keeps of somebody who was erased stays until its period is over.
    """
    erased = select(Erasure.account_id)
    kept, finished = erased.where(Erasure.finished_at.is_(None)), erased.where(Erasure.finished_at.is_not(None))
    fence = job.check if job else None
    with house.database.unit(system(NAME), fence=fence) as uow:
        forgetting.unname(uow, erased=erased, finished=finished)
        uow.commit()
    done = 0
    while True:
        with house.database.reading() as session:
            runs = forgetting.left_behind(session, but=kept, most=BATCH)
        if not runs:
            return done
        with house.database.unit(system(NAME), fence=fence) as uow:
            forgetting.empty_left_behind(uow, runs=runs)
            uow.commit()
        done += len(runs)
