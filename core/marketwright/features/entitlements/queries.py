"""Reads of entitlements: what somebody has on a day, and who has something. For pricing, matching and missions."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.entitlements.tables import Entitlement, EntitlementUse
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class EntitlementRow:
    """One thing that an owner is entitled to until ``ends_at``; ``left`` is how often still (``None``: always)."""

    id: str
    name: str
    quota: int | None
    used: int
    ends_at: datetime

    @property
    def left(self) -> int | None:
        """How often it can still be used in its time."""
        return None if self.quota is None else self.quota - self.used


def entitlements(session: Session, owner: str, at: datetime) -> list[EntitlementRow]:
    """What ``owner`` (a freelancer's account or an organisation) has at ``at``, by name."""
    query = (
        select(Entitlement)
        .where(Entitlement.owner_id == owner, Entitlement.starts_at <= at, Entitlement.ends_at > at)
        .order_by(Entitlement.name, Entitlement.ends_at)
    )
    return [EntitlementRow(e.id, e.name, e.quota, e.used, e.ends_at) for e in session.scalars(query)]


def used_for(session: Session, owner: str, name: str, subject: str) -> bool:
    """Whether ``owner`` has ever used ``name`` for ``subject``, under this plan or one before."""
    used = (
        select(EntitlementUse.id)
        .join(Entitlement, Entitlement.id == EntitlementUse.entitlement_id)
        .where(Entitlement.owner_id == owner, Entitlement.name == name, EntitlementUse.subject == subject)
    )
    return session.scalar(used.limit(1)) is not None


def names(session: Session, owner: str, at: datetime) -> frozenset[str]:
    """The names alone, of what is not used up."""
    return frozenset(row.name for row in entitlements(session, owner, at) if row.left is None or row.left > 0)


def names_on(session: Session, owner: str, day: date) -> frozenset[str]:
    """The names of what ``owner`` has at some moment of ``day`` (UTC): what a quote of that day is priced by."""
    begin = datetime.combine(day, time(), UTC)
    had = (Entitlement.starts_at < begin + timedelta(days=1), Entitlement.ends_at > begin)
    return frozenset(session.scalars(select(Entitlement.name).where(Entitlement.owner_id == owner, *had)))


def holders(session: Session, name: str, at: datetime) -> frozenset[str]:
    """Everybody who has ``name`` at ``at`` and has not used it up: one statement, for placements and lists."""
    has = (Entitlement.name == name, Entitlement.starts_at <= at, Entitlement.ends_at > at)
    left = Entitlement.quota.is_(None) | (Entitlement.used < Entitlement.quota)
    return frozenset(session.scalars(select(Entitlement.owner_id).where(*has, left)))
