"""Invitations: at most the inviter's own roles, once, for the address they were sent to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from marketwright.features.accounts import queries, service, tokens
from marketwright.features.accounts.forgetting import forget
from marketwright.features.accounts.invitations import code_opens
from marketwright.features.accounts.passwords import verify_password
from marketwright.features.accounts.signed_in import SessionReader
from marketwright.features.accounts.tables import Invitation
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.store.database import Database

KEY = "a-key-for-tests-only"
DOCUMENT = "d" * 16
Do = Callable[..., Any]
Make = Callable[..., str]
NEW = {"name": "Dan New", "password": "correct horse battery", "locale": "en"}


@pytest.fixture
def client(make_client: Callable[..., tuple[str, str]], acting: Any) -> Any:
    """An organisation's id and its owner as an actor."""
    organisation, owner = make_client()
    return organisation, acting(owner, organisation, "owner")


def test_an_invited_stranger_gets_an_account_and_the_roles(
    do: Do, database: Database, client: Any, events: Any
) -> None:
    organisation, owner = client
    invitation = do(service.invite_member, by=owner, organisation=organisation, email="Dan@example.org",
                    roles=["approver"], approval_limit=1000)  # fmt: skip
    assert events()[-1] == ("member.invited", invitation)
    account = do(service.accept_as_new, invitation=invitation, **NEW)
    with database.reading() as session:
        found = queries.member(session, organisation, account)
        assert queries.account(session, account).confirmed_at is not None  # type: ignore[union-attr]
    assert found is not None
    assert (found.email, found.roles, found.limit) == ("dan@example.org", ("approver",), 1000)


def test_an_invitation_opens_once(do: Do, database: Database, client: Any) -> None:
    organisation, owner = client
    invitation = do(
        service.invite_member, by=owner, organisation=organisation, email="dan@example.org", roles=["buyer"]
    )
    with database.reading() as session:
        token = tokens.invitation_token(session, invitation, KEY)
        assert tokens.read_invitation_token(session, token, KEY) == invitation
    do(service.accept_as_new, invitation=invitation, **NEW)
    with database.reading() as session:
        assert tokens.read_invitation_token(session, token, KEY) is None
    with pytest.raises(Conflict):
        do(service.accept_as_new, invitation=invitation, **NEW)


def test_an_invitation_expires_in_machine_time(do: Do, database: Database, client: Any) -> None:
    organisation, owner = client
    invitation = do(
        service.invite_member, by=owner, organisation=organisation, email="dan@example.org", roles=["buyer"]
    )
    with database.unit(system("tests")) as uow:
        uow.session.execute(update(Invitation).values(expires_at=uow.machine_now - timedelta(seconds=1)))
        uow.commit()
    with pytest.raises(Conflict):
        do(service.accept_as_new, invitation=invitation, **NEW)


def test_an_invitation_is_for_its_address_alone(do: Do, client: Any, make_person: Make) -> None:
    organisation, owner = client
    invitation = do(
        service.invite_member, by=owner, organisation=organisation, email="dan@example.org", roles=["buyer"]
    )
    with pytest.raises(Conflict):
        do(service.accept_invitation, invitation=invitation, account=make_person("Eve Else"))


def test_whoever_has_an_account_accepts_with_it(do: Do, database: Database, client: Any, make_person: Make) -> None:
    organisation, owner = client
    anna = make_person()
    invitation = do(service.invite_member, by=owner, organisation=organisation, email="anna.martin@example.org",
                    roles=["buyer"])  # fmt: skip
    with pytest.raises(Conflict):
        do(service.accept_as_new, invitation=invitation, **NEW)
    do(service.accept_invitation, invitation=invitation, account=anna)
    with database.reading() as session:
        assert queries.member(session, organisation, anna) is not None


def test_an_unconfirmed_account_with_the_invited_address_is_taken_over(do: Do, database: Database, client: Any) -> None:
    organisation, owner = client
    squatter = do(service.sign_up, email="dan@example.org", name="Squatter", password="the squatters own",
                  locale="en", as_freelancer=True)  # fmt: skip
    invitation = do(
        service.invite_member, by=owner, organisation=organisation, email="dan@example.org", roles=["buyer"]
    )
    account = do(service.accept_as_new, invitation=invitation, **NEW)
    assert account == squatter
    with database.reading() as session:
        assert verify_password(session, account, NEW["password"])
        assert queries.account(session, account).name == "Dan New"  # type: ignore[union-attr]


