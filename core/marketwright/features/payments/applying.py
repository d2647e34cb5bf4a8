"""Answers become effects here, once, whatever way they came in: hold, ledger, course and event in one commit.

The accounts of a deal:

    fund      psp_clearing +    hold -
    release   hold +            payable - revenue - vat_collected -
    refund    hold +            refundable -      then   refundable +   psp_clearing -
    split     hold +            payable - revenue - vat_collected - refundable -   then as a refund
    payout    payable +         psp_clearing -
    too late  psp_clearing +    refundable -      then, by a command of its own,   refundable +   psp_clearing -
    after     receivable:{freelancer} + revenue + vat_collected +   refundable -   then as a refund

What nobody asked for (disputes, late failures, arrivals) has its own modules; ``report`` in ``reporting`` leads there.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from marketwright.features.ledger import kinds
from marketwright.features.payments import arrivals, events
from marketwright.features.payments.amounts import (
    Amounts,
    Cut,
    back_parts,
    refund_cut,
    release_cut,
    split_cut,
    split_parts,
)
from marketwright.features.payments.booking import (
    amounts_of,
    book_for,
    from_client,
    gone_back,
    left_of,
    lock_command,
    lock_hold,
    move,
    record_return,
    tell,
    to_give_back,
)
from marketwright.features.payments.commands import give_back_the_rest, write_command
from marketwright.features.payments.debts import collect
from marketwright.features.payments.disputes import absorb
from marketwright.features.payments.facts import note, waiting
from marketwright.features.payments.marks import paid_by
from marketwright.features.payments.payouts import pay_out
from marketwright.features.payments.ports import Course
from marketwright.features.payments.reporting import retry
from marketwright.features.payments.tables import SETTLED_STATES, CommandState, Hold, PaymentCommand
from marketwright.features.payments.undoing import payout_returned
from marketwright.features.payments.words import ABANDONED, REFUSED
from marketwright.kernel.errors import BrokenInvariant
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Outcome
from marketwright.strategies.processes import HoldState

ADDRESSES = ("https://", "http://", "/")
_BACK = {
    HoldState.FUNDING: HoldState.NONE,
    HoldState.RELEASING: HoldState.FUNDED,
    HoldState.REFUNDING: HoldState.FUNDED,
    HoldState.SPLITTING: HoldState.FUNDED,
}
_OPEN = {
    Outcome.PAGE: CommandState.PAGE,
    Outcome.WAITING: CommandState.WAITING,
    Outcome.UNKNOWN: CommandState.UNKNOWN,
}
_EVENTS = {
    CommandKind.RELEASE: events.RELEASED,
    CommandKind.REFUND: events.REFUNDED,
    CommandKind.SPLIT: events.SPLIT,
}


def apply(uow: UnitOfWork, fact: Fact, *, way: str = "answer", hold_days: int = 0) -> bool:
    """Apply what a provider reports of one command; true when it had an effect (the first time, and only then).

    ``hold_days`` is how long the provider may hold, stored when the money comes in. A fact of no command of ours
    is left alone (B4). What a refusal or a confirmation cannot mean raises ``BrokenInvariant`` and changes nothing.
    """
    command = lock_command(uow, fact.key)
    if command is None or fact.kind is not FactKind.ANSWER:
        return False
    answer = believed(command, fact.answer)
    effect = _apply(uow, command, answer, hold_days)
    if answer.outcome in (Outcome.CONFIRMED, Outcome.FAILED) or way == "message":
        note(uow, command.provider, replace(fact, answer=answer), way=way, effect=effect)
    if effect:
        retry(uow, command.provider, key=command.id)
        if command.funding:
            retry(uow, command.provider, key=command.funding)
        if command.arrival:
            retry(uow, command.provider, reference=command.arrival)
    return effect


def believed(command: PaymentCommand, answer: Any) -> Answer:
    """``answer`` if it can be one for this command, else UNKNOWN with what is odd about it (A11, A18, E8)."""
    if not isinstance(answer, Answer) or not isinstance(answer.outcome, Outcome):
        return Answer(Outcome.UNKNOWN, reason=f"not an answer: {type(answer).__name__}")
    if answer.outcome is Outcome.CONFIRMED and (type(answer.amount) is not int or answer.amount != command.amount):
        return Answer(Outcome.UNKNOWN, reason=f"confirmed {answer.amount!r} where {command.amount} was asked")
    if type(answer.fee) is not int or answer.fee < 0:
        return Answer(Outcome.UNKNOWN, reason=f"a provider's fee of {answer.fee!r}")
    back = answer.reclaimed
    if back is not None and (type(back) is not int or not 0 <= back <= command.reclaim):
        return Answer(Outcome.UNKNOWN, reason=f"reclaimed {back!r} where {command.reclaim} was asked")
    if answer.outcome is Outcome.PAGE and not answer.page.startswith(ADDRESSES):
        return Answer(Outcome.UNKNOWN, reason="a page without an address")
    return answer


def _apply(uow: UnitOfWork, command: PaymentCommand, answer: Answer, hold_days: int) -> bool:
    if answer.outcome is Outcome.CONFIRMED:
        late = command.state == CommandState.FAILED and command.kind == CommandKind.FUND
        if command.state in SETTLED_STATES and not late:
            return False
        _settle(uow, command, CommandState.CONFIRMED, answer)
        _confirm(uow, command, answer, hold_days, late=late)
        return True
    if command.state in SETTLED_STATES:
        returned = command.kind == CommandKind.PAYOUT and command.state == CommandState.CONFIRMED
        return returned and answer.outcome is Outcome.FAILED and not answer.absent and payout_returned(uow, command)
    if answer.outcome is Outcome.FAILED and not answer.absent:
        _settle(uow, command, CommandState.FAILED, answer)
        _refuse(uow, command, answer.reason)
        return True
    _wait(uow, command, answer)
    return False


def _settle(uow: UnitOfWork, command: PaymentCommand, state: CommandState, answer: Answer) -> None:
    """Move the command where it stays: the conditional update by which one way in wins (E5, J3)."""
    back = command.reclaim if answer.reclaimed is None else answer.reclaimed
    moved = uow.session.execute(
        update(PaymentCommand)
        .where(PaymentCommand.id == command.id, PaymentCommand.state == command.state)
        .values(
            state=state, reference=answer.reference[:200], reason=str(answer.reason)[:500], settled_at=uow.now,
            updated_at=uow.machine_now, lease_until=None,
            reclaimed=back if state is CommandState.CONFIRMED else 0,
        )
        .returning(PaymentCommand.id)
    ).first()  # fmt: skip
    if moved is None:
        raise BrokenInvariant("Another worker has settled this payment command.", code="E5")
    uow.session.refresh(command)


def _wait(uow: UnitOfWork, command: PaymentCommand, answer: Answer) -> None:
    unclear = answer.outcome not in (Outcome.PAGE, Outcome.WAITING)
    command.state = CommandState.UNKNOWN if unclear else _OPEN[answer.outcome]
    if not unclear:
        command.page = answer.page[:2000] if answer.page.startswith(ADDRESSES) else ""
    command.note = str(answer.reason)[:500] if unclear else ""
    command.reference = answer.reference[:200] or command.reference
    command.updated_at = uow.machine_now
    uow.flush()


def _confirm(uow: UnitOfWork, command: PaymentCommand, answer: Answer, hold_days: int, *, late: bool) -> None:
    kind = CommandKind(command.kind)
    if command.hold_id is None:
        arrivals.given_back(uow, command, answer.fee)
        return
    hold = lock_hold(uow, command.hold_id)
    if kind is CommandKind.FUND:
        if late or command.given_up_at or hold.state != HoldState.FUNDING or hold.funding != command.id:
            _give_back(uow, command, hold)
        else:
            _funded(uow, command, hold, hold_days)
        paid_by(uow, hold, answer.marks)
    elif kind is CommandKind.PAYOUT:
        _paid_out(uow, command, hold)
    elif command.stray:
        book_for(uow, command, hold, "returned", [
            *from_client(uow, hold, command.funding, command.amount), (kinds.PSP_CLEARING, -command.amount),
        ])  # fmt: skip
    elif command.after_release:
        _refunded_later(uow, command, hold)
    else:
        _left(uow, command, hold, kind)
    if answer.fee:
        book_for(uow, command, hold, "provider_fee", [(kinds.PSP_FEE, answer.fee), (kinds.PSP_CLEARING, -answer.fee)])
    absorb(uow, hold)


def _funded(uow: UnitOfWork, command: PaymentCommand, hold: Hold, hold_days: int) -> None:
    amount = command.amount
    move(uow, hold, HoldState.FUNDED, funded=amount, held=amount, funded_at=uow.now,
         hold_until=uow.now + timedelta(days=hold_days) if hold_days else None)  # fmt: skip
    arrived = arrivals.cover(uow, command)
    book_for(uow, command, hold, "funded", [
        (kinds.PSP_CLEARING, amount - arrived), (kinds.SUSPENSE, arrived), (kinds.hold(hold.id), -amount),
    ])  # fmt: skip
    _tell(uow, command, hold, events.FUNDED)
    uow.ports.get(Course).settled(uow, hold.id, CommandKind.FUND, Outcome.CONFIRMED, "")


def _give_back(uow: UnitOfWork, command: PaymentCommand, hold: Hold) -> None:
    """Money that nobody waits for any more goes back by a command of its own: the rule for late success (A16, D4)."""
    client, arrived = kinds.refundable(hold.organisation_id), arrivals.cover(uow, command)
    book_for(uow, command, hold, "came_late", [
        (kinds.PSP_CLEARING, command.amount - arrived), (kinds.SUSPENSE, arrived), (client, -command.amount),
    ])  # fmt: skip
    told = waiting(uow, command.provider, key=command.id, reference="")
    if any(f.kind == FactKind.FUNDING_FAILED and f.amount == command.amount for f in told):
        return  # the bank has it again, which is booked in this same commit
    write_command(
        uow, command=new_id(), hold=hold.id, kind=CommandKind.REFUND, provider=command.provider,
        currency=command.currency, amount=command.amount, cause=f"late:{command.id}", by=uow.actor.label,
        funding=command.id, stray=True,
    )  # fmt: skip
    _tell(uow, command, hold, events.RETURNED)


def _left(uow: UnitOfWork, command: PaymentCommand, hold: Hold, kind: CommandKind) -> None:
    """The held money has gone where the command sent it; commission is recognised now (E15)."""
    amounts, parts = left_of(uow.session, hold), None
    if kind is CommandKind.SPLIT:
        cut, parts = split_cut(amounts, command.refund), split_parts(amounts, command.refund)
    elif kind is CommandKind.REFUND:
        cut, parts = refund_cut(amounts), amounts
    else:
        cut = release_cut(amounts)
    move(uow, hold, HoldState.SETTLED, held=0, paid=cut.paid, fees=cut.fees, fee_taxes=cut.fee_taxes,
         refunded=cut.refunded, settled_at=uow.now)  # fmt: skip
    _book_cut(uow, command, hold, cut, {"release": "released", "refund": "refund_owed"}.get(kind, "split"))
    if parts is not None:
        record_return(uow, hold, parts, cause=("payment_command", command.id))
    if cut.paid:
        collect(uow, hold.freelancer_id, hold.currency, provider=hold.provider, cause=command.id)
        uow.session.refresh(hold)
        pay_out(uow, hold, cause=command.id)
    _tell(uow, command, hold, _EVENTS[kind])
    uow.ports.get(Course).settled(uow, hold.id, kind, Outcome.CONFIRMED, "")


def _book_cut(uow: UnitOfWork, command: PaymentCommand, hold: Hold, cut: Cut, effect: str) -> None:
    client = kinds.refundable(hold.organisation_id)
    book_for(uow, command, hold, effect, [
        (kinds.hold(hold.id), cut.whole), (kinds.payable(hold.freelancer_id), -cut.paid),
        (kinds.REVENUE, -cut.fees), (kinds.VAT_COLLECTED, -cut.fee_taxes), (client, -cut.refunded),
    ])  # fmt: skip
    if cut.refunded:
        book_for(uow, command, hold, "refunded", [(client, cut.refunded), (kinds.PSP_CLEARING, -cut.refunded)])


def _refunded_later(uow: UnitOfWork, command: PaymentCommand, hold: Hold) -> None:
    """What was released goes back: the freelancer owes their share of it, the marketplace its fees (G1, L12)."""
    parts: Amounts = back_parts(amounts_of(hold), gone_back(uow.session, hold), command.amount)
    client, owing = kinds.refundable(hold.organisation_id), kinds.receivable(hold.freelancer_id)
    move(uow, hold, hold.state, refunding=0, refunded=hold.refunded + command.amount, fees=hold.fees - parts.fees,
         fee_taxes=hold.fee_taxes - parts.fee_taxes, reclaimed=hold.reclaimed + parts.freelancer_receives)  # fmt: skip
    book_for(uow, command, hold, "refund_later_owed", [
        (owing, parts.freelancer_receives), (kinds.REVENUE, parts.fees), (kinds.VAT_COLLECTED, parts.fee_taxes),
        (client, -command.amount),
    ])  # fmt: skip
    book_for(uow, command, hold, "refunded_later", [(client, command.amount), (kinds.PSP_CLEARING, -command.amount)])
    record_return(uow, hold, parts, cause=("payment_command", command.id), released=True)
    collect(uow, hold.freelancer_id, hold.currency, provider=hold.provider, cause=command.id)
    _tell(uow, command, hold, events.REFUNDED_LATER)


def _paid_out(uow: UnitOfWork, command: PaymentCommand, hold: Hold) -> None:
    amount = command.amount
    uow.session.execute(update(Hold).where(Hold.id == hold.id).values(paid_out=Hold.paid_out + amount))
    book_for(uow, command, hold, "paid_out", [
        (kinds.payable(hold.freelancer_id), amount), (kinds.PSP_CLEARING, -amount),
    ])  # fmt: skip
    _tell(uow, command, hold, events.PAID_OUT)


def _refuse(uow: UnitOfWork, command: PaymentCommand, reason: str) -> None:
    if command.hold_id is None:
        arrivals.stays(uow, command)
        return
    hold = lock_hold(uow, command.hold_id)
    kind = CommandKind(command.kind)
    if kind is CommandKind.PAYOUT:
        uow.session.execute(update(Hold).where(Hold.id == hold.id).values(paying_out=Hold.paying_out - command.amount))
        collect(uow, hold.freelancer_id, hold.currency, provider=hold.provider, cause=command.id)
    elif command.after_release:
        move(uow, hold, hold.state, refunding=0)
    elif not command.stray and command.given_up_at is None:
        move(uow, hold, _BACK[HoldState(hold.state)])
        uow.ports.get(Course).settled(uow, hold.id, kind, Outcome.FAILED, reason or say(REFUSED))
    _tell(uow, command, hold, events.FAILED)
    absorb(uow, hold)
    if command.stray and to_give_back(uow.session, hold, command.funding) < command.amount:
        give_back_the_rest(uow, hold, command.funding)  # of what the bank took meanwhile it was too much


def abandon(uow: UnitOfWork, command: PaymentCommand) -> None:
    """Stop waiting for a payment page (A16): the hold is free again, the command's key is kept and watched (E6)."""
    hold = lock_hold(uow, str(command.hold_id))
    command.given_up_at, command.updated_at = uow.now, uow.machine_now
    uow.flush()
    move(uow, hold, HoldState.NONE)
    uow.ports.get(Course).settled(uow, hold.id, CommandKind.FUND, Outcome.FAILED, say(ABANDONED))
    _tell(uow, command, hold, events.ABANDONED)


def _tell(uow: UnitOfWork, command: PaymentCommand, hold: Hold, name: str) -> None:
    tell(uow, hold, name, command=command.id, kind=command.kind)

