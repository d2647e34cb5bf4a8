"""What every effect of money is made of: the hold under its lock, its move, its ledger entry, its event."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from marketwright.features.ledger import kinds
from marketwright.features.ledger.service import post
from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.features.payments.amounts import PARTS, Amounts, minus, plus
from marketwright.features.payments.ports import Course
from marketwright.features.payments.tables import Hold, HoldReturn, PaymentCommand, PaymentDispute
from marketwright.kernel.errors import BrokenInvariant
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import HoldState

Legs = Sequence[tuple[str, int]]
MOVING = (HoldState.FUNDING, HoldState.RELEASING, HoldState.REFUNDING, HoldState.SPLITTING)


def lock_hold(uow: UnitOfWork, hold: str) -> Hold:
    """The hold, locked until the commit."""
    wanted = select(Hold).where(Hold.id == hold).with_for_update()
    return uow.session.scalars(wanted.execution_options(populate_existing=True)).one()


def lock_command(uow: UnitOfWork, command: str) -> PaymentCommand | None:
    """The command, locked until the commit; ``None`` where there is none."""
    wanted = select(PaymentCommand).where(PaymentCommand.id == command).with_for_update()
    return uow.session.scalar(wanted.execution_options(populate_existing=True))


def move(uow: UnitOfWork, hold: Hold, to: HoldState | str, **values: Any) -> None:
    """Move the hold from where it was read, with ``values``; ``BrokenInvariant`` when it is there no more."""
    moved = uow.session.execute(
        update(Hold)
        .where(Hold.id == hold.id, Hold.state == hold.state, Hold.version == hold.version)
        .values(state=to, version=Hold.version + 1, **values)
        .returning(Hold.id)
    ).first()
    if moved is None:
        raise BrokenInvariant("The hold moved while its payment was being applied.", code="E4")
    uow.session.refresh(hold)


def is_moving(hold: Hold) -> bool:
    """Whether something was asked for this hold that is not settled yet."""
    return hold.state in MOVING or hold.refunding > 0


def book(
    uow: UnitOfWork, legs: Legs, *, cause: tuple[str, str], effect: str, currency: str, memo: str = "",
    contract: str = "",
) -> None:  # fmt: skip
    """Post ``legs`` (debit above zero) that are not zero; nothing when none is."""
    asked = [(account, Money(n, currency)) for account, n in legs if n]
    if asked:
        post(uow, cause_type=cause[0], cause_id=cause[1], effect=effect, memo=memo, contract=contract, legs=asked)


def book_for(uow: UnitOfWork, command: PaymentCommand, hold: Hold, effect: str, legs: Legs) -> None:
    """Post what a command of ``hold`` has come to."""
    book(uow, legs, cause=("payment_command", command.id), effect=effect, currency=command.currency,
         memo=hold.describe, contract=hold.contract_id)  # fmt: skip


def to_give_back(session: Session, hold: Hold, funding: str) -> int:
    """What of the money that ``funding`` brought too late is still to go back to the client, minor units.

    The books say it: what came, less what was given back and what the bank took of it. 0 for money that was held.
    """
    t, c, d = LedgerTransaction, PaymentCommand, PaymentDispute
    commands = select(c.id).where(c.hold_id == hold.id, (c.id == funding) | (c.funding == funding))
    disputes = select(d.id).where(d.command_id == funding)
    booked = session.scalar(
        select(func.coalesce(func.sum(LedgerLeg.amount), 0))
        .join_from(LedgerLeg, t, t.id == LedgerLeg.transaction_id)
        .where(
            LedgerLeg.account == kinds.refundable(hold.organisation_id),
            ((t.cause_type == "payment_command") & t.cause_id.in_(commands))
            | ((t.cause_type == "dispute") & t.cause_id.in_(disputes)),
        )
    )
    return max(0, -int(booked or 0))


def from_client(uow: UnitOfWork, hold: Hold, funding: str, amount: int) -> Legs:
    """The legs of ``amount`` that has left, for the client, what ``funding`` brought.

    It takes what was to go back to them first: nobody owes and is owed the same money. They owe the rest.
    """
    part = min(amount, to_give_back(uow.session, hold, funding))
    client = hold.organisation_id
    return [(kinds.refundable(client), part), (kinds.receivable(client), amount - part)]


def tell(uow: UnitOfWork, hold: Hold, name: str, **payload: Any) -> None:
    """Emit the event ``name`` about ``hold`` and write it to the audit log."""
    uow.emit(name, hold.id, contract=hold.contract_id, organisation=hold.organisation_id,
             freelancer=hold.freelancer_id, **payload)  # fmt: skip
    uow.audit(name, hold.id, **payload)


def amounts_of(hold: Hold) -> Amounts:
    """The amounts of a hold as agreed."""
    return Amounts(
        hold.currency, hold.work, hold.work_tax, hold.client_fee, hold.client_fee_tax, hold.freelancer_fee,
        hold.freelancer_fee_tax,
    )  # fmt: skip


def gone_back(session: Session, hold: Hold) -> Amounts:
    """What of each amount of the hold has gone back to the client so far."""
    found = Amounts(hold.currency)
    columns = [getattr(HoldReturn, name) for name in PARTS]
    for row in session.execute(select(*columns).where(HoldReturn.hold_id == hold.id)):
        found = plus(found, Amounts(hold.currency, *row))
    return found


def left_of(session: Session, hold: Hold) -> Amounts:
    """What is left of the amounts of the hold: as agreed, less what has gone back."""
    return minus(amounts_of(hold), gone_back(session, hold))


def record_return(
    uow: UnitOfWork, hold: Hold, parts: Amounts, *, cause: tuple[str, str], released: bool = False
) -> None:
    """Keep what of each amount went back by ``cause``, and let the course have its papers written (L12)."""
    uow.session.execute(
        insert(HoldReturn).values(
            id=new_id(), hold_id=hold.id, cause_type=cause[0], cause_id=cause[1], at=uow.now,
            **{name: getattr(parts, name) for name in PARTS},
        )
    )  # fmt: skip
    uow.ports.get(Course).gone_back(uow, hold.id, cause, parts, released=released)
