"""What a transition waits for: its turn, conditions that are not met, and times that were not agreed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.queries import MilestoneRow
from marketwright.features.contracts.tables import ContractCondition, Milestone
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import Conflict, Missing
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.strategies.processes import Action, Transition
from marketwright.web.formats import show_date, show_datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """When the turn of a milestone may come at the earliest (``None``: at any time), and what time it is."""

    opens: datetime | None
    now: datetime

    @property
    def early(self) -> bool:
        """Whether its day has yet to come."""
        return self.opens is not None and self.now < self.opens

    def has_come(self, row: Milestone | MilestoneRow) -> bool:
        """Whether it is the turn of ``row``; one that waited for its day alone need not wait for the clock."""
        return not self.early and (row.entered_at is not None or row.opens_at is not None)


def untimely(row: Milestone | MilestoneRow, way: Transition, turn: Turn) -> Conflict | None:
    """Why it is too early or too late for ``way``, or ``None``.

    No money comes in for a milestone whose turn has not come: a provider may not hold it for that long (E12).
    """
    if way.unbegun and row.entered_at is not None:
        return Conflict("The work has begun, so this can no longer be done.", state=row.state)
    if way.overdue and (row.deadline_at is None or turn.now < row.deadline_at):
        return Conflict("The other side still has time; this can be done once it is over.", state=row.state)
    if Action.HOLD not in way.actions or turn.has_come(row):
        return None
    if turn.opens is not None and turn.early:
        return Conflict("It can be paid in from %(date)s on.", date=show_date(turn.opens), state=row.state, code="E12")
    return Conflict(
        "This {milestone} is paid in once the {milestone} before it is over.", state=row.state, code="E12"
    )


def check_turn(row: Milestone | MilestoneRow, way: Transition, turn: Turn) -> None:
    """Raise the :class:`Conflict` that :func:`untimely` finds."""
    found = untimely(row, way, turn)
    if found is not None:
        raise found


def unmet(session: Session, milestone: Milestone, transition: str) -> list[ContractCondition]:
    """Conditions that ``transition`` of this milestone still waits for."""
    return list(session.scalars(select(ContractCondition).where(*unmet_of(milestone, transition))))


def unmet_of(milestone: Milestone, transition: str) -> tuple[ColumnElement[bool], ...]:
    """The same as a condition of SQL."""
    c = ContractCondition
    return (*_of(milestone, transition), c.met_at.is_(None))


def _of(milestone: Milestone, transition: str) -> tuple[ColumnElement[bool], ...]:
    c = ContractCondition
    return (
        c.contract_id == milestone.contract_id, c.transition == transition, c.milestone_id.in_(["", milestone.id]),
    )  # fmt: skip


def missing_for(
    session: Session, plugins: Plugins, milestone: Milestone, transition: str, now: datetime
) -> list[Missing]:
    """What ``transition`` of this milestone waits for at ``now``, in words; empty when it may be taken."""
    c = ContractCondition
    rows = session.scalars(select(c).where(*_of(milestone, transition)).order_by(c.name)).all()
    found = [missing_condition(plugins, row.name, milestone.contract_id) for row in rows if row.met_at is None]
    return found + [_outside(plugins, row, now) for row in rows if row.met_at is not None and not _inside(row, now)]


def read_spans(spans: Iterable[Sequence[str]] | None) -> list[tuple[datetime, datetime]]:
    """From when to when something may be done, as it is stored ([from, to], ISO); empty for at any time."""
    return sorted((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in spans or ())


def opens_next(session: Session, milestone: str, transition: str, now: datetime) -> datetime | None:
    """When ``transition`` may next be taken, ``None`` where it may at ``now`` or no time is ahead: for who plays it."""
    row = session.get_one(Milestone, milestone)
    c = ContractCondition
    found = session.scalars(select(c).where(*_of(row, transition), c.met_at.is_not(None))).all()
    ahead = [[start for start, _end in read_spans(c.spans) if start > now] for c in found if not _inside(c, now)]
    return max((min(starts) for starts in ahead if starts), default=None)


def is_over(row: ContractCondition, now: datetime) -> bool:
    """Whether every span of ``row`` has passed."""
    spans = read_spans(row.spans)
    return bool(spans) and all(end <= now for _start, end in spans)


def over(session: Session, contract: str, names: Iterable[str], now: datetime) -> set[str]:
    """Those of the conditions ``names`` whose spans have all passed: they are handed in anew for other times."""
    c = ContractCondition
    rows = session.scalars(select(c).where(c.contract_id == contract, c.name.in_(list(names)), c.met_at.is_not(None)))
    return {row.name for row in rows if is_over(row, now)}


def _inside(row: ContractCondition, now: datetime) -> bool:
    spans = read_spans(row.spans)
    return not spans or any(start <= now < end for start, end in spans)


def _outside(plugins: Plugins, row: ContractCondition, now: datetime) -> Missing:
    known = missing_condition(plugins, row.name, row.contract_id)
    ahead = next((start for start, _end in read_spans(row.spans) if start > now), None)
    how = (
        say("The next time that was agreed begins on %(when)s.", when=show_datetime(ahead)) if ahead
        else say("The times that were agreed are over: hand it in again, with other ones.")
    )
    return Missing(known.check, known.label, how, known.href)


def missing_condition(plugins: Plugins, name: str, contract: str) -> Missing:
    """The unmet condition ``name`` in words, with the page where it is met."""
    condition = plugins.conditions[name].it if name in plugins.conditions else None
    label, how = (say(condition.label), say(condition.how)) if condition else (name, "")
    return Missing(name, label, how, f"/contracts/{contract}/conditions/{name}")
