"""Paying the freelancer out: at once, or as soon as the gate ``be_paid`` opens. What waits is owed and stays theirs."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.ports import Gate
from marketwright.features.payments import events
from marketwright.features.payments.commands import reserve_payout
from marketwright.features.payments.destinations import cooling_until
from marketwright.features.payments.payees import is_ready
from marketwright.features.payments.ports import onboards
from marketwright.features.payments.tables import CommandState, Hold, PaymentCommand
from marketwright.kernel.errors import Conflict, Missing
from marketwright.kernel.ports import Ports
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind
from marketwright.web.formats import show_datetime

BATCH = 200
_PAYING = (CommandKind.RELEASE, CommandKind.SPLIT)


def pay_out(uow: UnitOfWork, hold: Hold, *, cause: str) -> str:
    """Reserve the payout of what is free and return its command, or tell that it waits for the gate and return ''."""
    amount = hold.paid - hold.paying_out - hold.withheld
    if amount < 1 or hold.frozen or hold.disputes or hold.refunding:
        return ""
    if missing_for(uow, hold.freelancer_id, hold.provider):
        uow.emit(events.PAYOUT_WAITS, hold.id, contract=hold.contract_id, freelancer=hold.freelancer_id)
        uow.audit(events.PAYOUT_WAITS, hold.id, amount=amount)
        return ""
    return reserve_payout(uow, hold, cause=cause, by=uow.actor.label)


def missing_for(uow: UnitOfWork, freelancer: str, provider: str = "") -> tuple[Missing, ...]:
    """What ``be_paid`` still asks of ``freelancer``, and whether the provider knows them where it must."""
    return still_missing(uow.session, uow.ports, uow.now, freelancer, provider)


def still_missing(
    session: Session, ports: Ports, now: datetime, freelancer: str, provider: str = ""
) -> tuple[Missing, ...]:
    """As :func:`missing_for`, for who only reads."""
    missing = ports.get(Gate).missing(session, "be_paid", "freelancer", freelancer)
    if provider and onboards(ports, provider) and not is_ready(session, provider, freelancer):
        label = say("What the payment provider asks before it may pay you")
        missing = (*missing, Missing("payee", label, "", "/account/getting-paid"))
    if until := cooling_until(session, freelancer, now, provider=provider or None):
        label = say("Your bank details have changed: payouts go on from %(when)s", when=show_datetime(until))
        missing = (*missing, Missing("destination", label, "", "/account/payouts"))
    return missing


def pay_what_waited(uow: UnitOfWork) -> int:
    """Reserve every payout whose gate has opened meanwhile; returns how many. A refused payout is staff's to repeat."""
    paid = 0
    for hold in uow.session.scalars(_waiting().limit(BATCH)).all():
        if not missing_for(uow, hold.freelancer_id, hold.provider):
            release = uow.session.scalar(
                select(PaymentCommand.id)
                .where(PaymentCommand.hold_id == hold.id, PaymentCommand.kind.in_(_PAYING))
                .order_by(PaymentCommand.created_at.desc())
                .limit(1)
            )
            with suppress(Conflict):  # reserved by somebody else meanwhile
                reserve_payout(uow, hold, cause=str(release or hold.id), by=uow.actor.label)
                paid += 1
    return paid


def _waiting(contract: str = "") -> Select[Hold]:
    sent = PaymentCommand.sent_at.is_not(None) | (PaymentCommand.state != CommandState.FAILED)
    asked = exists().where(PaymentCommand.hold_id == Hold.id, PaymentCommand.kind == CommandKind.PAYOUT, sent)
    found = (
        select(Hold)
        .where(
            Hold.paid > Hold.withheld, Hold.paying_out == 0, ~asked, Hold.frozen.is_(False), Hold.disputes == 0,
            Hold.refunding == 0,
        )
        .order_by(Hold.settled_at, Hold.id)
    )  # fmt: skip
    return found.where(Hold.contract_id == contract) if contract else found


def waits(session: Session, contract: str) -> bool:
    """Whether money of ``contract`` is owed to the freelancer and waits for the gate."""
    return session.scalar(_waiting(contract).with_only_columns(Hold.id).limit(1)) is not None
