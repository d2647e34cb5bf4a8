"""How a bill stands: what was received and credited of it, what is still to be paid. Reads only."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.invoicing.bill_payments import CREDITED, UNDONE, BillPayment
from marketwright.features.invoicing.tables import Bill
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Standing:
    """``received`` counts payments alone; ``open`` is what is left of ``total`` after them and after ``credited``."""

    total: Money
    received: Money
    credited: Money

    @property
    def open(self) -> Money:
        """What is still to be paid."""
        return self.total - self.received - self.credited


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment or credit of a bill; ``undone`` where it was taken back later."""

    id: str
    bill: str
    kind: str
    amount: Money
    paid_on: date
    payer: str
    note: str
    source: str
    by: str
    at: datetime
    undone: bool = False


def standings(session: Session, bills: Iterable[str]) -> dict[str, Standing]:
    """How each of ``bills`` stands, by id; unknown ids are left out."""
    ids = list(dict.fromkeys(bills))
    sums: dict[str, dict[str, int]] = {}
    first, p = BillPayment.__table__.alias("first"), BillPayment
    kind = func.coalesce(first.c.kind, p.kind)
    of = (
        select(p.bill_id, kind, func.sum(p.amount))
        .outerjoin(first, first.c.id == p.undoes)
        .where(p.bill_id.in_(ids))
        .group_by(p.bill_id, kind)
    )
    for bill, what, amount in session.execute(of):
        sums.setdefault(bill, {})[what] = int(amount)
    b = Bill
    found = {}
    for id_, whole, currency in session.execute(select(b.id, b.work + b.work_tax, b.currency).where(b.id.in_(ids))):
        its = sums.get(id_, {})
        credited = its.pop(CREDITED, 0)
        found[id_] = Standing(Money(whole, currency), Money(sum(its.values()), currency), Money(credited, currency))
    return found


def standing(session: Session, bill: str) -> Standing:
    """How one bill stands; ``KeyError`` for an unknown one."""
    return standings(session, [bill])[bill]


def payments_of(session: Session, bill: str) -> Sequence[PaymentRow]:
    """What arrived of a bill, the first first; taken-back rows are marked."""
    p = BillPayment
    rows = session.scalars(select(p).where(p.bill_id == bill).order_by(p.at, p.id)).all()
    gone = {r.undoes for r in rows if r.undoes}
    return [
        PaymentRow(r.id, r.bill_id, r.kind, Money(r.amount, r.currency), r.paid_on, r.payer, r.note, r.source, r.by,
                   r.at, undone=r.id in gone)
        for r in rows if r.kind != UNDONE
    ]  # fmt: skip
