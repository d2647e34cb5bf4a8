"""The clock of contracts: timers that act at a stored deadline, reminders before it, drafts that lapse (C7)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select

from marketwright.features.contracts import course, events, expiry
from marketwright.features.contracts.registry import load
from marketwright.features.contracts.service import lapse
from marketwright.features.contracts.steps import begin, take
from marketwright.features.contracts.tables import Contract, Milestone, Reminder
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, GateClosed
from marketwright.store.database import Database, Overtaken
from marketwright.store.jobs import Job
from marketwright.store.unit import UnitOfWork

JOB = "contracts.clock"
EVERY = 30  # seconds of machine time
BATCH = 500
CLOCK = system(JOB)


def run_clock(database: Database, job: Job | None = None) -> list[str]:
    """Do all that is due by business time and return the payment commands to run; late or twice is the same, once."""
    now = database.clock.business()
    commands: list[str] = []

    def act_on(do: Callable[..., str | None]) -> Callable[[UnitOfWork, str], bool]:
        def act(uow: UnitOfWork, milestone: str) -> bool:
            command = do(uow, milestone=milestone)
            if command:
                commands.append(command)
            return command is not None

        return act

    m, c = Milestone, Contract
    under_way = select(m.id).join(c, c.id == m.contract_id).where(c.state == "ACTIVE", m.pending == "")
    _each(database, job, under_way.where(m.timer != "", m.deadline_at <= now), act_on(fire))
    _each(database, job, expiry.to_force(now), act_on(expiry.force))
    _each(database, job, expiry.to_warn(now), lambda uow, one: expiry.warn(uow, milestone=one))
    opening = select(m.id).join(c, c.id == m.contract_id).where(
        c.state == "ACTIVE", m.pending == "", m.opens_at <= now, m.entered_at.is_(None)
    )
    _each(database, job, opening, lambda uow, one: open_period(uow, milestone=one))
    unsigned = select(c.id).where(c.state.in_(["DRAFT", "SENT"]), c.deadline_at <= now)
    _each(database, job, unsigned, lambda uow, contract: lapse(uow, contract=contract))
    _each(database, job, under_way.where(m.remind_at <= now), lambda uow, one: remind(uow, milestone=one))
    return commands


def _each(
    database: Database, job: Job | None, due: Select[Any], act: Callable[[UnitOfWork, str], bool]
) -> None:
    """``act`` on each row of ``due``, each in a commit of its own; one that has moved on waits for the next round."""
    with database.reading() as session:
        found = session.scalars(due.limit(BATCH)).all()
    for one in found:
        try:
            with database.unit(CLOCK, fence=job.check if job else None) as uow:
                if act(uow, one):
                    uow.commit()
        except (Conflict, Overtaken, GateClosed):  # a plugin's condition may stand before what a timer takes
            continue


def fire(uow: UnitOfWork, *, milestone: str) -> str | None:
    """Take the timer of ``milestone`` if its stored deadline has come; ``None`` when nothing is due.

    Returns the payment command to run after the commit, or '' where no money moves.
    """
    row, contract, process = load(uow.session, milestone)
    due = row.deadline_at is not None and row.deadline_at <= uow.now
    if not row.timer or not due or row.pending or contract.state != "ACTIVE":
        return None
    timer = course.timer_of(process, row.state)
    if timer is None or timer.name != row.timer:
        return None
    return take(uow, milestone=milestone, transition=timer.name).command


def open_period(uow: UnitOfWork, *, milestone: str) -> bool:
    """Give a period its turn whose day has come, whatever the one before it does."""
    row, contract, process = load(uow.session, milestone)
    if contract.state != "ACTIVE" or row.entered_at is not None:
        return False
    begin(uow, contract, process)
    return True


def remind(uow: UnitOfWork, *, milestone: str) -> bool:
    """Tell the owner of ``milestone`` that its deadline is near (or past); each reminder of a stay is sent once."""
    row, contract, process = load(uow.session, milestone)
    if row.remind_at is None or row.remind_at > uow.now or row.deadline_at is None or row.pending:
        return False
    until = row.deadline_at
    days = course.reminder_due(process, row.state, until, uow.now)
    row.remind_at = course.next_reminder(process, row.state, until, uow.now)
    uow.flush()
    if days is None or uow.session.get(Reminder, (milestone, until.isoformat(), days)) is not None:
        return True
    uow.session.add(Reminder(milestone_id=milestone, stay=until.isoformat(), days=days, at=uow.now))
    uow.flush()
    owner = str(process.state(row.state).owner)
    uow.emit(events.REMINDER_DUE, milestone, contract=contract.id, owner=owner, days=days)
    return True
