"""Reconciliation without a gap: window after window, from the first payment on, however long nobody looked.

A run does some of it and the next one goes on; what does not match yet is looked at again by itself.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.inbox.ports import HouseLike
from marketwright.features.payments.ports import Fence
from marketwright.features.payments.reconciling import reconcile
from marketwright.features.payments.tables import PaymentCommand, Reconciliation, Unmatched
from marketwright.features.payments.unmatched import Report

AGAIN = timedelta(hours=1)  # what is looked at twice: a provider lists some things late
WINDOW, LEAST = timedelta(days=7), timedelta(hours=1)  # of one step, at most and at least
MOST_STEPS, MOST_OLD = 8, 5  # of one run
LATE = timedelta(hours=2)  # behind by more than this: still catching up
_EMPTY = timedelta(days=3)


def catch_up(house: HouseLike, provider: str, now: datetime, *, fence: Fence | None = None) -> bool:
    """Go on from where the last run came to, and look again at what does not match; whether all is done up to ``now``.

    Called with no unit of work open; machine time. A step is as long as the last ones let it be: where a provider
    could not list one in its time, the next run tries a quarter of it. Balances that were not told once are not asked
    for again in the same run: a call that hangs may still hang.
    """
    unbalanced = ""
    with house.database.reading() as session:
        since, old = start_of(session, provider, now), list(_old(session, provider))
        window = window_of(session, provider)
    for at in old:
        if at < since:
            report = reconcile(house, provider, at - AGAIN, min(at + AGAIN, now), fence=fence, unbalanced=unbalanced)
            unbalanced = unbalanced or report.unbalanced
    for _ in range(MOST_STEPS):
        report = reconcile(house, provider, since, min(since + window, now), fence=fence, unbalanced=unbalanced)
        unbalanced = unbalanced or report.unbalanced
        since, window = report.until, min(window * 2, WINDOW)
        if report.trouble or since >= now:
            return not report.trouble
    return False


def through(house: HouseLike, provider: str, since: datetime, until: datetime) -> Iterator[Report]:
    """The whole of a window, step by step, each tried with shorter ones before its ``trouble`` is told and ends it."""
    window, unbalanced = WINDOW, ""
    while since < until:
        report = reconcile(house, provider, since, min(since + window, until), unbalanced=unbalanced)
        unbalanced = unbalanced or report.unbalanced
        tried = min(window, until - since)
        if report.trouble and tried > LEAST:
            window = max(LEAST, tried / 4)
            continue
        yield report
        if report.trouble:
            return
        since = report.until


def start_of(session: Session, provider: str, now: datetime) -> datetime:
    """From when the next run looks: an hour before where the last ones have come to, or on from there if far behind."""
    reached = worked_through(session, provider)
    if reached is None:
        first = _first(session, provider)
        return first - AGAIN if first else now - _EMPTY
    return min(reached, now) - AGAIN if now - reached < LATE else reached


def window_of(session: Session, provider: str) -> timedelta:
    """How much the next step takes: twice what the last one could do in its time, a quarter of what it could not."""
    r = Reconciliation
    last = session.execute(
        select(r.since, r.until, r.trouble).where(r.provider == provider).order_by(r.at.desc()).limit(1)
    ).first()
    if last is None:
        return WINDOW
    length: timedelta = last.until - last.since
    return max(LEAST, length / 4 if last.trouble else min(length * 2, WINDOW))


def worked_through(session: Session, provider: str) -> datetime | None:
    """Up to when everything has been compared, without a gap since the first payment; ``None`` before the first run."""
    r = Reconciliation
    rows = session.execute(
        select(r.since, r.until).where(r.provider == provider, r.trouble == "").order_by(r.since)
    ).all()  # fmt: skip
    reached = _first(session, provider)
    if not rows or reached is None:
        return max((until for _, until in rows), default=None)
    begun = False
    for since, until in rows:
        if since <= reached:
            reached, begun = max(reached, until), True
    return reached if begun else None


def behind(session: Session, provider: str, now: datetime) -> datetime | None:
    """Up to when everything has been compared, while that is long ago; ``None`` when it is up to date."""
    reached = worked_through(session, provider)
    if reached is None:
        return None
    return reached if now - reached > LATE else None


def _first(session: Session, provider: str) -> datetime | None:
    """When the first thing was asked of the provider."""
    return session.scalar(select(func.min(PaymentCommand.created_at)).where(PaymentCommand.provider == provider))


def _old(session: Session, provider: str) -> Iterator[datetime]:
    """When the things happened that do not match yet; those that were looked at longest ago."""
    u = Unmatched
    yield from session.scalars(
        select(u.first_seen)
        .where(u.provider == provider, u.settled_at.is_(None), u.what.like("fact:%") | u.what.like("command:%"))
        .order_by(u.last_seen)
        .limit(MOST_OLD)
    )
