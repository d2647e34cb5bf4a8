"""Members, roles and invitations, in a browser without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from marketwright.features.accounts import queries, service, tokens
from marketwright.features.accounts.invitations import invite_signatory, invite_staff
from marketwright.features.accounts.tables import Organisation
from marketwright.kernel.actors import system
from marketwright.store.database import Database

KEY = "a-key-for-tests-only"
PASSWORD = "correct horse battery"
Browse = Callable[..., Any]
Make = Callable[..., str]
MakeClient = Callable[..., tuple[str, str]]
Do = Callable[..., Any]


def link(database: Database, organisation: str | None) -> str:
    """The link of the only open invitation."""
    with database.reading() as session:
        (row,) = queries.open_invitations(session, organisation, database.clock.machine())
        return f"/invitations/{tokens.invitation_token(session, row.id, KEY)}"


def test_an_owner_invites_and_the_invited_joins(browse: Browse, make_client: MakeClient, database: Database) -> None:
    organisation, owner = make_client()
    page = f"/organisations/{organisation}/members"
    visitor = browse(owner)
    answer = visitor.post(page, {"email": "dan@example.org", "roles": ["buyer", "approver"], "approval_limit": "1,500"})
    assert answer.location == page
    assert "dan@example.org" in visitor.get(page).text
    dan, path = browse(), link(database, organisation)
    assert "Ardent Assurances" in dan.get(path).text
    assert dan.post(path, {"name": "Dan New", "password": PASSWORD}).location == f"/organisations/{organisation}"
    with database.reading() as session:
        found = next(m for m in queries.members(session, organisation) if m.email == "dan@example.org")
    assert (found.roles, found.limit) == (("buyer", "approver"), 150_000)
    assert dan.get(page).status_code == 200
    assert browse().get(path).status_code == 404


@pytest.mark.parametrize(
    "typed", [{"email": "no", "roles": "buyer"}, {"email": "dan@example.org"},
              {"email": "dan@example.org", "roles": "king"},
              {"email": "dan@example.org", "roles": "approver", "approval_limit": "lots"}]
)  # fmt: skip
def test_a_refused_invitation_keeps_what_was_typed(
    typed: dict[str, str], browse: Browse, make_client: MakeClient
) -> None:
    organisation, owner = make_client()
    answer = browse(owner).post(f"/organisations/{organisation}/members", typed)
    assert answer.status_code == 422
    assert f'value="{typed["email"]}"' in answer.text


def test_a_wrong_address_a_wrong_limit_and_a_missing_role_are_named_at_once(
    browse: Browse, make_client: MakeClient
) -> None:
    organisation, owner = make_client()
    text = browse(owner).post(f"/organisations/{organisation}/members", {"email": "x", "approval_limit": "lots"}).text
    assert "This is not an e-mail address" in text
    assert "This is not an amount." in text
    assert "Choose at least one role." in text


def test_a_buyer_may_not_invite_an_owner(browse: Browse, make_client: MakeClient, make_person: Make, do: Do) -> None:
    organisation, _owner = make_client()
    buyer = make_person()
    do(service.add_member, organisation=organisation, account=buyer, roles=["buyer"])
    visitor, page = browse(buyer), f"/organisations/{organisation}/members"
    assert 'value="owner"' not in visitor.get(page).text
    assert visitor.post(page, {"email": "x@example.org", "roles": "owner"}).status_code == 403


def test_roles_change_at_once_for_a_running_session(
    browse: Browse, make_client: MakeClient, make_person: Make, do: Do
) -> None:
    organisation, owner = make_client()
    buyer = make_person()
    do(service.add_member, organisation=organisation, account=buyer, roles=["buyer"])
    visitor, edit = browse(buyer), f"/organisations/{organisation}/edit"
    assert visitor.get(edit).status_code == 200
    page = f"/organisations/{organisation}/members/{buyer}"
    assert browse(owner).post(page, {"roles": "finance"}).status_code == 303
    assert visitor.get(edit).status_code == 403
    assert browse(owner).post(f"{page}/remove").status_code == 303
    assert visitor.get(f"/organisations/{organisation}").status_code == 404


def test_the_last_owner_reads_why_they_stay(browse: Browse, make_client: MakeClient) -> None:
    organisation, owner = make_client()
    visitor, page = browse(owner), f"/organisations/{organisation}/members/{owner}"
    answer = visitor.post(f"{page}/remove")
    assert "at least one owner" in visitor.get(answer.location).text
    answer = visitor.post(page, {"roles": "buyer"})
    assert answer.status_code == 422
    assert "at least one owner" in answer.text


def test_an_invitation_of_another_organisation_is_not_withdrawn(
    browse: Browse, make_client: MakeClient, database: Database
) -> None:
    organisation, owner = make_client()
    browse(owner).post(f"/organisations/{organisation}/members", {"email": "dan@example.org", "roles": "buyer"})
    other, eve = make_client("Other Ltd", "Eve Else")
    with database.reading() as session:
        (row,) = queries.open_invitations(session, organisation, database.clock.machine())
    for place in (organisation, other):
        assert browse(eve).post(f"/organisations/{place}/invitations/{row.id}/withdraw").status_code == 404
    path = link(database, organisation)
    assert browse(owner).post(f"/organisations/{organisation}/invitations/{row.id}/withdraw").status_code == 303
    assert browse().get(path).status_code == 404


def test_somebody_with_an_account_signs_in_first_and_comes_back(
    browse: Browse, make_client: MakeClient, make_person: Make, database: Database
) -> None:
    organisation, owner = make_client()
    make_person()
    browse(owner).post(f"/organisations/{organisation}/members", {"email": "anna.martin@example.org", "roles": "buyer"})
    path, visitor = link(database, organisation), browse()
    assert "/sign-in?next=/invitations/" in visitor.get(path).text
    assert visitor.post(path, {"name": "Mallory", "password": PASSWORD}).status_code == 200
    answer = visitor.post("/sign-in", {"email": "anna.martin@example.org", "password": PASSWORD, "next": path})
    assert answer.location == path
    assert visitor.post(path).location == f"/organisations/{organisation}"


def test_an_invitation_is_not_taken_up_by_somebody_else(
    browse: Browse, make_client: MakeClient, make_person: Make, database: Database
) -> None:
    organisation, owner = make_client()
    browse(owner).post(f"/organisations/{organisation}/members", {"email": "dan@example.org", "roles": "buyer"})
    eve = browse(make_person("Eve Else"))
    path = link(database, organisation)
    assert "another address" in eve.get(path).text
    eve.post(path)
    assert eve.get(f"/organisations/{organisation}").status_code == 404


def test_a_signatory_of_one_document_gives_a_code_and_sees_no_organisation(
    browse: Browse, make_client: MakeClient, database: Database, do: Do
) -> None:
    organisation, owner = make_client()
    invitation = do(invite_signatory, organisation=organisation, email="ceo@example.org", document="d" * 16)
    code = tokens.signing_code(invitation, KEY)
    assert f"{code[:3]} {code[3:]}" in browse(owner).get(f"/organisations/{organisation}/members").text
    path, ceo = link(database, organisation), browse()
    wrong = "000000" if code != "000000" else "000001"
    typed = {"name": "Cleo Chief", "password": PASSWORD}
    assert ceo.post(path, typed | {"code": wrong}).status_code == 422
    assert ceo.post(path, typed | {"code": code}).status_code == 303
    assert ceo.get(f"/organisations/{organisation}").status_code == 404
    with database.reading() as session:
        account = queries.account_by_email(session, "ceo@example.org")
        assert account is not None
        assert queries.may_sign(session, organisation, account.id, "d" * 16)


def test_five_wrong_codes_close_the_invitation(
    browse: Browse, make_client: MakeClient, database: Database, do: Do
) -> None:
    organisation, _owner = make_client()
    invitation = do(invite_signatory, organisation=organisation, email="ceo@example.org", document="d" * 16)
    wrong = "000000" if tokens.signing_code(invitation, KEY) != "000000" else "000001"
    path, ceo = link(database, organisation), browse()
    for _ in range(5):
        ceo.post(path, {"name": "Cleo", "password": PASSWORD, "code": wrong})
    assert ceo.get(path).status_code == 404


def test_an_invited_admin_joins_the_staff(browse: Browse, database: Database, do: Do) -> None:
    do(invite_staff, email="ada@example.org", roles=["admin"])
    visitor = browse()
    assert visitor.post(link(database, None), {"name": "Ada", "password": PASSWORD}).status_code == 303
    with database.reading() as session:
        (row,) = queries.staff(session)
    assert (row.email, row.roles) == ("ada@example.org", ("admin",))


def test_an_organisation_is_described_and_identified(browse: Browse, make_client: MakeClient) -> None:
    organisation, owner = make_client()
    visitor, page = browse(owner), f"/organisations/{organisation}"
    described = {"name": "Ardent", "sector": "social", "size": "400", "city": "Lyon", "country": "FR",
                 "public_name_en": "x", "public_name_fr": "un soignant", "about": "We **insure**.<i>"}  # fmt: skip
    assert visitor.post(f"{page}/edit", described | {"size": "many"}).status_code == 422
    assert visitor.post(f"{page}/edit", described).location == page
    identity = {"name": "Ardent SA", "form": "SA", "country": "FR", "registration_number": "732829320",
                "vat_regime": "standard", "vat_number": "FR44732829320", "street": "1 rue X", "postcode": "69002",
                "city": "Lyon", "signatory_name": "Olga Owner", "signatory_title": "CISO", "billing_address": "",
                "purchase_order_rule": "asked"}  # fmt: skip
    assert visitor.post(f"{page}/identity", identity | {"vat_number": "FR45732829320"}).status_code == 422
    assert visitor.post(f"{page}/identity", identity).location == page
    shown = visitor.get(page).text
    assert "<strong>insure</strong>" in shown
    assert "&lt;i&gt;" in shown
    assert "FR44732829320" in shown


def test_a_sector_reads_in_the_readers_language_and_an_old_free_text_as_it_is(
    browse: Browse, make_client: MakeClient, database: Database
) -> None:
    organisation, owner = make_client()
    visitor, page = browse(owner), f"/organisations/{organisation}"
    form = {"name": "Ardent", "size": "", "city": "", "country": "FR", "public_name_en": "", "public_name_fr": "",
            "about": ""}  # fmt: skip
    assert visitor.post(f"{page}/edit", form | {"sector": "insurance"}).location == page
    visitor.get("/language/fr")
    assert "Assurance" in visitor.get(page).text
    refused = visitor.post(f"{page}/edit", form | {"sector": "bees", "about": "We keep bees."})
    assert refused.status_code == 422
    assert "Choisissez un des secteurs" in refused.text
    assert "We keep bees." in refused.text
    with database.unit(system("tests")) as uow:
        uow.session.execute(update(Organisation).where(Organisation.id == organisation).values(sector="Bee keeping"))
        uow.commit()
    assert "Bee keeping" in visitor.get(page).text
    assert visitor.post(f"{page}/edit", form | {"sector": "Bee keeping"}).location == page


def test_anybody_may_make_an_organisation(browse: Browse, make_person: Make) -> None:
    visitor = browse(make_person())
    assert visitor.post("/organisations/new", {"organisation_name": ""}).status_code == 422
    answer = visitor.post("/organisations/new", {"organisation_name": "Mine"})
    assert answer.location.endswith("/edit")
    assert visitor.get(answer.location).status_code == 200
