"""Verdicts that end: people are told before; at the end gates close for new deals, and running ones go on."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import insert, select

from marketwright.features.vetting import events, queries
from marketwright.features.vetting.proofs import refresh
from marketwright.features.vetting.tables import ExpiryMark
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.vetting import VettingCheck

TOLD_BEFORE = VettingCheck.remind_days
ENDED = 0
MOST_AT_ONCE = 500


def expire(uow: UnitOfWork, remind: Mapping[str, tuple[int, ...]] = MappingProxyType({})) -> int:
    """Tell of verdicts that end soon, and close what has ended; returns how many were told of.

    ``remind`` gives the days before the end by check; 30, 7 and 1 where it names none.
    """
    first = max((TOLD_BEFORE[0], *(d for days in remind.values() for d in days)))
    told = 0
    for soon in _parts(uow, uow.now + timedelta(days=first)):
        told += _told(uow, soon, remind)
        if told >= MOST_AT_ONCE:
            break  # the worker is back in minutes
    return told


def _parts(uow: UnitOfWork, before: datetime) -> Iterator[list[queries.Stands]]:
    """All that ends before ``before``, part by part: what was told of already stays in the way of none behind it."""
    after = None
    while soon := queries.ending(uow.session, before, after=after):
        yield soon
        assert soon[-1].expires is not None
        after = (soon[-1].expires, soon[-1].id)


def _told(uow: UnitOfWork, soon: list[queries.Stands], remind: Mapping[str, tuple[int, ...]]) -> int:
    known, told = _marks(uow, [v.id for v in soon]), 0
    for verdict in soon:
        assert verdict.expires is not None
        days = step(verdict.expires, uow.now, remind.get(verdict.check, TOLD_BEFORE))
        if days is None or any(mark <= days for mark in known.get(verdict.id, ())):
            continue
        uow.session.execute(insert(ExpiryMark).values(verdict_id=verdict.id, days=days, at=uow.now))
        payload = {"kind": verdict.kind, "owner": verdict.owner, "check": verdict.check}
        if days == ENDED:
            refresh(uow, kind=verdict.kind, owner=verdict.owner)
            uow.emit(events.EXPIRED, verdict.id, **payload)
            uow.audit("verdict.expired", verdict.id, **payload)
        else:
            uow.emit(events.ENDING, verdict.id, days=days, **payload)
        told += 1
    return told


def step(expires: datetime, now: datetime, before: tuple[int, ...] = TOLD_BEFORE) -> int | None:
    """Which of the days ``before`` the end ``now`` has reached; 0 from the end on, ``None`` before the first."""
    if expires <= now:
        return ENDED
    left = expires - now
    reached = [days for days in before if left <= timedelta(days=days)]
    return min(reached) if reached else None


def _marks(uow: UnitOfWork, verdicts: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    rows = uow.session.execute(
        select(ExpiryMark.verdict_id, ExpiryMark.days).where(ExpiryMark.verdict_id.in_(verdicts))
    )
    for verdict, days in rows:
        found.setdefault(verdict, []).append(days)
    return found
