"""What was confirmed and came undone afterwards: a payment that the bank took back, a payout that came back.

    taken back   hold +  psp_clearing -                            while the money is held: it may be funded again
                 receivable:{client} +  psp_clearing -             after it went on (E9): payouts of the hold stop
                 refundable +  psp_clearing -                      came too late, not gone back yet: no hold had it
    returned     psp_clearing +  payable -                         owed to the freelancer again, once (G6)
"""

from sqlalchemy import update

from marketwright.features.ledger import kinds
from marketwright.features.payments import events
from marketwright.features.payments.booking import book_for, from_client, lock_hold, move, tell
from marketwright.features.payments.debts import collect
from marketwright.features.payments.ports import Course
from marketwright.features.payments.tables import Hold, PaymentCommand
from marketwright.features.payments.words import TAKEN_BACK
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import HoldState


def funding_failed(uow: UnitOfWork, command: PaymentCommand) -> bool:
    """A confirmed funding was taken back by the payer's bank; true the first time. Nothing of its hold is moving."""
    if not _once(uow, command):
        return False
    hold, amount = lock_hold(uow, str(command.hold_id)), command.amount
    if hold.funding != command.id or hold.funded == 0:  # it never was this hold's: what lies there is another payment
        _book_taken(uow, command, hold)
        uow.audit(events.TAKEN_BACK, hold.id, command=command.id, amount=amount)
        return True
    if hold.state == HoldState.FUNDED and hold.dispute_lost == 0:
        move(uow, hold, HoldState.NONE, funded=0, held=0, funding="", funded_at=None, hold_until=None)
        book_for(uow, command, hold, "taken_back", [(kinds.hold(hold.id), amount), (kinds.PSP_CLEARING, -amount)])
        uow.ports.get(Course).taken_back(uow, hold.id, settled=False, reason=say(TAKEN_BACK))
    else:
        _book_taken(uow, command, hold)
        uow.session.execute(
            update(Hold).where(Hold.id == hold.id).values(frozen=True, version=Hold.version + 1)
        )
        uow.audit("payment.frozen", hold.id, reason="the payment was taken back by the bank")
    tell(uow, hold, events.TAKEN_BACK, command=command.id, amount=amount)
    return True


def _book_taken(uow: UnitOfWork, command: PaymentCommand, hold: Hold) -> None:
    gone = from_client(uow, hold, command.id, command.amount)
    book_for(uow, command, hold, "taken_back", [*gone, (kinds.PSP_CLEARING, -command.amount)])


def payout_returned(uow: UnitOfWork, command: PaymentCommand) -> bool:
    """A confirmed payout came back to the freelancer's balance; true the first time. Staff sends it again."""
    if not _once(uow, command):
        return False
    hold, amount = lock_hold(uow, str(command.hold_id)), command.amount
    uow.session.execute(
        update(Hold)
        .where(Hold.id == hold.id)
        .values(paid_out=Hold.paid_out - amount, paying_out=Hold.paying_out - amount)
    )
    book_for(uow, command, hold, "payout_returned", [
        (kinds.PSP_CLEARING, amount), (kinds.payable(hold.freelancer_id), -amount),
    ])  # fmt: skip
    collect(uow, hold.freelancer_id, hold.currency, provider=hold.provider, cause=command.id)
    tell(uow, hold, events.PAYOUT_RETURNED, command=command.id, amount=amount)
    return True


def _once(uow: UnitOfWork, command: PaymentCommand) -> bool:
    done = uow.session.execute(
        update(PaymentCommand)
        .where(PaymentCommand.id == command.id, PaymentCommand.undone_at.is_(None))
        .values(undone_at=uow.now, updated_at=uow.machine_now)
        .returning(PaymentCommand.id)
    ).first()
    return done is not None
