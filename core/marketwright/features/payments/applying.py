"""Facts become effects here, once, whatever way they came in: hold, ledger, course and event in one commit.

The accounts of a deal:

    fund      psp_clearing +    hold -
    release   hold +            payable - revenue - vat_collected -
    refund    hold +            refundable -      then   refundable +   psp_clearing -
    split     hold +            payable - revenue - vat_collected - refundable -   then as a refund
    payout    payable +         psp_clearing -
    too late  psp_clearing +    refundable -      then, by a command of its own,   refundable +   psp_clearing -
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from marketwright.features.ledger import kinds
from marketwright.features.ledger.service import post
from marketwright.features.payments import events
from marketwright.features.payments.amounts import Cut, refund_cut, release_cut, split_cut
from marketwright.features.payments.commands import amounts_of, write_command
from marketwright.features.payments.payouts import pay_out
from marketwright.features.payments.ports import Course
from marketwright.features.payments.tables import SETTLED_STATES, CommandState, Hold, PaymentCommand, PaymentFact
from marketwright.features.payments.words import ABANDONED, REFUSED
from marketwright.kernel.errors import BrokenInvariant
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Answer, CommandKind, Fact, Outcome
from marketwright.strategies.processes import HoldState

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
    command = uow.session.scalar(
        select(PaymentCommand)
        .where(PaymentCommand.id == fact.key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if command is None:
        return False
    answer = believed(command, fact.answer)
    effect = _apply(uow, command, answer, hold_days)
    if answer.outcome in (Outcome.CONFIRMED, Outcome.FAILED) or way == "message":
        _note(uow, command, replace(fact, answer=answer), way=way, effect=effect)
    return effect


def believed(command: PaymentCommand, answer: Any) -> Answer:
    """``answer`` if it can be one for this command, else UNKNOWN with what is odd about it (A11, A18, E8)."""
    if not isinstance(answer, Answer) or not isinstance(answer.outcome, Outcome):
        return Answer(Outcome.UNKNOWN, reason=f"not an answer: {type(answer).__name__}")
    if answer.outcome is Outcome.CONFIRMED and (type(answer.amount) is not int or answer.amount != command.amount):
        return Answer(Outcome.UNKNOWN, reason=f"confirmed {answer.amount!r} where {command.amount} was asked")
    if type(answer.fee) is not int or answer.fee < 0:
        return Answer(Outcome.UNKNOWN, reason=f"a provider's fee of {answer.fee!r}")
    if answer.outcome is Outcome.PAGE and not answer.page.startswith(("https://", "http://", "/")):
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
        return False
    if answer.outcome is Outcome.FAILED and not answer.absent:
        _settle(uow, command, CommandState.FAILED, answer)
        _refuse(uow, command, answer.reason)
        return True
    _wait(uow, command, answer)
    return False


def _settle(uow: UnitOfWork, command: PaymentCommand, state: CommandState, answer: Answer) -> None:
    """Move the command where it stays: the conditional update by which one way in wins (E5, J3)."""
    moved = uow.session.execute(
        update(PaymentCommand)
        .where(PaymentCommand.id == command.id, PaymentCommand.state == command.state)
        .values(
            state=state, reference=answer.reference[:200], reason=str(answer.reason)[:500], settled_at=uow.now,
            updated_at=uow.machine_now, lease_until=None,
        )
        .returning(PaymentCommand.id)
    ).first()  # fmt: skip
    if moved is None:
        raise BrokenInvariant("Another worker has settled this payment command.", code="E5")


def _wait(uow: UnitOfWork, command: PaymentCommand, answer: Answer) -> None:
    unclear = answer.outcome not in (Outcome.PAGE, Outcome.WAITING)
    command.state = CommandState.UNKNOWN if unclear else _OPEN[answer.outcome]
    command.page = answer.page[:2000] if answer.outcome is Outcome.PAGE else command.page
    command.note = str(answer.reason)[:500] if unclear else ""
    command.reference = answer.reference[:200] or command.reference
    command.updated_at = uow.machine_now
    uow.flush()


def _confirm(uow: UnitOfWork, command: PaymentCommand, answer: Answer, hold_days: int, *, late: bool) -> None:
    hold = _hold(uow, command)
    kind = CommandKind(command.kind)
    if kind is CommandKind.FUND:
        if late or command.given_up_at or hold.state != HoldState.FUNDING or hold.funding != command.id:
            _give_back(uow, command, hold)
        else:
            _funded(uow, command, hold, hold_days)
    elif kind is CommandKind.PAYOUT:
        _paid_out(uow, command, hold)
    elif command.stray:
        _book(uow, command, hold, "returned", [
            (kinds.refundable(hold.organisation_id), command.amount), (kinds.PSP_CLEARING, -command.amount),
        ])  # fmt: skip
    else:
        _left(uow, command, hold, kind)
    if answer.fee:
        _book(uow, command, hold, "provider_fee", [(kinds.PSP_FEE, answer.fee), (kinds.PSP_CLEARING, -answer.fee)])


def _funded(uow: UnitOfWork, command: PaymentCommand, hold: Hold, hold_days: int) -> None:
    amount = command.amount
    _move(uow, hold, HoldState.FUNDED, funded=amount, held=amount, funded_at=uow.now,
          hold_until=uow.now + timedelta(days=hold_days) if hold_days else None)  # fmt: skip
    _book(uow, command, hold, "funded", [(kinds.PSP_CLEARING, amount), (kinds.hold(hold.id), -amount)])
    _tell(uow, command, hold, events.FUNDED)
    uow.ports.get(Course).settled(uow, hold.id, CommandKind.FUND, Outcome.CONFIRMED, "")


def _give_back(uow: UnitOfWork, command: PaymentCommand, hold: Hold) -> None:
    """Money that nobody waits for any more goes back by a command of its own: the rule for late success (A16, D4)."""
    client = kinds.refundable(hold.organisation_id)
    _book(uow, command, hold, "came_late", [(kinds.PSP_CLEARING, command.amount), (client, -command.amount)])
    write_command(
        uow, command=new_id(), hold=hold.id, kind=CommandKind.REFUND, provider=command.provider,
        currency=command.currency, amount=command.amount, cause=f"late:{command.id}", by=uow.actor.label,
        funding=command.id, stray=True,
    )  # fmt: skip
    _tell(uow, command, hold, events.RETURNED)


def _left(uow: UnitOfWork, command: PaymentCommand, hold: Hold, kind: CommandKind) -> None:
    """The held money has gone where the command sent it; commission is recognised now (E15)."""
    amounts = amounts_of(hold)
    cut = (
        split_cut(amounts, command.refund) if kind is CommandKind.SPLIT
        else refund_cut(amounts) if kind is CommandKind.REFUND else release_cut(amounts)
    )  # fmt: skip
    _move(uow, hold, HoldState.SETTLED, held=0, paid=cut.paid, fees=cut.fees, fee_taxes=cut.fee_taxes,
          refunded=cut.refunded, settled_at=uow.now)  # fmt: skip
    _book_cut(uow, command, hold, cut, {"release": "released", "refund": "refund_owed"}.get(kind, "split"))
    if cut.paid:
        pay_out(uow, hold, cause=command.id, amount=cut.paid)
    _tell(uow, command, hold, _EVENTS[kind])
    uow.ports.get(Course).settled(uow, hold.id, kind, Outcome.CONFIRMED, "")


def _book_cut(uow: UnitOfWork, command: PaymentCommand, hold: Hold, cut: Cut, effect: str) -> None:
    client = kinds.refundable(hold.organisation_id)
    _book(uow, command, hold, effect, [
        (kinds.hold(hold.id), cut.whole), (kinds.payable(hold.freelancer_id), -cut.paid),
        (kinds.REVENUE, -cut.fees), (kinds.VAT_COLLECTED, -cut.fee_taxes), (client, -cut.refunded),
    ])  # fmt: skip
    if cut.refunded:
        _book(uow, command, hold, "refunded", [(client, cut.refunded), (kinds.PSP_CLEARING, -cut.refunded)])


def _paid_out(uow: UnitOfWork, command: PaymentCommand, hold: Hold) -> None:
    amount = command.amount
    uow.session.execute(update(Hold).where(Hold.id == hold.id).values(paid_out=Hold.paid_out + amount))
    _book(uow, command, hold, "paid_out", [
        (kinds.payable(hold.freelancer_id), amount), (kinds.PSP_CLEARING, -amount),
    ])  # fmt: skip
    _tell(uow, command, hold, events.PAID_OUT)


def _refuse(uow: UnitOfWork, command: PaymentCommand, reason: str) -> None:
    hold = _hold(uow, command)
    kind = CommandKind(command.kind)
    if kind is CommandKind.PAYOUT:
        uow.session.execute(
            update(Hold).where(Hold.id == hold.id).values(paying_out=Hold.paying_out - command.amount)
        )
    elif not command.stray and command.given_up_at is None:
        _move(uow, hold, _BACK[HoldState(hold.state)])
        uow.ports.get(Course).settled(uow, hold.id, kind, Outcome.FAILED, reason or say(REFUSED))
    _tell(uow, command, hold, events.FAILED)


def abandon(uow: UnitOfWork, command: PaymentCommand) -> None:
    """Stop waiting for a payment page (A16): the hold is free again, the command's key is kept and watched (E6)."""
    hold = _hold(uow, command)
    command.given_up_at, command.updated_at = uow.now, uow.machine_now
    uow.flush()
    _move(uow, hold, HoldState.NONE)
    uow.ports.get(Course).settled(uow, hold.id, CommandKind.FUND, Outcome.FAILED, say(ABANDONED))
    _tell(uow, command, hold, events.ABANDONED)


