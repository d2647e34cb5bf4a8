"""Money that comes in by bank transfer: what covers a funding is used for it, the rest waits in suspense for staff.

    arrives     psp_clearing +   suspense -
    covers      suspense +       hold -          with the funding's confirmation, whichever comes first
    goes back   suspense +       psp_clearing -
    stays       suspense +       psp_clearing -  what of a funding confirmed meanwhile was booked a second time
"""

from sqlalchemy import func, insert, select

from marketwright.features.ledger import kinds
from marketwright.features.payments import events
from marketwright.features.payments.booking import book, lock_command
from marketwright.features.payments.commands import write_command
from marketwright.features.payments.tables import CommandState, Hold, PaymentArrival, PaymentCommand
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind, Fact


def arrived(uow: UnitOfWork, provider: str, command: PaymentCommand | None, fact: Fact, row: str) -> bool:
    """Book money that came in for the funding ``command``, or for nobody; ``row`` is the fact's own."""
    amount, currency = fact.answer.amount or 0, command.currency if command else fact.currency
    a = PaymentArrival
    seen = uow.session.scalar(
        select(a.id).where(a.provider == provider, a.reference == fact.answer.reference[:200])
    )
    if seen is not None or amount < 1 or not currency:
        return False
    hold = uow.session.get(Hold, command.hold_id) if command and command.hold_id else None
    used = min(amount, _uncovered(uow, command)) if command else 0
    uow.session.execute(
        insert(a).values(
            id=new_id(), provider=provider, reference=fact.answer.reference[:200], used=used, currency=currency,
            command_id=command.id if command else "", organisation_id=hold.organisation_id if hold else fact.payer[:16],
            amount=amount, note=str(fact.answer.reason)[:500], at=uow.now,
        )
    )  # fmt: skip
    rest = amount - used
    book(uow, [(kinds.PSP_CLEARING, rest), (kinds.SUSPENSE, -rest)], cause=("payment_fact", row), effect="arrived",
         currency=currency, memo=str(fact.answer.reason), contract=hold.contract_id if hold else "")  # fmt: skip
    subject = hold.id if hold else row
    uow.emit(events.ARRIVED, subject, contract=hold.contract_id if hold else "", amount=amount, open=rest,
             currency=currency, command=command.id if command else "")  # fmt: skip
    uow.audit(events.ARRIVED, subject, amount=amount, open=rest, reference=fact.answer.reference)
    return True


def _uncovered(uow: UnitOfWork, command: PaymentCommand) -> int:
    """What of a confirmed funding was booked as coming straight from the provider: its arrivals are told later."""
    if command.state != CommandState.CONFIRMED:
        return 0
    covered = uow.session.scalar(
        select(func.coalesce(func.sum(PaymentArrival.used), 0)).where(PaymentArrival.command_id == command.id)
    )
    return command.amount - int(covered or 0)


def cover(uow: UnitOfWork, command: PaymentCommand) -> int:
    """Use what has arrived for the funding ``command``, oldest first; returns how much of it that covers."""
    need = command.amount
    a = PaymentArrival
    for row in uow.session.scalars(
        select(a).where(a.command_id == command.id).order_by(a.at, a.id).with_for_update()
    ).all():
        part = min(open_of(row), need)
        row.used, need = row.used + part, need - part
    uow.flush()
    return command.amount - need


def open_of(row: PaymentArrival) -> int:
    """What of an arrival waits for staff, minor units."""
    return row.amount - row.used - row.giving_back - row.gone


def left(uow: UnitOfWork, provider: str, fact: Fact, row: str) -> bool | None:
    """An arrival went back to its sender by the provider's own doing.

    ``None`` when it has not been told of yet, or while it is being given back: what of it is left is not known then.
    """
    found = _by_reference(uow, provider, fact.answer.reference)
    if found is None or found.giving_back > found.given_back:
        return None
    part = open_of(found)
    if part < 1:
        return False
    found.gone += part
    uow.flush()
    book(uow, [(kinds.SUSPENSE, part), (kinds.PSP_CLEARING, -part)], cause=("payment_fact", row),
         effect="arrival_left", currency=found.currency, memo=found.note)  # fmt: skip
    uow.audit("payment.arrival_left", found.id, amount=part)
    return True


def give_back(uow: UnitOfWork, *, arrival: str, by: str) -> str:
    """Reserve that what is open of ``arrival`` (its id) goes back to its sender; returns the command to run."""
    row = uow.session.scalar(select(PaymentArrival).where(PaymentArrival.id == arrival).with_for_update())
    if row is None:
        raise NotFound("There is no such payment.")
    part, command = open_of(row), new_id()
    if part < 1:
        raise Conflict("Nothing of this payment is left to give back.")
    row.giving_back += part
    uow.flush()
    uow.audit("payment.reserved", row.id, command=command, kind="refund", cause=f"arrival:{row.id}", by=by)
    return write_command(
        uow, command=command, hold=None, kind=CommandKind.REFUND, provider=row.provider, currency=row.currency,
        amount=part, cause=f"arrival:{row.id}:{row.giving_back}", by=by, stray=True, funding=row.command_id,
        arrival=row.reference,
    )  # fmt: skip


def given_back(uow: UnitOfWork, command: PaymentCommand, fee: int) -> None:
    """The provider has sent an arrival back."""
    row = _by_reference(uow, command.provider, command.arrival)
    if row is None:
        return
    row.given_back += command.amount
    uow.flush()
    book(
        uow, [(kinds.SUSPENSE, command.amount), (kinds.PSP_FEE, fee), (kinds.PSP_CLEARING, -command.amount - fee)],
        cause=("payment_command", command.id), effect="given_back", currency=command.currency, memo=row.note,
    )  # fmt: skip
    uow.emit(events.GIVEN_BACK, row.id, command=command.id, amount=command.amount)
    uow.audit(events.GIVEN_BACK, row.id, command=command.id, amount=command.amount)


def stays(uow: UnitOfWork, command: PaymentCommand) -> None:
    """The provider would not send an arrival back: it covers what it was sent for, the rest waits for staff again.

    A funding that was confirmed meanwhile was booked as coming straight from the provider: that is taken back here.
    """
    funding = lock_command(uow, command.funding) if command.funding else None
    row = _by_reference(uow, command.provider, command.arrival)
    if row is None:
        return
    row.giving_back -= command.amount
    part = min(open_of(row), _uncovered(uow, funding)) if funding else 0
    row.used += part
    uow.flush()
    hold = uow.session.get(Hold, funding.hold_id) if funding and funding.hold_id else None
    book(uow, [(kinds.SUSPENSE, part), (kinds.PSP_CLEARING, -part)], cause=("payment_arrival", row.id),
         effect="covered", currency=row.currency, memo=row.note, contract=hold.contract_id if hold else "")  # fmt: skip
    if part:
        uow.audit("payment.arrival_used", row.id, command=command.funding, amount=part)


def _by_reference(uow: UnitOfWork, provider: str, reference: str) -> PaymentArrival | None:
    a = PaymentArrival
    return uow.session.scalar(
        select(a).where(a.provider == provider, a.reference == reference[:200]).with_for_update()
    )
