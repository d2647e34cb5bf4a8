"""Subscribing to a plan, going up at once, going down at the end of the period, and what an unpaid bill leads to."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, select

from marketwright.features.accounts.queries import account
from marketwright.features.accounts.rights import need, need_role
from marketwright.features.entitlements import service as entitlements
from marketwright.features.invoicing.due import Item
from marketwright.features.invoicing.own import issue_own, receive_own
from marketwright.features.invoicing.settled import debt_of
from marketwright.features.ledger.kinds import receivable
from marketwright.features.subscriptions import events
from marketwright.features.subscriptions.periods import period_after, unused
from marketwright.features.subscriptions.queries import BILL, carried, due, plan_of, settled
from marketwright.features.subscriptions.tables import Subscription, SubscriptionBill
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import N_, say
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.offers import Plan
from marketwright.store.unit import UnitOfWork

SIDES = {"freelancer": "freelancer", "organisation": "client"}
NONE = "none"  # what follows a subscription that was stopped
PERMISSION = "pricing.change"


def subscribe(uow: UnitOfWork, *, owner_kind: str, owner: str, plan: str) -> str:
    """Subscribe ``owner`` to ``plan`` from now on; returns the subscription's id. The first period is billed at once.

    Raises ``InvalidInput`` for a plan that is not offered, ``Conflict`` where one runs, ``GateClosed`` without a legal
    identity, and ``Unavailable`` where nobody knows the tax.
    """
    _check_owner(uow, owner_kind, owner)
    chosen = _offered(uow, plan, owner_kind)
    if _open(uow, owner) is not None:
        raise Conflict("A plan is running already; change it instead.", state="active")
    row = Subscription(
        id=new_id(), owner_kind=owner_kind, owner_id=owner, plan=chosen.name, terms=asdict(chosen),
        next_plan=chosen.name, state="active", period_start=uow.now,
        period_end=period_after(uow.now, chosen.months, uow.now.day), anchor_day=uow.now.day, started_at=uow.now,
        started_by=uow.actor.label, end_reason="", version=1,
    )  # fmt: skip
    uow.session.add(row)
    uow.flush()
    _begin(uow, row, chosen)
    uow.emit(events.STARTED, row.id, plan=chosen.name, owner=owner)
    uow.audit("subscription.started", row.id, plan=chosen.name, owner=owner)
    return row.id


def change(uow: UnitOfWork, *, owner_kind: str, owner: str, plan: str) -> str:
    """Go over to another plan: ``now`` where it is a higher one, ``later`` (at the period's end) where it is lower.

    What is left of the period counts against the new price, and what is more against the bills after it. The plan that
    runs takes back a change.
    """
    _check_owner(uow, owner_kind, owner)
    row = _need_open(uow, owner)
    if plan == row.plan:
        row.next_plan = row.plan
        _touch(uow, row, "kept")
        return "kept"
    chosen = _offered(uow, plan, owner_kind)
    ranks = [p.name for p in uow.ports.get(Marketplace).subscriptions.of(chosen.side)]
    lower = row.plan in ranks and ranks.index(chosen.name) < ranks.index(row.plan)
    if lower:
        row.next_plan = chosen.name
        _touch(uow, row, "later")
        return "later"
    if row.state == "grace":
        raise Conflict("A bill of this plan is late. Pay it first, then change.", state="grace")
    _upgrade(uow, row, chosen)
    return "now"


def _upgrade(uow: UnitOfWork, row: Subscription, chosen: Plan) -> None:
    credit = unused(_minor(uow, plan_of(row.terms)), row.period_start, row.period_end, uow.now)
    _note_settled(uow, row)
    if credit > _minor(uow, chosen) and _owes_period(uow, row):
        raise Conflict("More is left of this period than the other plan costs, and its bill is not paid yet. Pay it "
                       "first, then change.", state=row.state)  # fmt: skip
    entitlements.end(uow, source=row.id, at=uow.now)
    row.plan, row.terms, row.next_plan = chosen.name, asdict(chosen), chosen.name
    row.anchor_day, row.period_start = uow.now.day, uow.now
    row.period_end = period_after(uow.now, chosen.months, row.anchor_day)
    _begin(uow, row, chosen, credit=credit)
    _touch(uow, row, "now")
    uow.emit(events.CHANGED, row.id, plan=chosen.name, owner=row.owner_id)


def _owes_period(uow: UnitOfWork, row: Subscription) -> bool:
    """Whether a bill of the period that runs is not paid: what is not paid is not kept for later bills."""
    b = SubscriptionBill
    mine = b.subscription_id == row.id, b.period_end > uow.now, b.state != "paid"
    return uow.session.scalar(select(b.id).where(*mine).limit(1)) is not None


def stop(uow: UnitOfWork, *, owner_kind: str, owner: str) -> None:
    """Let the plan end with its period; until then everything stays. Taken back by choosing the plan again."""
    _check_owner(uow, owner_kind, owner)
    row = _need_open(uow, owner)
    row.next_plan = NONE
    _touch(uow, row, "stopped")


def let_end(uow: UnitOfWork, *, subscription: str) -> None:
    """Let a plan end with its period, as staff; its owner may still take that back, unless suspended."""
    need(uow.actor, PERMISSION)
    row = uow.session.get(Subscription, subscription, with_for_update=True)
    if row is None or row.state == "ended":
        raise NotFound("No plan is running.")
    row.next_plan = NONE
    _touch(uow, row, "stopped")


def mark_paid(uow: UnitOfWork, *, bill: str) -> bool:
    """Note, as staff, that a bill was paid to the marketplace's bank, and book what of it is still owed.

    A plan in grace goes on; returns whether the plan runs by now.
    """
    need(uow.actor, PERMISSION)
    row = uow.session.get(SubscriptionBill, bill, with_for_update=True)
    if row is None:
        raise NotFound("There is no such bill.")
    if row.state != "open":
        raise Conflict("This bill is closed already.", state=row.state)
    subscription = uow.session.get_one(Subscription, row.subscription_id)
    _note_settled(uow, subscription)
    if row.state == "open":
        debt = debt_of(uow.session, receivable(subscription.owner_id), row.currency, (BILL, bill))
        left = Money(debt.left if debt else 0, row.currency)
        receive_own(uow, cause_type=BILL, cause_id=bill, payer=subscription.owner_id, amount=left)
        _close(uow, subscription, row)
        uow.audit("subscription.bill_paid", bill, subscription=row.subscription_id)
    return subscription.state != "ended"


def _close(uow: UnitOfWork, subscription: Subscription, bill: SubscriptionBill, state: str = "paid") -> None:
    bill.state, bill.closed_at, bill.closed_by = state, uow.now, uow.actor.label
    uow.flush()
    if subscription.state == "grace" and not _late(uow, subscription):
        subscription.state, subscription.grace_until = "active", None
    uow.flush()


def _note_settled(uow: UnitOfWork, row: Subscription) -> None:
    """Close bills that the ledger says are settled: out of payouts, or by giving the debt up."""
    open_ones = uow.session.scalars(
        select(SubscriptionBill).where(SubscriptionBill.subscription_id == row.id, SubscriptionBill.state == "open")
    ).all()
    said = settled(uow.session, [receivable(row.owner_id)] if open_ones else [])
    for bill in open_ones:
        if bill.id in said:
            _close(uow, row, bill, said[bill.id])
            uow.audit(f"subscription.bill_{said[bill.id]}", bill.id, subscription=row.id, kept_back=True)


def look_after(uow: UnitOfWork, *, subscription: str) -> str:
    """Do what time asks of a subscription: grace for a late bill, the end after it, the next period. Late is once (C7).

    Returns what was done: ``grace``, ``ended``, ``renewed`` or ''.
    """
    row = uow.session.get(Subscription, subscription, with_for_update=True)
    if row is None or row.state == "ended":
        return ""
    settings = uow.ports.get(Marketplace).subscriptions
    _note_settled(uow, row)
    late = _late(uow, row)
    if late is not None and row.state == "active":
        row.state, row.grace_until = "grace", late.due_at + timedelta(days=settings.grace_days)
        _touch(uow, row, "grace")
        uow.emit(events.IN_GRACE, row.id, owner=row.owner_id)
    if row.state == "grace" and row.grace_until is not None:
        return _in_grace(uow, row, row.grace_until)
    return _next_period(uow, row) if row.period_end <= uow.now else ""


def _in_grace(uow: UnitOfWork, row: Subscription, until: datetime) -> str:
    """A period that ends meanwhile gives way to what follows it, as far as the grace goes; its bill waits."""
    following, why = _follows(uow, row)
    if following is None and row.period_end <= min(uow.now, until):
        return _end(uow, row, why)
    if until <= uow.now:
        return _end(uow, row, "unpaid")
    if following is not None and row.period_end <= uow.now:
        _grant(uow, row, following, starts=row.period_end, ends=until)
    return "grace"


def look_after_due(uow: UnitOfWork) -> int:
    """Every subscription that time asks something of; how many it did something for."""
    return sum(bool(look_after(uow, subscription=id_)) for id_ in due(uow.session, uow.now))


def _follows(uow: UnitOfWork, row: Subscription) -> tuple[Plan | None, str]:
    """The plan that follows the period on today's terms; ``None`` and the reason where it ends."""
    following = uow.ports.get(Marketplace).subscriptions.plan(row.next_plan)
    if row.next_plan == NONE or following is None:
        return None, "stopped" if row.next_plan == NONE else "not_offered"
    owner = account(uow.session, row.owner_id) if row.owner_kind == "freelancer" else None
    if owner is not None and owner.suspended_at is not None:
        return None, "suspended"
    return following, ""


def _next_period(uow: UnitOfWork, row: Subscription) -> str:
    """The next period; where nothing follows, the end."""
    following, why = _follows(uow, row)
    if following is None:
        return _end(uow, row, why)
    entitlements.end(uow, source=row.id, at=uow.now)
    row.plan, row.terms, row.next_plan = following.name, asdict(following), following.name
    row.period_start = row.period_end
    row.period_end = period_after(row.period_start, following.months, row.anchor_day)
    _begin(uow, row, following)
    _touch(uow, row, "renewed")
    uow.emit(events.RENEWED, row.id, plan=row.plan, owner=row.owner_id)
    return "renewed"


def _end(uow: UnitOfWork, row: Subscription, reason: str) -> str:
    row.state, row.ended_at, row.end_reason, row.grace_until = "ended", uow.now, reason, None
    entitlements.end(uow, source=row.id, at=uow.now)
    _touch(uow, row, f"ended {reason}")
    uow.emit(events.ENDED, row.id, plan=row.plan, owner=row.owner_id, reason=reason)
    return "ended"


def _begin(uow: UnitOfWork, row: Subscription, plan: Plan, *, credit: int = 0) -> None:
    """Grant what a period entitles to, and bill it."""
    _grant(uow, row, plan, starts=row.period_start, ends=row.period_end)
    _bill(uow, row, plan, credit)


def _grant(uow: UnitOfWork, row: Subscription, plan: Plan, *, starts: datetime, ends: datetime) -> None:
    for one in plan.entitlements:
        entitlements.grant(
            uow, owner_kind=row.owner_kind, owner=row.owner_id, name=one.name, quota=one.quota, starts=starts,
            ends=ends, source=row.id,
        )  # fmt: skip


def _bill(uow: UnitOfWork, row: Subscription, plan: Plan, credit: int) -> None:
    market = uow.ports.get(Marketplace)
    price = _minor(uow, plan)
    credit += carried(uow.session, row.owner_id, market.currency).amount
    taken_off = min(credit, price)
    due_at = uow.now + timedelta(days=market.subscriptions.due_days)
    number = uow.session.scalar(
        select(func.count()).select_from(SubscriptionBill).where(SubscriptionBill.subscription_id == row.id)
    )
    bill = SubscriptionBill(
        id=new_id(), subscription_id=row.id, number=(number or 0) + 1, plan=plan.name, amount=price - taken_off,
        credit=taken_off, carried=credit - taken_off, currency=market.currency, period_start=row.period_start,
        period_end=row.period_end, state="open" if price > taken_off else "paid", due_at=due_at,
        closed_by="",
    )  # fmt: skip
    uow.session.add(bill)
    uow.flush()
    if bill.amount:
        label = N_("Plan %(plan)s, from %(start)s to %(end)s")
        if taken_off:
            label = N_("Plan %(plan)s, from %(start)s to %(end)s, less what was left of the plan before")
        start, end = market.day_of(row.period_start), market.day_of(row.period_end)
        params = {"plan": plan.label_in(market.languages[0]), "start": start, "end": end}
        issue_own(
            uow, cause_type=BILL, cause_id=bill.id, buyer_kind=row.owner_kind, buyer=row.owner_id,
            lines=[Item(label, bill.amount, params=params)], currency=market.currency, due_on=market.day_of(due_at),
        )  # fmt: skip


def _late(uow: UnitOfWork, row: Subscription) -> SubscriptionBill | None:
    """The oldest bill whose day has passed."""
    query = (
        select(SubscriptionBill)
        .where(SubscriptionBill.subscription_id == row.id, SubscriptionBill.state == "open",
               SubscriptionBill.due_at <= uow.now)
        .order_by(SubscriptionBill.due_at)
        .limit(1)
    )  # fmt: skip
    return uow.session.scalar(query)


def _offered(uow: UnitOfWork, name: str, owner_kind: str) -> Plan:
    found = uow.ports.get(Marketplace).subscriptions.plan(name)
    if found is None or found.side != SIDES[owner_kind]:
        raise InvalidInput({"plan": [say("Please choose one of the plans.")]})
    return found


def _check_owner(uow: UnitOfWork, owner_kind: str, owner: str) -> None:
    if owner_kind == "organisation":
        need_role(uow.actor, owner, "finance")
    elif uow.actor.kind == "person" and uow.actor.id != owner:
        raise NotAllowed("Everybody chooses their own plan.")


def _open(uow: UnitOfWork, owner: str) -> Subscription | None:
    found = select(Subscription).where(Subscription.owner_id == owner, Subscription.state != "ended")
    return uow.session.scalar(found.with_for_update())


def _need_open(uow: UnitOfWork, owner: str) -> Subscription:
    row = _open(uow, owner)
    if row is None:
        raise NotFound("No plan is running.")
    return row


def _minor(uow: UnitOfWork, plan: Plan) -> int:
    unit: int = 10 ** exponent(uow.ports.get(Marketplace).currency)
    return plan.price * unit


def _touch(uow: UnitOfWork, row: Subscription, how: str) -> None:
    row.version += 1
    uow.flush()
    uow.audit("subscription.changed", row.id, how=how, plan=row.plan, next_plan=row.next_plan)
