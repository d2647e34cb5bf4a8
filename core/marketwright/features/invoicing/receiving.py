"""Payments that arrive on bills, in whole or in part, each once; and the commission that they make due (E15)."""

from datetime import date

from sqlalchemy import select

from marketwright.features.invoicing import events
from marketwright.features.invoicing.bill_payments import AGREED, CREDITED, RECEIVED, UNDONE, BillPayment
from marketwright.features.invoicing.due import Kind
from marketwright.features.invoicing.fees import owe_fees
from marketwright.features.invoicing.standing import standing
from marketwright.features.invoicing.tables import Bill
from marketwright.features.ledger import service as ledger
from marketwright.features.ledger.kinds import REVENUE, VAT_COLLECTED
from marketwright.hooks.ports import PAID_AHEAD
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money, share_of
from marketwright.kernel.text import N_, say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Arrival:
    """A payment as somebody reports it: ``key`` is theirs, and counts once; ``payer`` and ``note`` are for people."""

    amount: Money
    key: str
    paid_on: date
    payer: str = ""
    note: str = ""


def receive(uow: UnitOfWork, *, bill: str, arrival: Arrival, kind: str = RECEIVED) -> Money:
    """Record that ``arrival`` was paid on ``bill`` and return what the bill took: never more than it still asks for.

    Reported again with the same key, the first answer. ``NotFound`` for no such bill, ``Conflict`` for a key that
    was used for something else, ``InvalidInput`` for nothing, another currency or a day to come.
    """
    row = _locked(uow, bill)
    _check(uow, row, arrival)
    source = uow.actor.label
    found = uow.session.scalar(
        select(BillPayment).where(BillPayment.source == source, BillPayment.key == arrival.key)
    )
    if found is not None:
        if found.bill_id != bill or found.paid_on != arrival.paid_on or found.amount > arrival.amount.amount:
            raise Conflict("This payment was recorded before, as something else.", code="idempotency")
        return Money(found.amount, found.currency)
    before = standing(uow.session, bill)
    taken = min(arrival.amount, before.open)
    if not taken:
        return taken
    made = BillPayment(
        id=new_id(), bill_id=bill, kind=kind, amount=taken.amount, currency=row.currency, source=source,
        key=arrival.key, paid_on=arrival.paid_on, payer=arrival.payer[:140], note=arrival.note[:300], by=uow.actor.id,
        at=uow.now,
    )  # fmt: skip
    uow.session.add(made)
    uow.flush()
    uow.emit(events.RECEIVED, bill, contract=row.contract_id, payment=made.id)
    uow.audit("bill.payment_recorded", bill, payment=made.id, amount=taken.amount, kind=kind)
    if row.state == "unpaid" and kind != CREDITED:
        owe_commission(uow, row, before.received, before.received + taken, effect=f"commission.{made.id}")
        if taken == before.open:
            row.state = "paid"
            uow.flush()
            uow.emit(events.PAID, bill, contract=row.contract_id)
    return taken


def credit(uow: UnitOfWork, *, bill: str, arrival: Arrival) -> Money:
    """Take ``arrival`` off what a bill asks for, by a credit note; no commission comes of it."""
    return receive(uow, bill=bill, arrival=arrival, kind=CREDITED)


def undo(uow: UnitOfWork, *, payment: str, note: str) -> None:
    """Take a recorded payment back: it was for something else. While its bill is open alone; asked twice it is once."""
    found = uow.session.get(BillPayment, payment)
    if found is None or found.kind != RECEIVED:
        raise NotFound("There is no such payment.")
    row = _locked(uow, found.bill_id)
    if row.state != "open":
        raise Conflict("This invoice is closed; its payments stay as they are.", state=row.state)
    if uow.session.scalar(select(BillPayment.id).where(BillPayment.undoes == payment)):
        return
    made = BillPayment(
        id=new_id(), bill_id=found.bill_id, kind=UNDONE, amount=-found.amount, currency=found.currency,
        source=uow.actor.label, key=f"undo:{payment}", paid_on=found.paid_on, payer=found.payer, note=note[:300],
        undoes=payment, by=uow.actor.id, at=uow.now,
    )  # fmt: skip
    uow.session.add(made)
    uow.flush()
    uow.audit("bill.payment_undone", found.bill_id, payment=payment, note=note[:300])


def undo_key(uow: UnitOfWork, *, key: str, note: str) -> None:
    """Take back what the actor recorded under ``key``."""
    mine = BillPayment.source == uow.actor.label
    found = uow.session.scalar(select(BillPayment.id).where(mine, BillPayment.key == key))
    if found is None:
        raise NotFound("There is no such payment.")
    undo(uow, payment=found, note=note)


def settle_rest(uow: UnitOfWork, bill: Bill) -> None:
    """Record what is left of a bill that both sides count as paid."""
    left = standing(uow.session, bill.id).open
    if left:
        arrival = Arrival(left, f"rest:{bill.id}", uow.ports.get(Marketplace).day_of(uow.now))
        receive(uow, bill=bill.id, arrival=arrival, kind=AGREED)


def owe_commission(
    uow: UnitOfWork, bill: Bill, before: Money, after: Money, *, effect: str = "commission"
) -> None:
    """Book both sides' fees for what was paid between ``before`` and ``after``: a receivable each against revenue, VAT.

    The money never passed here. Each amount is its share of the fee, rounded once and cumulatively (L12), so that a
    bill paid in full owes exactly the fees that were signed.
    """
    whole = bill.work + bill.work_tax

    def due(fee: int) -> int:
        return share_of(fee, after.amount, whole) - share_of(fee, before.amount, whole)

    client, client_tax = due(bill.client_fee), due(bill.client_fee_tax)
    freelancer, freelancer_tax = due(bill.freelancer_fee), due(bill.freelancer_fee_tax)
    legs = [
        (f"receivable:{bill.organisation_id}", client + client_tax),
        (f"receivable:{bill.freelancer_id}", freelancer + freelancer_tax),
        (REVENUE, -client - freelancer),
        (VAT_COLLECTED, -client_tax - freelancer_tax),
    ]
    booked = [(account, Money(amount, bill.currency)) for account, amount in legs if amount]
    if booked:
        ledger.post(
            uow, cause_type="bill", cause_id=bill.id, effect=effect, legs=booked, contract=bill.contract_id,
            memo=N_("Commission on a paid bill"),
        )  # fmt: skip
        owe_fees(
            uow, bill.id, effect,
            {Kind.CLIENT_FEE: (client, client_tax), Kind.FREELANCER_FEE: (freelancer, freelancer_tax)},
        )  # fmt: skip


def _locked(uow: UnitOfWork, bill: str) -> Bill:
    row = uow.session.scalar(
        select(Bill).where(Bill.id == bill).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("There is no such bill.")
    return row


def _check(uow: UnitOfWork, row: Bill, arrival: Arrival) -> None:
    if arrival.amount.currency != row.currency:
        raise InvalidInput({"amount": [say("This invoice is in %(currency)s.", currency=row.currency)]})
    if arrival.amount.amount <= 0:
        raise InvalidInput({"amount": [say("More than nothing.")]})
    latest = max(uow.ports.get(Marketplace).day_of(uow.now), uow.now.date())  # a plugin may go by the day of UTC
    if (arrival.paid_on - latest).days > PAID_AHEAD:
        raise InvalidInput({"paid_on": [say("This day has not come yet.")]})
    if not 0 < len(arrival.key) <= 120:
        raise InvalidInput({"key": [say("Between 1 and 120 characters.")]})
