"""What people did here, in figures, for the pages of profiles and clients."""

from datetime import datetime
from statistics import median

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.tables import Contract, TransitionLog
from marketwright.features.invoicing.tables import Bill
from marketwright.features.messaging.answers import client_answers, freelancer_answer_hours
from marketwright.features.missions.ports import Figures
from marketwright.features.profiles.ports import Record

DAY = 86_400  # seconds
HANDED_OVER, RELEASED = "delivered", "released"  # states of the courses that hold money


class RecordsOfPeople:
    """Answers ``profiles.Records``."""

    def of(self, session: Session, freelancer: str) -> Record:
        """Contracts signed, and the median hours to an answer."""
        return Record(
            contracts=_signed(session, Contract.freelancer_id == freelancer) or None,
            answer_hours=freelancer_answer_hours(session, freelancer),
        )


class FiguresOfClients:
    """Answers ``missions.ClientFigures``."""

    def of(self, session: Session, organisation: str) -> Figures:
        """Share answered, median days to answer and to pay, contracts signed."""
        answered, days = client_answers(session, organisation)
        return Figures(
            answered=answered, answer_days=days, pay_days=_pay_days(session, organisation),
            contracts=_signed(session, Contract.organisation_id == organisation) or None,
        )  # fmt: skip


def _signed(session: Session, whose: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(Contract).where(whose, Contract.signed_at.is_not(None))
    return session.scalar(found) or 0


def _pay_days(session: Session, organisation: str) -> float | None:
    """Median days from handing over to release, and from bill to payment; ``None`` where nothing was paid yet."""
    waits = _releases(session, organisation) + _bills(session, organisation)
    return round(median(waits) / DAY, 1) if waits else None


def _releases(session: Session, organisation: str) -> list[float]:
    rows = session.execute(
        select(TransitionLog.milestone_id, TransitionLog.target, TransitionLog.at)
        .join(Contract, Contract.id == TransitionLog.contract_id)
        .where(
            Contract.organisation_id == organisation, TransitionLog.step == "entered",
            TransitionLog.target.in_((HANDED_OVER, RELEASED)), TransitionLog.milestone_id.is_not(None),
        )
        .order_by(TransitionLog.seq)
    )  # fmt: skip
    handed: dict[str, datetime] = {}
    waits = []
    for row in rows:
        if row.target == HANDED_OVER:
            handed[row.milestone_id] = row.at
        elif row.milestone_id in handed:
            waits.append((row.at - handed[row.milestone_id]).total_seconds())
    return waits


def _bills(session: Session, organisation: str) -> list[float]:
    rows = session.execute(
        select(Bill.issued_at, Bill.closed_at).where(Bill.organisation_id == organisation, Bill.state == "paid")
    )
    return [(row.closed_at - row.issued_at).total_seconds() for row in rows if row.closed_at]
