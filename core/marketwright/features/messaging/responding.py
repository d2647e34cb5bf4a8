"""How freelancers answer clients who write first: counted once an hour, kept with their profiles for the ranking."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.messaging.tables import Thread
from marketwright.features.profiles.service import set_answers
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker
from marketwright.store.unit import UnitOfWork

COUNT, EVERY = "messaging.count_answers", 3600
YEAR, PATIENCE = timedelta(days=365), timedelta(days=3)  # who was asked less than three days ago may still answer
Counted = tuple[int, int, int | None]
NONE: Counted = (0, 0, None)


def wire(worker: Worker, database: Database) -> None:
    """Give ``worker`` the count."""

    def counting(job: Job) -> None:
        with database.unit(system(COUNT), fence=job.check) as uow:
            if count_answers(uow):
                uow.commit()

    worker.handle(COUNT, counting, every=EVERY)


def count_answers(uow: UnitOfWork) -> int:
    """Count anew for everybody; how many profiles changed."""
    now = counted(uow.session, uow.now)
    before = {
        row.id: (row.asked, row.answered, row.answer_hours)
        for row in uow.session.execute(
            select(Profile.id, Profile.asked, Profile.answered, Profile.answer_hours)
            .where((Profile.asked > 0) | Profile.id.in_(now))
        )
    }  # fmt: skip
    changed = [one for one, figures in before.items() if figures != now.get(one, NONE)]
    for one in changed:
        asked, answered, hours = now.get(one, NONE)
        set_answers(uow, profile=one, asked=asked, answered=answered, hours=hours)
    return len(changed)


def counted(session: Session, now: datetime) -> dict[str, Counted]:
    """By freelancer: clients who wrote first in the last year, those who were answered, median hours (1 at least)."""
    rows = session.execute(
        select(Thread.freelancer_id, Thread.opened_at, Thread.first_answer_at)
        .where(Thread.opened_by != Thread.freelancer_id, Thread.opened_at > now - YEAR)
    )  # fmt: skip
    waits: dict[str, list[float | None]] = {}
    for freelancer, opened, answered in rows:
        if answered is not None:
            waits.setdefault(freelancer, []).append((answered - opened) / timedelta(hours=1))
        elif opened <= now - PATIENCE:
            waits.setdefault(freelancer, []).append(None)
    return {one: _figures(some) for one, some in waits.items()}


def _figures(waits: Sequence[float | None]) -> Counted:
    answered = [wait for wait in waits if wait is not None]
    return len(waits), len(answered), max(ceil(median(answered)), 1) if answered else None
