"""Reads of subscriptions and their bills."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

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
    """What one period cost, before tax; ``credit`` was taken off for what was left of the plan before."""

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
    return [
        BillRow(
            b.id, b.subscription_id, kind, who, b.plan, Money(b.amount, b.currency), Money(b.credit, b.currency),
            b.period_start, b.period_end, b.state, b.due_at,
        )
        for b, kind, who in session.execute(query)
    ]  # fmt: skip


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
