"""Reads of bills."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.invoicing.tables import Bill
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class BillRow:
    """One bill; ``parties`` are both legal identities as they were when it was issued."""

    id: str
    number: str
    contract: str
    milestone: str
    organisation: str
    freelancer: str
    title: str
    reference: str
    purchase_order: str
    work: Money
    work_tax: Money
    parties: dict[str, Any]
    issued_at: datetime
    due_at: datetime
    state: str
    closed_at: datetime | None

    @property
    def total(self) -> Money:
        """What is to be paid: work and its tax."""
        return self.work + self.work_tax


def _row(b: Bill) -> BillRow:
    return BillRow(
        b.id, b.shown_number, b.contract_id, b.milestone_id, b.organisation_id, b.freelancer_id, b.title, b.reference,
        b.purchase_order, Money(b.work, b.currency), Money(b.work_tax, b.currency), b.parties, b.issued_at, b.due_at,
        b.state, b.closed_at,
    )  # fmt: skip


def bill(session: Session, id: str) -> BillRow | None:  # noqa: A002  the word of the domain
    """The bill ``id``."""
    row = session.get(Bill, id)
    return _row(row) if row else None


def bills_of(session: Session, contract: str) -> list[BillRow]:
    """The bills of a contract, the first issued first."""
    rows = session.scalars(select(Bill).where(Bill.contract_id == contract).order_by(Bill.issued_at, Bill.number))
    return [_row(b) for b in rows]


def bill_of(session: Session, milestone: str) -> BillRow | None:
    """The bill of a milestone."""
    row = session.scalar(select(Bill).where(Bill.milestone_id == milestone))
    return _row(row) if row else None
