"""What became of one deal, in a line: the words of a finding outlive the database of the drill."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.tables import TransitionLog
from marketwright.features.payments.tables import PaymentCommand


def refusals(session: Session, hold: str, since: datetime) -> int:
    """How often the money of a step of ``hold`` was refused since then, so that the step could be taken once more."""
    s = TransitionLog
    query = select(func.count()).where(s.subject == hold, s.step == "returned", s.at >= since)
    return session.scalar(query) or 0


def story(session: Session, hold: str) -> str:
    """The steps of the milestone ``hold`` and its payment commands, oldest first."""
    s, c = TransitionLog, PaymentCommand
    steps = [
        f"{row.at:%M:%S.%f} {row.step} {row.transition} {row.source}>{row.target} by {row.actor} {row.cause} {row.note}"
        for row in session.scalars(select(s).where(s.subject == hold).order_by(s.version))
    ]
    commands = [
        f"{row.created_at:%M:%S.%f} {row.kind} {row.id} {row.state} {row.cause} {row.reason} {row.note}"
        for row in session.scalars(select(c).where(c.hold_id == hold).order_by(c.created_at))
    ]
    return "; ".join([*steps, *commands])
