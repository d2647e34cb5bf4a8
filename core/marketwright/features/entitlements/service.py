"""Granting entitlements, ending them, and using one of a quota."""

from datetime import datetime

from sqlalchemy import update

from marketwright.features.entitlements.queries import entitlements, used_for
from marketwright.features.entitlements.tables import Entitlement, EntitlementUse
from marketwright.kernel.errors import Conflict
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert


def grant(
    uow: UnitOfWork, *, owner_kind: str, owner: str, name: str, quota: int | None, starts: datetime, ends: datetime,
    source: str,
) -> None:  # fmt: skip
    """Entitle ``owner`` to ``name`` from ``starts`` to ``ends``; the same source grants it once for a start.

    Granted again, it lasts until the ``ends`` said last.
    """
    made = upsert(uow.session, Entitlement).values(
        id=new_id(), owner_kind=owner_kind, owner_id=owner, name=name, quota=quota, used=0, starts_at=starts,
        ends_at=ends, source=source,
    )  # fmt: skip
    changed = uow.session.execute(
        made.on_conflict_do_update(
            index_elements=["source", "name", "starts_at"], set_={"ends_at": ends}, where=Entitlement.ends_at != ends
        ).returning(Entitlement.id)
    ).first()
    if changed is not None:
        uow.audit("entitlement.granted", owner, name=name, source=source, until=ends.isoformat())


def end(uow: UnitOfWork, *, source: str, at: datetime) -> None:
    """End what ``source`` grants beyond ``at``; what was used stays used."""
    ended = uow.session.execute(
        update(Entitlement)
        .where(Entitlement.source == source, Entitlement.ends_at > at, Entitlement.starts_at < at)
        .values(ends_at=at)
        .returning(Entitlement.id)
    ).all()
    if ended:
        uow.audit("entitlement.ended", source, at=at.isoformat())


def use(uow: UnitOfWork, *, owner: str, name: str, subject: str) -> bool:
    """Use ``name`` for ``subject`` (a mission's id, say), once; false where the owner is not entitled to it at all.

    ``Conflict`` where the quota of this period is used up. For the same subject it is free, whatever plan it was first.
    """
    found = [row for row in entitlements(uow.session, owner, uow.now) if row.name == name]
    if found and used_for(uow.session, owner, name, subject):
        return True
    for row in found:
        taken = uow.session.execute(
            update(Entitlement)
            .where(Entitlement.id == row.id, Entitlement.quota.is_(None) | (Entitlement.used < Entitlement.quota))
            .values(used=Entitlement.used + 1)
            .returning(Entitlement.id)
        ).first()
        if taken is not None:
            uow.session.add(EntitlementUse(id=new_id(), entitlement_id=row.id, subject=subject, at=uow.now))
            uow.flush()
            return True
    if found:
        raise Conflict("Your plan has no more of these before its next period.", state="used_up")
    return False
