"""Command rows: how they are written, and how they are asked."""

from datetime import datetime

from sqlalchemy import insert, update

from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.tables import CommandState, Hold, PaymentCommand
from marketwright.kernel.errors import Conflict
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Command, CommandKind

COMMAND_JOB = "payments.command"


def write_command(
    uow: UnitOfWork, *, command: str, hold: str, kind: CommandKind, provider: str, currency: str, amount: int,
    cause: str, by: str, fee: int = 0, refund: int = 0, funding: str = "", stray: bool = False,
    expires_at: datetime | None = None,
) -> str:  # fmt: skip
    """Write the row of a command and the wake-up for its worker; the caller has moved the hold in this unit."""
    now = uow.machine_now
    uow.session.execute(
        insert(PaymentCommand).values(
            id=command, hold_id=hold, kind=kind, state=CommandState.PENDING, provider=provider, currency=currency,
            amount=amount, fee=fee, refund=refund, funding=funding, stray=stray, cause=cause, ordered_by=by,
            expires_at=expires_at, at=uow.now, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    uow.job(COMMAND_JOB, key=command, command=command)
    return command


def reserve_payout(uow: UnitOfWork, hold: Hold, *, cause: str, by: str, amount: int) -> str:
    """Take ``amount`` of what a hold has paid the freelancer for one payout, and return the command's id (E7)."""
    taken = uow.session.execute(
        update(Hold)
        .where(Hold.id == hold.id, Hold.paying_out + amount <= Hold.paid)
        .values(paying_out=Hold.paying_out + amount)
        .returning(Hold.id)
    ).first()
    if taken is None:
        raise Conflict("The {freelancer} has been paid this money already.")
    return write_command(
        uow, command=new_id(), hold=hold.id, kind=CommandKind.PAYOUT, provider=hold.provider, currency=hold.currency,
        amount=amount, cause=cause, by=by,
    )  # fmt: skip


def amounts_of(hold: Hold) -> Amounts:
    """The amounts of a hold."""
    return Amounts(
        hold.currency, hold.work, hold.work_tax, hold.client_fee, hold.client_fee_tax, hold.freelancer_fee,
        hold.freelancer_fee_tax,
    )  # fmt: skip


def asked(row: PaymentCommand, hold: Hold, *, return_to: str) -> Command:
    """The command as its provider hears it."""
    return Command(
        key=row.id, kind=CommandKind(row.kind), hold=row.hold_id, amount=Money(row.amount, row.currency),
        of=row.funding, payer=hold.organisation_id, payee=hold.freelancer_id, fee=row.fee, refund=row.refund,
        describe=hold.describe, return_to=return_to, created=row.created_at,
    )  # fmt: skip
