"""Invoices of a side with what is left of each: the first due first. Reads only."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.invoicing.invoice_tables import Invoice
from marketwright.features.invoicing.standing import standings
from marketwright.features.invoicing.tables import Bill
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Marketplace

MOST = 300


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One invoice: ``other`` is the party that the reader is not, ``left`` what is to be paid, ``days`` until it is
    due (below zero: late)."""

    id: str
    number: str
    title: str
    reference: str
    other: str
    total: Money
    left: Money
    due_at: datetime
    closed_at: datetime | None
    days: int
    state: str

    @property
    def late(self) -> bool:
        """Whether its day has passed and something is left to pay."""
        return self.state == "open" and self.days < 0

    @property
    def part(self) -> bool:
        """Whether a part of it was paid."""
        return self.state == "open" and self.left != self.total


def owed(
    session: Session, today: date, marketplace: Marketplace, *, freelancer: str = "",
    organisations: Sequence[str] = (),
) -> list[OwedRow]:  # fmt: skip
    """The invoices of a freelancer, or of clients; open ones first, the first due first."""
    of = Bill.freelancer_id == freelancer if freelancer else Bill.organisation_id.in_(list(organisations))
    bills = session.scalars(select(Bill).where(of).order_by(Bill.state != "open", Bill.due_at, Bill.id).limit(MOST))
    rows = bills.all()
    stand, names = standings(session, [b.id for b in rows]), numbers(session, [b.id for b in rows])
    side = "client" if freelancer else "freelancer"
    return [
        OwedRow(
            b.id, names.get(b.id, b.shown_number), b.title, b.reference, str(b.parties.get(side, {}).get("name", "")),
            stand[b.id].total, stand[b.id].open, b.due_at, b.closed_at,
            (marketplace.day_of(b.due_at) - today).days, b.state,
        )
        for b in rows
    ]  # fmt: skip


def numbers(session: Session, bills: Sequence[str]) -> dict[str, str]:
    """The numbers of the invoices that were issued for ``bills``; one that waits has none yet."""
    i = Invoice
    found = session.scalars(
        select(i).where(i.bill_id.in_(list(bills)), i.kind == "sale", i.credit.is_(False))
    )
    return {row.bill_id: row.shown_number for row in found}


def sums(rows: Sequence[OwedRow]) -> list[Money]:
    """What is left of ``rows`` together, one sum a currency."""
    found: dict[str, Money] = {}
    for row in rows:
        found[row.left.currency] = found.get(row.left.currency, Money(0, row.left.currency)) + row.left
    return [found[currency] for currency in sorted(found) if found[currency]]
