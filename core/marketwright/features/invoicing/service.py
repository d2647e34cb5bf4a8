"""Issuing and closing bills. A paid one makes the marketplace's commission due (E15)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from marketwright.features.invoicing import events
from marketwright.features.invoicing.receiving import owe_commission, settle_rest
from marketwright.features.invoicing.standing import standing
from marketwright.features.invoicing.tables import Bill, BillSeries
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert


@dataclass(frozen=True, slots=True)
class Billed:
    """What is billed: whose work, for whom, how much (minor units), and both parties as the contract names them."""

    contract: str
    milestone: str
    organisation: str
    freelancer: str
    title: str
    reference: str
    purchase_order: str
    currency: str
    work: int
    work_tax: int
    client_fee: int
    client_fee_tax: int
    freelancer_fee: int
    freelancer_fee_tax: int
    parties: dict[str, Any]


def issue(uow: UnitOfWork, billed: Billed, *, due: datetime) -> str:
    """Issue the bill of an accepted milestone and return its id; asked twice it is the same bill."""
    found = uow.session.scalar(select(Bill.id).where(Bill.milestone_id == billed.milestone))
    if found:
        return found
    series, number = _next_number(uow, billed.freelancer)
    bill = Bill(
        id=new_id(), series=series, number=number, contract_id=billed.contract,
        milestone_id=billed.milestone, organisation_id=billed.organisation, freelancer_id=billed.freelancer,
        title=billed.title, reference=billed.reference, purchase_order=billed.purchase_order,
        currency=billed.currency, work=billed.work, work_tax=billed.work_tax, client_fee=billed.client_fee,
        client_fee_tax=billed.client_fee_tax, freelancer_fee=billed.freelancer_fee,
        freelancer_fee_tax=billed.freelancer_fee_tax, parties=billed.parties, issued_at=uow.now, due_at=due,
        state="open",
    )  # fmt: skip
    uow.session.add(bill)
    uow.flush()
    uow.emit(events.ISSUED, bill.id, contract=billed.contract, milestone=billed.milestone)
    uow.audit("bill.issued", bill.id, number=bill.shown_number)
    return bill.id


def _next_number(uow: UnitOfWork, freelancer: str) -> tuple[str, int]:
    """The freelancer's next number of the year, taken under its row's lock: a rollback gives it back, so no gap.

    Series are named after the first letters of an id; where another's are the same, the name takes one more.
    """
    year = uow.ports.get(Marketplace).day_of(uow.now).year
    for length in range(6, len(freelancer) + 1):
        series = f"{freelancer[:length].upper()}-{year}"
        uow.session.execute(upsert(uow.session, BillSeries).values(name=series, last=0).on_conflict_do_nothing())
        uow.session.execute(select(BillSeries.last).where(BillSeries.name == series).with_for_update())
        others = select(Bill.id).where(Bill.series == series, Bill.freelancer_id != freelancer).limit(1)
        if uow.session.scalar(others) is None:
            break
    last = update(BillSeries).where(BillSeries.name == series).values(last=BillSeries.last + 1)
    return series, uow.session.execute(last.returning(BillSeries.last)).scalar_one()


def close(uow: UnitOfWork, *, milestone: str, paid: bool) -> None:
    """Close the bill of a milestone, if it has one that is open: paid, or given up.

    Paid, what is left counts as arrived. The commission is due on what was paid, and on nothing else (E15).
    """
    bill = uow.session.scalar(select(Bill).where(Bill.milestone_id == milestone, Bill.state == "open"))
    if bill is None:
        return
    if paid:
        settle_rest(uow, bill)
    bill.state, bill.closed_at = ("paid" if paid else "unpaid"), uow.now
    uow.flush()
    uow.emit(events.PAID if paid else events.UNPAID, bill.id, contract=bill.contract_id)
    uow.audit("bill.closed", bill.id, paid=paid)
    nothing = Money(0, bill.currency)
    owe_commission(uow, bill, nothing, standing(uow.session, bill.id).received)
