"""Who runs the marketplace: staff roles, given by invitation, changed by admins. One admin always stays."""

from collections.abc import Sequence

from sqlalchemy import select

from marketwright.features.accounts import events
from marketwright.features.accounts.permissions import ROLES, permissions_of
from marketwright.features.accounts.rights import need
from marketwright.features.accounts.tables import Account, Invitation, Staff
from marketwright.features.accounts.withdrawing import withdraw_open
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork


def checked_staff_roles(roles: Sequence[str]) -> list[str]:
    """``roles`` in their usual order, each once; raises ``InvalidInput`` for none or an unknown one."""
    if not roles or set(roles) - set(ROLES):
        raise InvalidInput({"roles": [say("Choose at least one of: %(roles)s.", roles=", ".join(ROLES))]})
    return [r for r in ROLES if r in roles]


def join_staff(uow: UnitOfWork, *, account: str, roles: Sequence[str]) -> None:
    """Give ``account`` staff roles, besides those it has. Checks nothing of the actor: an invitation did."""
    wanted = checked_staff_roles(roles)
    row = uow.session.get(Staff, account)
    if row is None:
        row = Staff(account_id=account, roles=wanted, since=uow.now)
        uow.session.add(row)
    else:
        row.roles = checked_staff_roles([*row.roles, *wanted])
    uow.flush()
    uow.emit(events.STAFF_JOINED, account)
    uow.audit("staff.joined", account, roles=wanted)


def change_staff(uow: UnitOfWork, *, account: str, roles: Sequence[str]) -> None:
    """Give a person of the staff other roles, or none; needs ``staff.manage``. The last admin stays one (S11).

    Whom somebody has invited who may no longer do so does not join.
    """
    need(uow.actor, "staff.manage")
    row = uow.session.get(Staff, account)
    if row is None:
        raise NotFound("This person is not of the staff.")
    wanted = checked_staff_roles(roles) if roles else []
    if "admin" in row.roles and "admin" not in wanted:
        _other_admin(uow, account)
    before = list(row.roles)
    row.roles = wanted
    if "staff.manage" not in permissions_of(frozenset(wanted)):
        withdraw_open(uow, Invitation.kind == "staff", Invitation.invited_by == account)
    uow.emit(events.STAFF_CHANGED, account)
    uow.audit("staff.changed", account, before=before, roles=wanted)


def _other_admin(uow: UnitOfWork, account: str) -> None:
    rows = uow.session.execute(
        select(Staff.account_id, Staff.roles, Account.suspended_at)
        .join(Account, Account.id == Staff.account_id)
        .with_for_update()
    )
    if not any("admin" in r.roles and r.suspended_at is None for r in rows if r.account_id != account):
        raise Conflict("The marketplace keeps at least one admin. Make somebody else an admin first.", state="admin")