@pytest.mark.parametrize("role", ["buyer", "approver", "signatory", "finance"])
def test_nobody_invites_to_a_role_that_they_lack(
    role: str, do: Do, client: Any, make_person: Make, acting: Any
) -> None:
    organisation, _owner = client
    account = make_person()
    do(service.add_member, organisation=organisation, account=account, roles=[role])
    by = acting(account, organisation, role)
    with pytest.raises(NotAllowed):
        do(service.invite_member, by=by, organisation=organisation, email="x@example.org", roles=["owner"])
    with pytest.raises(NotAllowed):
        do(service.invite_member, by=by, organisation=organisation, email="x@example.org", roles=[role, "owner"])
    do(service.invite_member, by=by, organisation=organisation, email="x@example.org", roles=[role])


@pytest.mark.parametrize("limit", [None, 1001])
def test_an_approver_gives_no_higher_limit_than_their_own(
    limit: int | None, do: Do, client: Any, make_person: Make, acting: Any
) -> None:
    organisation, _owner = client
    account = make_person()
    do(service.add_member, organisation=organisation, account=account, roles=["approver"], approval_limit=1000)
    by = acting(account, organisation, "approver")
    with pytest.raises(InvalidInput) as refused:
        do(service.invite_member, by=by, organisation=organisation, email="x@example.org", roles=["approver"],
           approval_limit=limit)  # fmt: skip
    assert refused.value.errors.keys() == {"approval_limit"}


def test_a_stranger_cannot_invite(do: Do, client: Any, make_person: Make, acting: Any) -> None:
    with pytest.raises(NotFound):
        do(service.invite_member, by=acting(make_person()), organisation=client[0], email="x@example.org",
           roles=["buyer"])  # fmt: skip


def test_a_member_is_not_invited_again(do: Do, client: Any, make_person: Make) -> None:
    organisation, owner = client
    do(service.add_member, organisation=organisation, account=make_person(), roles=["buyer"])
    with pytest.raises(InvalidInput):
        do(
            service.invite_member,
            by=owner,
            organisation=organisation,
            email="anna.martin@example.org",
            roles=["finance"],
        )


def test_inviting_twice_leaves_one_open_invitation(do: Do, database: Database, client: Any) -> None:
    organisation, owner = client
    do(service.invite_member, by=owner, organisation=organisation, email="dan@example.org", roles=["buyer"])
    second = do(service.invite_member, by=owner, organisation=organisation, email="dan@example.org", roles=["finance"])
    with database.reading() as session:
        rows = queries.open_invitations(session, organisation, database.clock.machine())
    assert [r.id for r in rows] == [second]


def test_invitations_of_a_removed_member_open_nothing(do: Do, client: Any, make_person: Make, acting: Any) -> None:
    organisation, owner = client
    buyer = make_person()
    do(service.add_member, organisation=organisation, account=buyer, roles=["buyer"])
    invitation = do(service.invite_member, by=acting(buyer, organisation, "buyer"), organisation=organisation,
                    email="dan@example.org", roles=["buyer"])  # fmt: skip
    do(service.remove_member, by=owner, organisation=organisation, account=buyer)
    with pytest.raises(Conflict):
        do(service.accept_as_new, invitation=invitation, **NEW)


def test_invitations_of_somebody_suspended_open_nothing(do: Do, client: Any, make_person: Make, acting: Any) -> None:
    organisation, owner = client
    invitation = do(service.invite_member, by=owner, organisation=organisation, email="dan@example.org",
                    roles=["buyer"])  # fmt: skip
    do(service.suspend, by=acting(make_person(), staff=("admin",)), account=owner.id, reason="He stole.")
    with pytest.raises(Conflict):
        do(service.accept_as_new, invitation=invitation, **NEW)


