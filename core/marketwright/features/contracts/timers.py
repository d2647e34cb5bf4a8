"""The clock of contracts: timers that act at a stored deadline, reminders before it, drafts that lapse (C7)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from marketwright.features.contracts import course, events, expiry
from marketwright.features.contracts.registry import load
from marketwright.features.contracts.service import lapse
from marketwright.features.contracts.steps import begin, take
from marketwright.features.contracts.tables import Contract, Milestone, Reminder
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, GateClosed, Unavailable
from marketwright.store.away import DatabaseAway
from marketwright.store.database import Database, Overtaken
from marketwright.store.jobs import Job, LeaseLost
from marketwright.store.unit import UnitOfWork

log = logging.getLogger("marketwright.contracts")

JOB = "contracts.clock"
EVERY = 30  # seconds of machine time
BATCH = 500
FAILED_WAIT = timedelta(hours=1)
CLOCK = system(JOB)


@dataclass(slots=True)
class Later:
    """Rows that failed, by what was done to them, and from when (machine time) they are tried again.

    Kept by the process alone: after a restart all are tried at once.
    """

    wait: timedelta = FAILED_WAIT
    until: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def waiting(self, deed: str, now: datetime) -> set[str]:
        """The rows that ``deed`` leaves alone for now."""
        self.until = {row: until for row, until in self.until.items() if until > now}
        return {one for what, one in self.until if what == deed}


def run_clock(database: Database, job: Job | None = None, later: Later | None = None) -> list[str]:
    """Do all that is due by business time and return the payment commands to run; late or twice is the same, once.

    ``later`` remembers from one run to the next what failed.
    """
    now, m, c = database.clock.business(), Milestone, Contract
    due = _Round(database, job, later or Later())
    under_way = select(m.id).join(c, c.id == m.contract_id).where(c.state == "ACTIVE", m.pending == "")
    timed = under_way.where(m.timer != "", m.deadline_at <= now).order_by(m.deadline_at, m.id)
    due.each("fire", timed, lambda uow, one: fire(uow, milestone=one))
    due.each("force", expiry.to_force(now), lambda uow, one: expiry.force(uow, milestone=one))
    due.each("warn", expiry.to_warn(now), lambda uow, one: "" if expiry.warn(uow, milestone=one) else None)
    opening = under_way.where(m.opens_at <= now, m.entered_at.is_(None)).order_by(m.opens_at, m.id)
    due.each("open", opening, lambda uow, one: "" if open_period(uow, milestone=one) else None)
    unsigned = select(c.id).where(c.state.in_(["DRAFT", "SENT"]), c.deadline_at <= now).order_by(c.deadline_at, c.id)
    due.each("lapse", unsigned, lambda uow, one: "" if lapse(uow, contract=one) else None)
    reminding = under_way.where(m.remind_at <= now).order_by(m.remind_at, m.id)
    due.each("remind", reminding, lambda uow, one: "" if remind(uow, milestone=one) else None)
    return due.commands


@dataclass(slots=True)
class _Round:
    """One run over all that is due. A deed gives the payment command to run, '' for none, ``None`` for nothing done."""

    database: Database
    job: Job | None
    later: Later
    commands: list[str] = field(default_factory=list)

    def each(self, deed: str, due: Select[Any], act: Callable[[UnitOfWork, str], str | None]) -> None:
        """``act`` on each row of ``due`` until a batch of them is done; one that stays as it is holds up no other."""
        tried, done = self.later.waiting(deed, self.database.clock.machine()), 0
        while done < BATCH:
            with self.database.reading() as session:
                found = [one for one in session.scalars(due.limit(BATCH + len(tried))) if one not in tried]
            if not found:
                return
            tried.update(found)
            done += sum(self._one(deed, one, act) for one in found)

    def _one(self, deed: str, one: str, act: Callable[[UnitOfWork, str], str | None]) -> bool:
        """``act`` on one row in a commit of its own; one that has moved on waits for the next round.

        Whatever else is wrong with it is its own: it is logged, and tried again later. Without the database, or the
        job's lease, the round is over.
        """
        try:
            with self.database.unit(CLOCK, fence=self.job.check if self.job else None) as uow:
                command = act(uow, one)
                if command is not None:
                    uow.commit()
        except (Conflict, Overtaken, GateClosed):  # a plugin's condition may stand before what a timer takes
            return False
        except (DatabaseAway, LeaseLost):
            raise
        except Exception as error:
            self.later.until[deed, one] = self.database.clock.machine() + self.later.wait
            log.error("the clock cannot %s %s, and tries again in %s: %s", deed, one, self.later.wait, error,
                      exc_info=not isinstance(error, Unavailable))  # fmt: skip
            return False
        if command:
            self.commands.append(command)
        return command is not None


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
