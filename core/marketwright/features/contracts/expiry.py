"""The end of a hold: a provider may keep money only so long. Both are warned, then the clock decides (E12)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from marketwright.features.contracts import course, events
from marketwright.features.contracts.registry import load
from marketwright.features.contracts.steps import take
from marketwright.features.contracts.tables import Contract, Milestone, Reminder, TransitionLog
from marketwright.features.payments.tables import Hold
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import HoldState, Role

STAY = "hold:"  # a warning's stay: this, and until when the money can be held


def ending(before: datetime) -> Select[str]:
    """Milestones whose held money must have left its hold before ``before``."""
    m, h = Milestone, Hold
    return (
        select(m.id)
        .join(h, h.id == m.id)
        .join(Contract, Contract.id == m.contract_id)
        .where(h.state == HoldState.FUNDED, h.hold_until <= before, h.frozen.is_(False), m.pending == "",
               Contract.state == "ACTIVE")
        .order_by(h.hold_until)
    )  # fmt: skip


def to_warn(now: datetime) -> Select[str]:
    """Milestones whose warning of now has not been sent."""
    r = Reminder
    due: list[ColumnElement[bool]] = []
    for days, next_days in zip(course.WARN_DAYS, (*course.WARN_DAYS[1:], None), strict=True):
        sent = exists().where(r.milestone_id == Milestone.id, r.days == days, r.stay.startswith(STAY),
                              r.at >= Hold.funded_at)  # fmt: skip
        come = [Hold.hold_until <= now + timedelta(days=days), ~sent]
        if next_days is not None:
            come.append(Hold.hold_until > now + timedelta(days=next_days))
        due.append(and_(*come))
    return ending(now + timedelta(days=max(course.WARN_DAYS))).where(or_(*due))


def to_force(now: datetime) -> Select[str]:
    """Milestones for which the clock decides now; what is disputed at the provider cannot move (E11)."""
    due = ending(now + timedelta(days=course.FORCED_DAYS))
    return due.where(Hold.disputes == 0, ~_asked_lately(Milestone.id, now))


def _asked_lately(milestone: InstrumentedAttribute[str] | str, now: datetime) -> ColumnElement[bool]:
    """Whether the clock has moved this money within :data:`course.RETRY`: where it is held still, that was refused."""
    log = TransitionLog
    return exists().where(
        log.subject == milestone, log.step == "taken", log.role == str(Role.TIMER), log.at > now - course.RETRY
    )


def warn(uow: UnitOfWork, *, milestone: str) -> bool:
    """Send the one warning whose day has come, each once: 30, 15 and 7 days before the money can be held no longer."""
    row, contract, _process = load(uow.session, milestone)
    hold = uow.session.get_one(Hold, milestone)
    if hold.hold_until is None or hold.state != HoldState.FUNDED:
        return False
    until = hold.hold_until
    come = [days for days in course.WARN_DAYS if uow.now >= until - timedelta(days=days)]
    if not come:
        return False
    days, stay = min(come), f"{STAY}{until.isoformat()}"
    if uow.session.get(Reminder, (milestone, stay, days)) is not None:
        return False
    uow.session.add(Reminder(milestone_id=milestone, stay=stay, days=days, at=uow.now))
    uow.flush()
    uow.emit(events.HOLD_ENDING, row.id, contract=contract.id, days=days, until=until.isoformat())
    return True


def force(uow: UnitOfWork, *, milestone: str) -> str | None:
    """Let the clock take what the process says for the end of the hold; the payment command, or ``None``.

    What the provider refused is asked again after :data:`course.RETRY`.
    """
    row, contract, process = load(uow.session, milestone)
    hold = uow.session.get_one(Hold, milestone)
    until = hold.hold_until
    if until is None or until > uow.now + timedelta(days=course.FORCED_DAYS) or hold.state != HoldState.FUNDED:
        return None
    way = course.expiry_of(process, row.state)
    if way is None or row.pending or contract.state != "ACTIVE":
        return None
    if uow.session.scalar(select(_asked_lately(row.id, uow.now))):
        return None
    return take(uow, milestone=milestone, transition=way.name).command