def _hold(uow: UnitOfWork, command: PaymentCommand) -> Hold:
    wanted = select(Hold).where(Hold.id == command.hold_id).with_for_update()
    return uow.session.scalars(wanted.execution_options(populate_existing=True)).one()


def _move(uow: UnitOfWork, hold: Hold, to: HoldState, **values: Any) -> None:
    moved = uow.session.execute(
        update(Hold)
        .where(Hold.id == hold.id, Hold.state == hold.state, Hold.version == hold.version)
        .values(state=to, version=Hold.version + 1, **values)
        .returning(Hold.id)
    ).first()
    if moved is None:
        raise BrokenInvariant("The hold moved while its payment was being applied.", code="E4")


def _book(
    uow: UnitOfWork, command: PaymentCommand, hold: Hold, effect: str, legs: Sequence[tuple[str, int]]
) -> None:
    post(
        uow, cause_type="payment_command", cause_id=command.id, effect=effect, memo=hold.describe,
        contract=hold.contract_id, legs=[(account, Money(n, command.currency)) for account, n in legs if n],
    )  # fmt: skip


def _tell(uow: UnitOfWork, command: PaymentCommand, hold: Hold, name: str) -> None:
    uow.emit(
        name, hold.id, command=command.id, kind=command.kind, contract=hold.contract_id,
        organisation=hold.organisation_id, freelancer=hold.freelancer_id,
    )  # fmt: skip
    uow.audit(name, hold.id, command=command.id, kind=command.kind)


def _note(uow: UnitOfWork, command: PaymentCommand, fact: Fact, *, way: str, effect: bool) -> None:
    known = uow.session.scalar(
        select(PaymentFact.id).where(PaymentFact.provider == command.provider, PaymentFact.fact_id == fact.id[:200])
    )
    if known is None:
        uow.session.execute(
            insert(PaymentFact).values(
                id=new_id(), provider=command.provider, fact_id=fact.id[:200], command_id=command.id, way=way,
                outcome=fact.answer.outcome, amount=fact.answer.amount, reference=fact.answer.reference[:200],
                had_effect=effect, at=uow.machine_now,
            )
        )  # fmt: skip
