"""Reads of timesheets: the days of a period, and what they come to."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.tables import TimesheetDay
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day worked; ``half_days`` is 1 or 2."""

    milestone: str
    day: date
    half_days: int
    note: str
    handed_at: datetime | None
    disputed: bool


def days_of(session: Session, milestones: Iterable[str]) -> dict[str, list[DayRow]]:
    """The days of each period by date, in one statement."""
    found: dict[str, list[DayRow]] = {m: [] for m in milestones}
    t = TimesheetDay
    for row in session.scalars(select(t).where(t.milestone_id.in_(found)).order_by(t.milestone_id, t.day)):
        found[row.milestone_id].append(
            DayRow(row.milestone_id, row.day, row.half_days, row.note, row.handed_at, row.disputed_at is not None)
        )
    return found


def handed_half_days(session: Session, milestone: str, *, undisputed: bool = False) -> int:
    """The half days that were handed in, or those of them that nobody disputes."""
    t = TimesheetDay
    wanted = select(func.coalesce(func.sum(t.half_days), 0)).where(
        t.milestone_id == milestone, t.handed_at.is_not(None)
    )
    if undisputed:
        wanted = wanted.where(t.disputed_at.is_(None))
    return int(session.scalar(wanted) or 0)


def noted_half_days(session: Session, milestone: str) -> int:
    """The half days that were noted, handed in or not."""
    t = TimesheetDay
    wanted = select(func.coalesce(func.sum(t.half_days), 0)).where(t.milestone_id == milestone)
    return int(session.scalar(wanted) or 0)
