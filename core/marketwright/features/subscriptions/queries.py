"""Reads of subscriptions and their bills."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.invoicing.settled import debts
from marketwright.features.ledger.kinds import receivable
from marketwright.features.subscriptions.tables import Subscription, SubscriptionBill
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.settings.offers import Plan, PlanEntitlement

BILL = "subscription_bill"  # the cause of what the ledger books and invoicing issues


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One subscription; ``plan`` is as it was when the period began."""

    id: str
    owner_kind: str
    owner: str
    plan: Plan
    next_plan: str
    state: str
    period_start: datetime
    period_end: datetime
    grace_until: datetime | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class BillRow:
    """What one period cost, before tax; ``credit`` was taken off for what was left of the plan before.

    ``state`` is ``paid`` or ``given_up`` from the moment on at which the ledger says so.
    """

    id: str
    subscription: str
    owner_kind: str
    owner: str
    plan: str
    amount: Money
    credit: Money
    period_start: datetime
    period_end: datetime
    state: str
    due_at: datetime


def plan_of(terms: dict[str, Any]) -> Plan:
    """The plan that a subscription keeps."""
    return Plan(**{**terms, "entitlements": tuple(PlanEntitlement(**e) for e in terms["entitlements"])})


def _row(s: Subscription) -> SubscriptionRow:
    return SubscriptionRow(
        s.id, s.owner_kind, s.owner_id, plan_of(s.terms), s.next_plan, s.state, s.period_start, s.period_end,
        s.grace_until, s.started_at,
    )  # fmt: skip


def current(session: Session, owner: str) -> SubscriptionRow | None:
    """The subscription of ``owner`` that has not ended."""
    row = session.scalar(select(Subscription).where(Subscription.owner_id == owner, Subscription.state != "ended"))
    return _row(row) if row else None


def running(session: Session) -> list[SubscriptionRow]:
    """Every subscription that has not ended, the newest first."""
    rows = session.scalars(
        select(Subscription).where(Subscription.state != "ended").order_by(Subscription.started_at.desc())
    )
    return [_row(row) for row in rows]


def bills(session: Session, *, owner: str = "", states: Sequence[str] = (), limit: int = 50) -> list[BillRow]:
    """Bills of plans, the newest first; of one owner, or in some states."""
    query = (
        select(SubscriptionBill, Subscription.owner_kind, Subscription.owner_id)
        .join(Subscription, Subscription.id == SubscriptionBill.subscription_id)
        .order_by(SubscriptionBill.due_at.desc(), SubscriptionBill.number.desc())
        .limit(limit)
    )
    if owner:
        query = query.where(Subscription.owner_id == owner)
    if states:
        query = query.where(SubscriptionBill.state.in_(states))
    found = session.execute(query).all()
    said = settled(session, {receivable(who) for b, _kind, who in found if b.state == "open"})
    rows = [
        BillRow(
            b.id, b.subscription_id, kind, who, b.plan, Money(b.amount, b.currency), Money(b.credit, b.currency),
            b.period_start, b.period_end, said.get(b.id, b.state), b.due_at,
        )
        for b, kind, who in found
    ]  # fmt: skip
    return [row for row in rows if not states or row.state in states]


def settled(session: Session, accounts: Collection[str]) -> dict[str, str]:
    """Of each bill on ``accounts`` whose debt is settled: ``paid``, or ``given_up`` where it was not by money alone."""
    return {
        debt.cause[1]: "paid" if all(part.money for part in debt.parts) else "given_up"
        for debt in debts(session, accounts) if debt.cause[0] == BILL and not debt.left
    }  # fmt: skip


def carried(session: Session, owner: str, currency: str) -> Money:
    """What ``owner`` paid for an earlier plan and the next bill takes off: the last bill says so."""
    b = SubscriptionBill
    found = session.scalar(
        select(b.carried)
        .join(Subscription, Subscription.id == b.subscription_id)
        .where(Subscription.owner_id == owner, b.currency == currency)
        .order_by(Subscription.started_at.desc(), b.number.desc())
        .limit(1)
    )
    return Money(found or 0, currency)


def due(session: Session, now: datetime) -> list[str]:
    """Subscriptions whose period, grace or bill is over: what the periodic job looks at."""
    late = select(SubscriptionBill.subscription_id).where(
        SubscriptionBill.state == "open", SubscriptionBill.due_at <= now
    )
    query = select(Subscription.id).where(
        Subscription.state != "ended",
        (Subscription.period_end <= now) | (Subscription.grace_until <= now) | Subscription.id.in_(late),
    )
    return list(session.scalars(query))
