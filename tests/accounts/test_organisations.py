"""Organisations: who may change members, and that an owner always stays (S11)."""

from collections.abc import Callable
from typing import Any

import pytest

from marketwright.features.accounts import queries, service
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.store.database import Database

Do = Callable[..., Any]
Make = Callable[..., str]
MakeClient = Callable[..., tuple[str, str]]


@pytest.fixture
def crew(do: Do, make_client: MakeClient, make_person: Make) -> dict[str, str]:
    """An organisation with one member of each role."""
    organisation, owner = make_client()
    people = {"organisation": organisation, "owner": owner}
    for role in ("buyer", "approver", "signatory", "finance"):
        people[role] = make_person(f"{role} person")
        limit = 500_00 if role == "approver" else None
        do(service.add_member, organisation=organisation, account=people[role], roles=[role], approval_limit=limit)
    return people


def test_an_approver_reaches_up_to_their_limit_and_an_owner_any_amount(
    crew: dict[str, str], database: Database
) -> None:
    with database.reading() as session:
        small = {m.account for m in queries.approvers(session, crew["organisation"], 500_00)}
        large = {m.account for m in queries.approvers(session, crew["organisation"], 500_01)}
    assert small == {crew["owner"], crew["approver"]}
    assert large == {crew["owner"]}


def test_a_suspended_owner_does_not_count_as_one_who_stays(crew: dict[str, str], do: Do, acting: Any) -> None:
    organisation, owner = crew["organisation"], crew["owner"]
    do(service.add_member, organisation=organisation, account=crew["buyer"], roles=["owner"])
    do(service.suspend, by=acting(crew["finance"], staff=("admin",)), account=crew["buyer"], reason="Fraud.")
    with pytest.raises(Conflict):
        do(service.remove_member, by=acting(owner, organisation, "owner"), organisation=organisation, account=owner)


def test_owners_and_signatories_sign(crew: dict[str, str], database: Database) -> None:
    with database.reading() as session:
        assert {m.account for m in queries.signatories(session, crew["organisation"], "d" * 16)} == {
            crew["owner"], crew["signatory"],
        }  # fmt: skip


def test_an_owner_changes_roles_and_limits(crew: dict[str, str], do: Do, database: Database, acting: Any) -> None:
    by = acting(crew["owner"], crew["organisation"], "owner")
    do(service.change_member, by=by, organisation=crew["organisation"], account=crew["buyer"],
       roles=["approver", "buyer"], approval_limit=1000)  # fmt: skip
    with database.reading() as session:
        found = queries.member(session, crew["organisation"], crew["buyer"])
    assert found is not None
    assert (found.roles, found.limit) == (("buyer", "approver"), 1000)


@pytest.mark.parametrize("role", ["buyer", "approver", "signatory", "finance"])
def test_nobody_but_an_owner_changes_or_removes_a_member(role: str, crew: dict[str, str], do: Do, acting: Any) -> None:
    by = acting(crew[role], crew["organisation"], role)
    with pytest.raises(NotAllowed):
        do(service.change_member, by=by, organisation=crew["organisation"], account=crew[role], roles=["owner"],
           approval_limit=None)  # fmt: skip
    with pytest.raises(NotAllowed):
        do(service.remove_member, by=by, organisation=crew["organisation"], account=crew["owner"])


def test_a_stranger_finds_no_organisation(crew: dict[str, str], do: Do, make_person: Make, acting: Any) -> None:
    with pytest.raises(NotFound):
        do(service.remove_member, by=acting(make_person("Sam Stranger")), organisation=crew["organisation"],
           account=crew["owner"])  # fmt: skip


def test_the_last_owner_neither_leaves_nor_steps_down(crew: dict[str, str], do: Do, acting: Any) -> None:
    by = acting(crew["owner"], crew["organisation"], "owner")
    with pytest.raises(Conflict):
        do(service.remove_member, by=by, organisation=crew["organisation"], account=crew["owner"])
    with pytest.raises(Conflict):
        do(service.change_member, by=by, organisation=crew["organisation"], account=crew["owner"], roles=["buyer"],
           approval_limit=None)  # fmt: skip


def test_an_owner_leaves_once_there_is_another(crew: dict[str, str], do: Do, database: Database, acting: Any) -> None:
    do(service.add_member, organisation=crew["organisation"], account=crew["buyer"], roles=["owner"])
    by = acting(crew["owner"], crew["organisation"], "owner")
    do(service.remove_member, by=by, organisation=crew["organisation"], account=crew["owner"])
    with database.reading() as session:
        assert queries.member(session, crew["organisation"], crew["owner"]) is None


def test_everybody_may_leave(crew: dict[str, str], do: Do, database: Database, acting: Any) -> None:
    by = acting(crew["buyer"], crew["organisation"], "buyer")
    do(service.remove_member, by=by, organisation=crew["organisation"], account=crew["buyer"])
    with database.reading() as session:
        assert queries.member(session, crew["organisation"], crew["buyer"]) is None


@pytest.mark.parametrize("roles", [[], ["king"], ["owner", "king"]])
def test_an_unknown_role_is_refused(roles: list[str], crew: dict[str, str], do: Do, make_person: Make) -> None:
    with pytest.raises(InvalidInput):
        do(service.add_member, organisation=crew["organisation"], account=make_person(), roles=roles)


@pytest.mark.parametrize("role", ["approver", "signatory", "finance"])
def test_only_owners_and_buyers_describe_the_organisation(role: str, crew: dict[str, str], do: Do, acting: Any) -> None:
    blank: dict[str, Any] = {"sector": "", "size": None, "city": "", "country": "", "public_name_en": "",
                             "public_name_fr": "", "about": ""}  # fmt: skip
    with pytest.raises(NotAllowed):
        do(service.update_organisation, by=acting(crew[role], crew["organisation"], role),
           organisation=crew["organisation"], name="Mine now", **blank)  # fmt: skip
