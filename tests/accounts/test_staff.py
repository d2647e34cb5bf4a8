"""Staff: invited by who manages it, and one admin always stays (S11)."""

from collections.abc import Callable
from typing import Any

import pytest

from marketwright.features.accounts import queries, service
from marketwright.features.accounts.permissions import PERMISSIONS, ROLES, permissions_of, roles_with
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.store.database import Database

Do = Callable[..., Any]


def test_an_admin_may_do_everything_and_an_auditor_only_read() -> None:
    assert permissions_of(frozenset({"admin"})) == frozenset(PERMISSIONS)
    assert all(p.endswith(".read") for p in permissions_of(frozenset({"auditor"})))


def test_every_permission_is_held_by_some_role_and_unknown_roles_hold_none() -> None:
    assert all(roles_with(p) for p in PERMISSIONS)
    assert permissions_of(frozenset({"king"})) == frozenset()


def test_an_invitation_makes_the_first_admin(do: Do, database: Database) -> None:
    invitation = do(service.invite_staff, email="ada@example.org", roles=["admin", "finance"])
    account = do(
        service.accept_as_new, invitation=invitation, name="Ada", password="correct horse battery", locale="en"
    )
    with database.reading() as session:
        (row,) = queries.staff(session)
    assert (row.account, row.roles) == (account, ("admin", "finance"))


@pytest.mark.parametrize("role", [r for r in ROLES if r != "admin"])
def test_only_admins_invite_staff(role: str, do: Do, make_person: Callable[..., str], acting: Any) -> None:
    with pytest.raises(NotAllowed):
        do(service.invite_staff, by=acting(make_person(), staff=(role,)), email="x@example.org", roles=["support"])


def test_the_last_admin_stays_one(do: Do, make_person: Callable[..., str], acting: Any) -> None:
    ada, bob = make_person("Ada Admin"), make_person("Bob Admin")
    by = acting(ada, staff=("admin",))
    do(service.join_staff, account=ada, roles=["admin"])
    with pytest.raises(Conflict):
        do(service.change_staff, by=by, account=ada, roles=["support"])
    do(service.join_staff, account=bob, roles=["admin"])
    do(service.change_staff, by=by, account=ada, roles=[])
    with pytest.raises(Conflict):
        do(service.change_staff, by=by, account=bob, roles=[])


def test_a_suspended_admin_does_not_count_as_one_who_stays(
    do: Do, make_person: Callable[..., str], acting: Any
) -> None:
    ada, bob = make_person("Ada Admin"), make_person("Bob Admin")
    for account in (ada, bob):
        do(service.join_staff, account=account, roles=["admin"])
    by = acting(ada, staff=("admin",))
    do(service.suspend, by=by, account=bob, reason="Left the company.")
    with pytest.raises(Conflict):
        do(service.change_staff, by=by, account=ada, roles=[])


@pytest.mark.parametrize("roles", [[], ["support"]])
def test_whom_a_former_admin_invited_does_not_join_the_staff(
    roles: list[str], do: Do, make_person: Callable[..., str], acting: Any
) -> None:
    ada, bob = make_person("Ada Admin"), make_person("Bob Admin")
    for account in (ada, bob):
        do(service.join_staff, account=account, roles=["admin"])
    invitation = do(service.invite_staff, by=acting(bob, staff=("admin",)), email="dan@example.org", roles=["admin"])
    do(service.change_staff, by=acting(ada, staff=("admin",)), account=bob, roles=roles)
    with pytest.raises(Conflict):
        do(service.accept_invitation, invitation=invitation, account=make_person("Dan"))


def test_a_role_that_is_none_is_refused(do: Do, make_person: Callable[..., str]) -> None:
    with pytest.raises(InvalidInput):
        do(service.invite_staff, email="x@example.org", roles=["king"])
    with pytest.raises(NotFound):
        do(service.change_staff, account=make_person(), roles=["support"])
