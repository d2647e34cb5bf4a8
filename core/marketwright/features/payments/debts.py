"""What a freelancer owes is settled from what they are owed, before anything leaves for their bank (G1)."""

from sqlalchemy import case, func, select, update

from marketwright.features.ledger import kinds
from marketwright.features.ledger.owing import one_at_a_time
from marketwright.features.ledger.queries import raw_balance
from marketwright.features.payments.booking import book
from marketwright.features.payments.tables import CommandState, Hold, PaymentCommand
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind


def collect(uow: UnitOfWork, freelancer: str, currency: str, *, provider: str, cause: str) -> int:
    """Keep back of the freelancer's released money what they owe, oldest hold first; returns how much.

    ``cause`` (an id) makes each hold pay once for it. The books say what is owed, never a kept balance (L3).
    """
    one_at_a_time(uow, freelancer)
    owed = raw_balance(uow.session, kinds.receivable(freelancer), currency)
    kept = 0
    if owed <= 0:
        return 0
    rows = uow.session.execute(
        select(Hold.id, Hold.paid - Hold.paying_out - Hold.withheld, Hold.describe, Hold.contract_id)
        .where(
            Hold.freelancer_id == freelancer, Hold.currency == currency, Hold.provider == provider,
            Hold.paid > Hold.paying_out + Hold.withheld,
        )
        .order_by(Hold.settled_at, Hold.id)
        .with_for_update()
    ).all()  # fmt: skip
    for hold, free, memo, contract in rows:
        part = min(int(free), owed - kept)
        if part > 0:
            uow.session.execute(
                update(Hold).where(Hold.id == hold).values(withheld=Hold.withheld + part)
            )
            book(
                uow, [(kinds.payable(freelancer), part), (kinds.receivable(freelancer), -part)], cause=("hold", hold),
                effect=f"withheld:{cause}", currency=currency, memo=memo, contract=contract,
            )  # fmt: skip
            kept += part
    return kept


def to_reclaim(uow: UnitOfWork, freelancer: str, currency: str, provider: str) -> int:
    """What still lies on the freelancer's balance at the provider and is the marketplace's by now, minor units."""
    withheld = uow.session.scalar(
        select(func.coalesce(func.sum(Hold.withheld), 0)).where(
            Hold.freelancer_id == freelancer, Hold.currency == currency, Hold.provider == provider
        )
    )
    done = PaymentCommand.state == CommandState.CONFIRMED  # of what was asked, as much as the balance held
    asked = uow.session.scalar(
        select(func.coalesce(func.sum(case((done, PaymentCommand.reclaimed), else_=PaymentCommand.reclaim)), 0))
        .join(Hold, Hold.id == PaymentCommand.hold_id)
        .where(
            Hold.freelancer_id == freelancer, Hold.currency == currency, PaymentCommand.provider == provider,
            PaymentCommand.kind == CommandKind.PAYOUT, PaymentCommand.state != CommandState.FAILED,
        )
    )  # fmt: skip
    back = uow.session.scalar(
        select(func.coalesce(func.sum(PaymentCommand.reclaimed), 0))
        .join(Hold, Hold.id == PaymentCommand.hold_id)
        .where(
            Hold.freelancer_id == freelancer, Hold.currency == currency, PaymentCommand.provider == provider,
            PaymentCommand.kind == CommandKind.REFUND, PaymentCommand.state == CommandState.CONFIRMED,
        )
    )  # fmt: skip
    return max(0, int(withheld or 0) - int(asked or 0) - int(back or 0))
