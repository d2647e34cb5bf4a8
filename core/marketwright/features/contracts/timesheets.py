"""Timesheets: the freelancer notes days and hands them in, the client disputes single ones."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, select, update

from marketwright.features.contracts import events
from marketwright.features.contracts.registry import load
from marketwright.features.contracts.sheets import noted_half_days
from marketwright.features.contracts.tables import Milestone, TimesheetDay
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Process

LONGEST_NOTE = 400


@dataclass(frozen=True, slots=True)
class Worked:
    """One day as the freelancer notes it: a half day (1) or a whole one (2), and what was done."""

    half_days: int
    note: str = ""


def open_for_days(process: Process, state: str) -> bool:
    """Whether days may be noted in ``state``: whoever may hand the sheet in from there may write it."""
    return any("sheet" in t.asks for t in process.ways_from(state))


def period(row: Milestone) -> tuple[date | None, date | None]:
    """The first and the last day of a period, as far as they are known."""
    return row.starts_on, row.due_on


def note_days(uow: UnitOfWork, *, milestone: str, days: Mapping[date, Worked]) -> int:
    """Make ``days`` the whole timesheet of the period, as its freelancer; returns its half days.

    What was handed in and is not changed stays so. ``InvalidInput`` names each wrong day as ``day-2026-05-12``.
    """
    uow.session.get(Milestone, milestone, with_for_update=True)  # nobody hands in what is being written
    row, contract, process = load(uow.session, milestone)
    if uow.actor.id != contract.freelancer_id or not process.by_day:
        raise NotFound("There is no such timesheet.")
    if contract.state != "ACTIVE" or row.pending or not open_for_days(process, row.state):
        raise Conflict("This timesheet cannot be changed now.", state=row.state, code="C1")
    _check(uow, row, days)
    known = {d.day: d for d in uow.session.scalars(select(TimesheetDay).where(TimesheetDay.milestone_id == milestone))}
    for day in known.keys() - days.keys():
        uow.session.delete(known[day])
    for day, worked in days.items():
        note, old = worked.note.strip(), known.get(day)
        if old is None:
            uow.session.add(TimesheetDay(milestone_id=milestone, day=day, half_days=worked.half_days, note=note))
        elif (old.half_days, old.note) != (worked.half_days, note):
            changed = old.half_days != worked.half_days
            old.half_days, old.note = worked.half_days, note
            old.handed_at, old.disputed_at = (None, None) if changed else (old.handed_at, old.disputed_at)
    uow.flush()
    total = sum(worked.half_days for worked in days.values())
    uow.audit("timesheet.noted", milestone, half_days=total)
    return total


def _check(uow: UnitOfWork, row: Milestone, days: Mapping[date, Worked]) -> None:
    first, last = period(row)
    today = uow.ports.get(Marketplace).day_of(uow.now)
    wrong: dict[str, list[Text]] = {}
    for day, worked in days.items():
        if (first and day < first) or (last and day > last):
            wrong[f"day-{day}"] = [say("This day lies outside the period.")]
        elif day > today:
            wrong[f"day-{day}"] = [say("This day has not come yet.")]
        elif worked.half_days not in (1, 2):
            wrong[f"day-{day}"] = [say("A day is a half one or a whole one.")]
        elif len(worked.note) > LONGEST_NOTE:
            wrong[f"day-{day}"] = [say("At most %(n)s characters, this has %(has)s.", n=LONGEST_NOTE,
                                       has=len(worked.note))]  # fmt: skip
    most, total = row.half_days, sum(w.half_days for w in days.values())
    if not wrong and most is not None and total > most:
        more = say("This is more than the %(n)s days agreed for the period. More days need an extension.",
                   n=_shown(most))  # fmt: skip
        wrong["days"] = [more]
    if wrong:
        raise InvalidInput(wrong)


def _shown(half_days: int) -> str:
    return str(half_days // 2) if half_days % 2 == 0 else f"{half_days // 2}.5"


def check_sheet(uow: UnitOfWork, milestone: str) -> None:
    """Raise ``InvalidInput`` for a timesheet without a day: then the money is given back instead."""
    if not noted_half_days(uow.session, milestone):
        raise InvalidInput({"sheet": [say("No day is noted yet. Note the days, or give the money back.")]})


def hand_in(uow: UnitOfWork, *, milestone: str) -> None:
    """Everything noted is handed in now; what was disputed and stays is disputed no longer."""
    uow.session.execute(
        update(TimesheetDay).where(TimesheetDay.milestone_id == milestone)
        .values(handed_at=uow.now, disputed_at=None)
    )  # fmt: skip
    uow.emit(events.SHEET_HANDED, milestone, contract=uow.session.get_one(Milestone, milestone).contract_id)


def dispute_days(uow: UnitOfWork, *, milestone: str, days: Sequence[date]) -> None:
    """Mark single days as disputed; ``InvalidInput`` where one is not on the sheet."""
    known = set(uow.session.scalars(
        select(TimesheetDay.day).where(TimesheetDay.milestone_id == milestone, TimesheetDay.handed_at.is_not(None))
    ))  # fmt: skip
    if not days or set(days) - known:
        raise InvalidInput({"days": [say("Please mark the days that you dispute.")]})
    uow.session.execute(
        update(TimesheetDay)
        .where(TimesheetDay.milestone_id == milestone, TimesheetDay.day.in_(list(days)))
        .values(disputed_at=uow.now)
    )
    contract = uow.session.get_one(Milestone, milestone).contract_id
    uow.emit(events.DAYS_DISPUTED, milestone, contract=contract, days=[d.isoformat() for d in days])


def drop_days(uow: UnitOfWork, *, milestone: str) -> None:
    """Forget days that were noted and never handed in, once the period is settled without them."""
    uow.session.execute(
        delete(TimesheetDay).where(TimesheetDay.milestone_id == milestone, TimesheetDay.handed_at.is_(None))
    )


def dates(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