def test_nobody_joins_an_organisation_whose_last_member_is_forgotten(
    do: Do, client: Any, make_person: Make, acting: Any
) -> None:
    organisation, owner = client
    buyer = make_person()
    do(service.add_member, organisation=organisation, account=buyer, roles=["owner"])
    of_both = [do(service.invite_member, by=by, organisation=organisation, email=email, roles=["buyer"])
               for by, email in ((owner, "dan@example.org"), (acting(buyer, organisation, "owner"), "eve@example.org"))]
    do(forget, account=owner.id, name="Gone")
    with pytest.raises(Conflict):
        do(service.accept_as_new, invitation=of_both[0], **NEW)
    do(forget, account=buyer, name="Gone")
    with pytest.raises(Conflict):
        do(service.accept_as_new, invitation=of_both[1], **NEW)


def test_who_is_invited_to_sign_a_second_document_still_signs_the_first(
    do: Do, database: Database, client: Any, make_person: Make
) -> None:
    organisation, owner = client
    account, second = make_person("Dan Doe"), "e" * 16
    for document in (DOCUMENT, second):
        invitation = do(service.invite_signatory, by=owner, organisation=organisation, email="dan.doe@example.org",
                        document=document)  # fmt: skip
        do(service.accept_invitation, invitation=invitation, account=account)
    with database.reading() as session:
        assert [queries.may_sign(session, organisation, account, d) for d in (DOCUMENT, second, "f" * 16)] == [
            True, True, False,
        ]  # fmt: skip
        assert sorted(queries.documents_to_sign(session, account)) == [(organisation, DOCUMENT), (organisation, second)]
    do(service.remove_member, by=owner, organisation=organisation, account=account)
    do(service.add_member, organisation=organisation, account=account, roles=["signatory"], document=second)
    with database.reading() as session:
        assert not queries.may_sign(session, organisation, account, DOCUMENT)


def test_a_withdrawn_invitation_opens_nothing(do: Do, client: Any) -> None:
    organisation, owner = client
    invitation = do(
        service.invite_member, by=owner, organisation=organisation, email="dan@example.org", roles=["buyer"]
    )
    do(service.withdraw_invitation, by=owner, invitation=invitation)
    with pytest.raises(Conflict):
        do(service.accept_as_new, invitation=invitation, **NEW)


def test_a_signatory_of_one_document_signs_that_one_and_is_no_member(do: Do, database: Database, client: Any) -> None:
    organisation, owner = client
    invitation = do(service.invite_signatory, by=owner, organisation=organisation, email="ceo@example.org",
                    document=DOCUMENT)  # fmt: skip
    account = do(service.accept_as_new, invitation=invitation, **NEW)
    token = do(service.start_session, account=account)
    with database.reading() as session:
        assert queries.may_sign(session, organisation, account, DOCUMENT)
        assert not queries.may_sign(session, organisation, account, "e" * 16)
        assert queries.documents_to_sign(session, account) == [(organisation, DOCUMENT)]
        viewer = SessionReader()(session, token)
    assert viewer is not None
    assert viewer.organisations == ()


def test_the_code_of_a_signatory_counts_wrong_tries(do: Do, database: Database, client: Any) -> None:
    organisation, owner = client
    invitation = do(service.invite_signatory, by=owner, organisation=organisation, email="ceo@example.org",
                    document=DOCUMENT)  # fmt: skip
    right = tokens.signing_code(invitation, KEY)
    wrong = "000000" if right != "000000" else "000001"
    assert do(code_opens, invitation=invitation, code=f"{right[:3]} {right[3:]}", secret_key=KEY)
    for _ in range(5):
        assert not do(code_opens, invitation=invitation, code=wrong, secret_key=KEY)
    with pytest.raises(Conflict):
        do(code_opens, invitation=invitation, code=right, secret_key=KEY)


@pytest.mark.parametrize("role", ["buyer", "approver", "finance"])
def test_only_who_signs_invites_a_signatory(role: str, do: Do, client: Any, make_person: Make, acting: Any) -> None:
    organisation, _owner = client
    account = make_person()
    do(service.add_member, organisation=organisation, account=account, roles=[role])
    with pytest.raises(NotAllowed):
        do(service.invite_signatory, by=acting(account, organisation, role), organisation=organisation,
           email="me.too@example.org", document=DOCUMENT)  # fmt: skip
