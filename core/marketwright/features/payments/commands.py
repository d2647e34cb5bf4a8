"""Command rows: how they are written, and how they are asked."""

from datetime import datetime

from sqlalchemy import insert, select, update

from marketwright.features.ledger.owing import one_at_a_time
from marketwright.features.payments.booking import to_give_back
from marketwright.features.payments.debts import to_reclaim
from marketwright.features.payments.tables import SETTLED_STATES, CommandState, Hold, PaymentCommand
from marketwright.kernel.errors import Conflict
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Command, CommandKind

COMMAND_JOB = "payments.command"


def write_command(
    uow: UnitOfWork, *, command: str, hold: str | None, kind: CommandKind, provider: str, currency: str, amount: int,
    cause: str, by: str, fee: int = 0, refund: int = 0, funding: str = "", stray: bool = False,
    expires_at: datetime | None = None, after_release: bool = False, reclaim: int = 0, arrival: str = "",
) -> str:  # fmt: skip
    """Write the row of a command and the wake-up for its worker; the caller has moved the hold in this unit."""
    now = uow.machine_now
    uow.session.execute(
        insert(PaymentCommand).values(
            id=command, hold_id=hold, kind=kind, state=CommandState.PENDING, provider=provider, currency=currency,
            amount=amount, fee=fee, refund=refund, funding=funding, stray=stray, after_release=after_release,
            reclaim=reclaim, reclaimed=0, arrival=arrival, cause=cause, ordered_by=by, expires_at=expires_at,
            at=uow.now, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    uow.job(COMMAND_JOB, key=command, command=command)
    return command


def give_back_the_rest(uow: UnitOfWork, hold: Hold, funding: str) -> None:
    """What is left of money that came too late by ``funding``, and was refused to go back, goes by a new command (E6).

    Nothing where one is under way or done, nor of money that was held.
    """
    c, rest = PaymentCommand, to_give_back(uow.session, hold, funding)
    before = uow.session.scalars(select(c).where(c.hold_id == hold.id, c.funding == funding, c.stray)).all()
    if rest and before and all(command.state == CommandState.FAILED for command in before):
        write_command(
            uow, command=new_id(), hold=hold.id, kind=CommandKind.REFUND, provider=before[0].provider,
            currency=hold.currency, amount=rest, cause=before[0].cause, by=before[0].ordered_by, funding=funding,
            stray=True,
        )  # fmt: skip


def wake(uow: UnitOfWork, hold: str) -> None:
    """Let whatever of a hold is under way be looked at now: what it waited for may be over."""
    c = PaymentCommand
    waiting = select(c.id).where(c.hold_id == hold, c.state.not_in(SETTLED_STATES), c.given_up_at.is_(None))
    for command in uow.session.scalars(waiting).all():
        uow.job(COMMAND_JOB, key=f"{command}:now", command=command)  # beside a wake-up that comes later


def reserve_payout(uow: UnitOfWork, hold: Hold, *, cause: str, by: str) -> str:
    """Take what is free of what a hold has paid the freelancer for one payout, and return the command's id (E7).

    What they owe was kept back before; what of it still lies on their balance at the provider comes back first.
    ``Conflict`` when nothing is free, or the money is frozen, disputed or going back. Of two payouts of a freelancer at
    the same moment one alone takes back what is to come back.
    """
    one_at_a_time(uow, hold.freelancer_id)
    uow.session.refresh(hold)
    amount = hold.paid - hold.paying_out - hold.withheld
    taken = uow.session.execute(
        update(Hold)
        .where(
            Hold.id == hold.id, Hold.paying_out + Hold.withheld + amount <= Hold.paid, Hold.disputes == 0,
            Hold.frozen.is_(False), Hold.refunding == 0,
        )
        .values(paying_out=Hold.paying_out + amount)
        .returning(Hold.id)
    ).first() if amount > 0 else None  # fmt: skip
    if taken is None:
        raise Conflict("The {freelancer} has been paid this money already, or it is frozen.")
    return write_command(
        uow, command=new_id(), hold=hold.id, kind=CommandKind.PAYOUT, provider=hold.provider, currency=hold.currency,
        amount=amount, cause=cause, by=by,
        reclaim=to_reclaim(uow, hold.freelancer_id, hold.currency, hold.provider),
    )  # fmt: skip


def asked(row: PaymentCommand, hold: Hold | None, *, return_to: str) -> Command:
    """The command as its provider hears it; without a hold it gives an arrival back."""
    return Command(
        key=row.id, kind=CommandKind(row.kind), hold=row.hold_id or "", amount=Money(row.amount, row.currency),
        of=row.funding, payer=hold.organisation_id if hold else "", payee=hold.freelancer_id if hold else "",
        fee=row.fee, refund=row.refund, describe=hold.describe if hold else "", return_to=return_to,
        created=row.created_at, reclaim=row.reclaim, arrival=row.arrival, reference=row.reference,
    )  # fmt: skip
