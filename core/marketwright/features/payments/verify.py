"""Findings about holds and commands, for ``ledger verify``: E1, E2, E5, E7, C8, E14."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.features.ledger.verify import Finding
from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.booking import amounts_of
from marketwright.features.payments.tables import (
    SETTLED_STATES,
    CommandState,
    Hold,
    PaymentCommand,
    PaymentDispute,
    Unmatched,
)
from marketwright.store.triggers import missing_triggers
from marketwright.strategies.processes import HoldState

DAY = timedelta(days=1)
STUCK = timedelta(hours=1)  # machine time, outside a payment page
_HOLDING = (HoldState.FUNDED, HoldState.RELEASING, HoldState.REFUNDING, HoldState.SPLITTING)


def verify(session: Session, *, now: datetime | None = None) -> list[Finding]:
    """Every finding about holds and commands; ``now`` is machine time, for what is stuck."""
    waiting = [*_stuck(session, now), *_unmatched(session, now)]
    return [*_triggers(session), *_holds(session), *_commands(session), *waiting]


def _triggers(session: Session) -> Iterator[Finding]:
    for name in missing_triggers(session.connection()):
        if name.startswith(("holds_", "payment_")):
            yield Finding("E4", f"trigger {name}", "is not in the database: what it guards is unguarded")


def _holds(session: Session) -> Iterator[Finding]:
    booked = _booked(session)
    for hold in session.scalars(select(Hold).order_by(Hold.created_at, Hold.id)):
        where = f"holds {hold.id}"
        gone = hold.paid - hold.reclaimed + hold.fees + hold.fee_taxes + hold.refunded + hold.dispute_lost
        if hold.funded != hold.held + gone:
            yield Finding("E1", where, f"{hold.funded} came in, {hold.held + gone} is accounted for")
        if not 0 <= hold.held <= hold.funded or (hold.state == HoldState.SETTLED and hold.held):
            yield Finding("E2", where, f"holds {hold.held} of {hold.funded} while {hold.state}")
        if hold.state in _HOLDING and hold.held + hold.dispute_lost != amounts_of(hold).client_pays:
            yield Finding("E2", where, f"holds {hold.funded} where {amounts_of(hold).client_pays} was agreed")
        if not hold.paid_out <= hold.paying_out <= hold.paid - hold.withheld:
            yield Finding("E7", where, f"pays out {hold.paying_out} of the {hold.paid} that it released")
        if hold.refunded + hold.refunding + hold.dispute_lost > hold.funded:
            yield Finding("E7", where, f"gives back more than the {hold.funded} that came in")
        yield from _against_ledger(hold, booked.get(hold.id, {}), amounts_of(hold))


def _booked(session: Session) -> dict[str, dict[str, int]]:
    """By hold and kind of account: what was booked of each hold, minor units, credit above zero."""
    found: dict[str, dict[str, int]] = {}
    t = LedgerTransaction
    ways: tuple[tuple[str, Any, Any], ...] = (
        ("payment_command", PaymentCommand.hold_id, PaymentCommand.id),
        ("dispute", PaymentDispute.hold_id, PaymentDispute.id),
        ("hold", Hold.id, Hold.id),
    )
    for cause, hold_id, key in ways:
        rows = session.execute(
            select(hold_id, LedgerLeg.kind, func.sum(LedgerLeg.amount))
            .join_from(LedgerLeg, t, t.id == LedgerLeg.transaction_id)
            .join(key.class_, key == t.cause_id)
            .where(t.cause_type == cause, LedgerLeg.kind.in_(("hold", "payable", "revenue", "vat_collected")))
            .group_by(hold_id, LedgerLeg.kind)
        )
        for hold, kind, amount in rows:
            mine = found.setdefault(str(hold), {})
            mine[kind] = mine.get(kind, 0) - int(amount)
    return found


def _against_ledger(hold: Hold, booked: dict[str, int], amounts: Amounts) -> Iterator[Finding]:
    expected = {"hold": hold.held, "payable": hold.paid - hold.paid_out - hold.withheld, "revenue": hold.fees,
                "vat_collected": hold.fee_taxes}  # fmt: skip
    for kind, amount in expected.items():
        if booked.get(kind, 0) != amount:
            yield Finding(
                "E1", f"holds {hold.id}",
                f"says {amount} on {kind} ({amounts.currency}), the ledger says {booked.get(kind, 0)}",
            )  # fmt: skip


def _commands(session: Session) -> Iterator[Finding]:
    booked = set(
        session.scalars(
            select(LedgerTransaction.cause_id).where(LedgerTransaction.cause_type == "payment_command").distinct()
        )
    )
    for command, state in session.execute(select(PaymentCommand.id, PaymentCommand.state)):
        if (state == CommandState.CONFIRMED) != (command in booked):
            said = "is confirmed and not booked" if command not in booked else "is booked and not confirmed"
            yield Finding("E5", f"payment_commands {command}", said)


def _stuck(session: Session, now: datetime | None) -> Iterator[Finding]:
    if now is None:
        return
    rows = session.execute(
        select(PaymentCommand.id, PaymentCommand.kind, PaymentCommand.state, PaymentCommand.created_at).where(
            PaymentCommand.state.not_in((*SETTLED_STATES, CommandState.PAGE)),
            PaymentCommand.given_up_at.is_(None), PaymentCommand.created_at < now - STUCK,
        )
    )  # fmt: skip
    for command, kind, state, since in rows:
        hours = (now - since).total_seconds() / 3600
        yield Finding("C8", f"payment_commands {command}", f"a {kind} is {state} for {hours:.0f} h", grave=False)


def _unmatched(session: Session, now: datetime | None) -> Iterator[Finding]:
    if now is None:
        return
    rows = session.execute(
        select(Unmatched.id, Unmatched.provider, Unmatched.what, Unmatched.why).where(
            Unmatched.settled_at.is_(None), Unmatched.first_seen < now - DAY
        )
    )
    for row, provider, what, why in rows:
        yield Finding("E14", f"payment_unmatched {row}", f"{provider}: {what} does not match for a day ({why})",
                      grave=False)  # fmt: skip
