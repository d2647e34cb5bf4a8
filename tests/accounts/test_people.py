"""Signing up, confirming, passwords and suspension, below the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from marketwright.features.accounts import queries, service, tokens
from marketwright.features.accounts.passwords import verify_password
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.store.database import Database
from marketwright.store.tables import AuditRow

KEY = "a-key-for-tests-only"
ANNA: dict[str, Any] = {
    "email": "Anna@Example.org", "name": "Anna Martin", "password": "correct horse battery", "locale": "fr",
    "as_freelancer": True,
}  # fmt: skip
Do = Callable[..., Any]


def test_a_freelancer_signs_up_and_waits_for_confirmation(do: Do, database: Database, events: Any) -> None:
    account = do(service.sign_up, **ANNA)
    with database.reading() as session:
        row = queries.account(session, account)
    assert row is not None
    assert (row.email, row.is_freelancer, row.confirmed_at, row.locale) == ("anna@example.org", True, None, "fr")
    assert events() == [("account.signed_up", account)]


def test_a_client_signs_up_with_an_organisation_that_they_own(do: Do, database: Database) -> None:
    account = do(service.sign_up, **ANNA | {"as_freelancer": False, "organisation_name": "Ardent"})
    with database.reading() as session:
        organisation = queries.documents_to_sign(session, account)
        rows = [m for o in _organisations(session) for m in queries.members(session, o)]
    assert organisation == []
    assert [(m.account, m.roles) for m in rows] == [(account, ("owner",))]


def _organisations(session: Any) -> list[str]:
    from marketwright.features.accounts.tables import Organisation

    return list(session.scalars(select(Organisation.id)))


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "nobody"}, "email"), ({"name": " "}, "name"), ({"password": "short"}, "password"),
     ({"as_freelancer": False}, "side")],
)  # fmt: skip
def test_a_sign_up_that_lacks_something_names_the_field(change: dict[str, Any], field: str, do: Do) -> None:
    with pytest.raises(InvalidInput) as refused:
        do(service.sign_up, **ANNA | change)
    assert field in refused.value.errors


def test_signing_up_again_changes_nothing_and_tells_the_owner(do: Do, database: Database, events: Any) -> None:
    first = do(service.sign_up, **ANNA)
    do(service.confirm, account=first)
    second = do(
        service.sign_up, **ANNA | {"email": "ANNA@example.org", "name": "Mallory", "password": "another long one"}
    )
    assert second == first
    assert events()[-1] == ("account.sign_up_repeated", first)
    with database.reading() as session:
        assert queries.account(session, first).name == "Anna Martin"  # type: ignore[union-attr]
        assert verify_password(session, first, "correct horse battery")


def test_who_was_imported_and_signs_up_is_asked_to_choose_the_password_by_mail(do: Do, events: Any) -> None:
    mine = {key: ANNA[key] for key in ("email", "name", "locale")}
    first = do(service.create_account, **mine, is_freelancer=True, confirmed=False)
    assert do(service.sign_up, **ANNA) == first
    assert events()[-1] == ("account.reset_asked", first)


def test_a_confirmation_token_confirms_once(do: Do, database: Database) -> None:
    account = do(service.sign_up, **ANNA)
    with database.reading() as session:
        token = tokens.confirm_token(session, account, KEY)
        assert tokens.read_confirm_token(session, token, KEY) == account
    do(service.confirm, account=account)
    with database.reading() as session:
        assert tokens.read_confirm_token(session, token, KEY) is None
    with pytest.raises(Conflict):
        do(service.confirm, account=account)


def test_a_token_of_another_purpose_or_another_site_opens_nothing(do: Do, database: Database) -> None:
    account = do(service.sign_up, **ANNA)
    with database.reading() as session:
        confirm, reset = tokens.confirm_token(session, account, KEY), tokens.reset_token(session, account, KEY)
        assert tokens.read_reset_token(session, confirm, KEY) is None
        assert tokens.read_confirm_token(session, reset, KEY) is None
        assert tokens.read_confirm_token(session, confirm, "another site") is None
        assert tokens.read_confirm_token(session, confirm + "x", KEY) is None


def test_a_reset_token_expires_after_an_hour_of_machine_time(
    do: Do, database: Database, make_person: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    account = make_person()
    with database.reading() as session:
        token = tokens.reset_token(session, account, KEY)
        now = time.time()
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 3599)
        assert tokens.read_reset_token(session, token, KEY) == account
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 3602)
        assert tokens.read_reset_token(session, token, KEY) is None


def test_a_reset_sets_the_password_once_and_ends_every_session(
    do: Do, database: Database, make_person: Callable[..., str]
) -> None:
    account = make_person()
    do(service.start_session, account=account)
    with database.reading() as session:
        token = tokens.reset_token(session, account, KEY)
    do(service.reset_password, token=token, secret_key=KEY, password="a brand new one")
    with database.reading() as session:
        assert verify_password(session, account, "a brand new one")
        assert queries.sessions(session, account, database.clock.machine()) == []
    with pytest.raises(Conflict):
        do(service.reset_password, token=token, secret_key=KEY, password="and another one")


def test_a_reset_token_dies_with_the_address_it_was_sent_to(
    do: Do, database: Database, make_person: Callable[..., str]
) -> None:
    from marketwright.features.accounts.tables import Account
    from marketwright.kernel.actors import system

    account = make_person()
    with database.reading() as session:
        token = tokens.reset_token(session, account, KEY)
    with database.unit(system("tests")) as uow:
        uow.session.get_one(Account, account).email = "new@example.org"
        uow.commit()
    with database.reading() as session:
        assert tokens.read_reset_token(session, token, KEY) is None


def test_asking_for_a_reset_of_an_unknown_address_tells_nobody(do: Do, events: Any) -> None:
    do(service.ask_reset, email="nobody@example.org")
    assert events() == []


def test_changing_the_password_needs_the_present_one(do: Do, make_person: Callable[..., str]) -> None:
    account = make_person()
    with pytest.raises(InvalidInput) as refused:
        do(service.change_password, account=account, current="wrong", password="a brand new one")
    assert "current" in refused.value.errors


def test_a_suspended_person_is_shut_out_in_writing(
    do: Do, database: Database, make_person: Callable[..., str], acting: Any, events: Any
) -> None:
    account, staff = make_person(), acting(make_person("Mod Erator"), staff=("moderator",))
    do(service.start_session, account=account)
    do(service.suspend, by=staff, account=account, reason="Fake certificates.")
    with database.reading() as session:
        assert queries.account(session, account).suspension_reason == "Fake certificates."  # type: ignore[union-attr]
        assert queries.sessions(session, account, database.clock.machine()) == []
        action = session.scalar(select(AuditRow.details).where(AuditRow.action == "account.suspended"))
    assert action == {"reason": "Fake certificates."}
    assert ("account.suspended", account) in events()
    with pytest.raises(NotAllowed):
        do(service.start_session, account=account)
    do(service.reinstate, by=staff, account=account, reason="They were real.")
    do(service.start_session, account=account)


def test_a_suspension_needs_a_reason_and_the_right(do: Do, make_person: Callable[..., str], acting: Any) -> None:
    account, staff = make_person(), acting(make_person("Mod Erator"), staff=("moderator",))
    with pytest.raises(InvalidInput):
        do(service.suspend, by=staff, account=account, reason=" ")
    with pytest.raises(NotAllowed):
        do(service.suspend, by=acting(account, staff=("auditor",)), account=account, reason="Because.")
    with pytest.raises(Conflict):
        do(service.suspend, by=staff, account=staff.id, reason="Because.")


def test_a_moderator_cannot_suspend_an_admin(do: Do, make_person: Callable[..., str], acting: Any) -> None:
    admin = make_person("Ad Min")
    do(service.join_staff, account=admin, roles=["admin"])
    with pytest.raises(NotAllowed):
        do(service.suspend, by=acting(make_person(), staff=("moderator",)), account=admin, reason="Because.")
