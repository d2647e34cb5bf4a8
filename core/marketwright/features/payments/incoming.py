"""What pages and the console read of money that came in by bank transfer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.payments.arrivals import open_of
from marketwright.features.payments.queries import CommandRow, command
from marketwright.features.payments.tables import PaymentArrival, PaymentCommand
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """Money that came in by bank transfer: ``open`` is what of it waits for staff."""

    id: str
    provider: str
    reference: str
    funding: str
    organisation: str
    amount: Money
    open: Money
    giving_back: Money
    note: str
    at: datetime


def arrivals(session: Session, *, all_of_them: bool = False, limit: int = 200) -> list[ArrivalRow]:
    """Arrivals of which something waits for staff or is on its way back, oldest first; all of them where asked."""
    a = PaymentArrival
    wanted = select(a).order_by(a.at, a.id).limit(limit)
    if not all_of_them:
        wanted = wanted.where(a.used + a.given_back + a.gone < a.amount)
    return [_row(row) for row in session.scalars(wanted)]


def arrival(session: Session, arrival: str) -> ArrivalRow | None:
    """One arrival by its id."""
    row = session.get(PaymentArrival, arrival)
    return _row(row) if row is not None else None


def returns(session: Session, arrival: ArrivalRow) -> list[CommandRow]:
    """What was asked of the provider to send it back, newest first."""
    c = PaymentCommand
    mine = select(c.id).where(c.provider == arrival.provider, c.arrival == arrival.reference)
    found = [command(session, name) for name in session.scalars(mine.order_by(c.created_at.desc(), c.id))]
    return [row for row in found if row is not None]


def _row(row: PaymentArrival) -> ArrivalRow:
    def money(amount: int) -> Money:
        return Money(amount, row.currency)

    return ArrivalRow(
        row.id, row.provider, row.reference, row.command_id, row.organisation_id, money(row.amount),
        money(open_of(row)), money(row.giving_back - row.given_back), row.note, row.at,
    )  # fmt: skip
