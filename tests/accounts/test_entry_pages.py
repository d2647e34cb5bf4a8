"""Signing up, confirming, signing in and out, in a browser without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from marketwright.features.accounts import queries, service, tokens
from marketwright.settings.marketplace import Access
from marketwright.store.database import Database

PASSWORD = "correct horse battery"
ANNA = {"side": "work", "name": "Anna Martin", "email": "anna.martin@example.org", "password": PASSWORD}
Browse = Callable[..., Any]
Make = Callable[..., str]
Do = Callable[..., Any]


def confirm_path(database: Database, email: str, key: str = "a-key-for-tests-only") -> str:
    with database.reading() as session:
        found = queries.account_by_email(session, email)
        assert found is not None
        return f"/confirm/{tokens.confirm_token(session, found.id, key)}"


def without_tokens(html: str) -> str:
    return re.sub(r'value="[^"]{30,}"', "", html)


def test_the_browser_that_signed_up_confirms_with_one_button(browse: Browse, database: Database) -> None:
    visitor = browse()
    assert visitor.post("/sign-up", ANNA).location == "/sign-up/sent"
    assert "anna.martin@example.org" in visitor.get("/sign-up/sent").text
    path = confirm_path(database, ANNA["email"])
    assert 'type="password"' not in visitor.get(path).text
    assert visitor.post(path).status_code == 303
    assert "Anna Martin" in visitor.get("/me").text


def test_another_browser_confirms_with_the_password_alone(browse: Browse, database: Database) -> None:
    browse().post("/sign-up", ANNA)
    path, other = confirm_path(database, ANNA["email"]), browse()
    assert other.post(path).status_code == 422
    assert other.post(path, {"current": "something else"}).status_code == 422
    assert other.get("/me").status_code == 303
    assert other.post(path, {"current": PASSWORD}).status_code == 303
    assert other.get("/me").status_code == 200


def test_an_address_signed_up_by_a_stranger_is_not_confirmed_by_its_owner_s_own_sign_up(
    browse: Browse, database: Database
) -> None:
    browse().post("/sign-up", ANNA | {"password": "the strangers own"})
    owner = browse()
    owner.post("/sign-up", ANNA)
    assert 'type="password"' in owner.get(confirm_path(database, ANNA["email"])).text


def test_opening_the_link_alone_confirms_nothing(browse: Browse, database: Database) -> None:
    visitor = browse()
    visitor.post("/sign-up", ANNA)
    visitor.get(confirm_path(database, ANNA["email"]))
    with database.reading() as session:
        assert queries.account_by_email(session, ANNA["email"]).confirmed_at is None  # type: ignore[union-attr]


def test_a_client_signs_up_with_an_organisation(browse: Browse, database: Database) -> None:
    visitor = browse()
    client = ANNA | {"side": "hire", "organisation_name": "Ardent Assurances"}
    visitor.post("/sign-up", client)
    visitor.post(confirm_path(database, ANNA["email"]))
    assert "Ardent Assurances" in visitor.get("/me").text


@pytest.mark.parametrize(
    ("change", "field"),
    [({"side": ""}, "side"), ({"side": "king"}, "side"), ({"name": ""}, "name"), ({"email": "no"}, "email"),
     ({"password": "short"}, "password"), ({"side": "hire"}, "organisation_name")],
)  # fmt: skip
def test_a_refused_sign_up_names_the_field_and_keeps_the_rest(
    change: dict[str, str], field: str, browse: Browse
) -> None:
    answer = browse().post("/sign-up", ANNA | {"name": "Anna <Martin>"} | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert "name" in change or "Anna &lt;Martin&gt;" in answer.text
    assert PASSWORD not in answer.text


def test_everything_that_is_wrong_with_a_sign_up_is_said_at_once(browse: Browse) -> None:
    answer = browse().post("/sign-up", {"side": "hire", "name": "Anna", "email": "no", "password": "password"})
    for field in ("organisation_name", "email", "password"):
        assert f'href="#f-{field}"' in answer.text


def test_a_known_address_signs_up_to_the_same_page(browse: Browse, make_person: Make) -> None:
    make_person("Known Person")
    pages = []
    for email in ("known.person@example.org", "fresh.person@example.org"):
        visitor = browse()
        answer = visitor.post("/sign-up", ANNA | {"email": email})
        pages.append((answer.status_code, answer.location))
        body = visitor.get("/sign-up/sent")
        pages.append((body.status_code, "Look into your mailbox" in body.text))
    assert pages[:2] == pages[2:]


@pytest.mark.settings(access=Access(freelancers="invitation"))
def test_a_side_by_invitation_is_neither_offered_nor_taken(browse: Browse) -> None:
    visitor = browse()
    shown = visitor.get("/sign-up").text
    assert 'value="work"' not in shown
    assert 'value="hire"' in shown
    assert visitor.post("/sign-up", ANNA).status_code == 422


def test_signing_in_leads_to_the_page_that_was_asked_for(browse: Browse, make_person: Make) -> None:
    make_person()
    visitor = browse()
    assert visitor.get("/me/security").location.endswith("next=/me/security")
    answer = visitor.post(
        "/sign-in", {"email": " ANNA.martin@example.org", "password": PASSWORD, "next": "/me/security"}
    )
    assert answer.location == "/me/security"
    assert visitor.get("/me/security").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "/me\r\nX: y", "javascript:alert(1)",
               "/no-such-page", "/sign-out", "/sign-in?next=/me", "///evil.example", "\t//evil.example"]
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(target: str, browse: Browse, make_person: Make) -> None:
    make_person()
    answer = browse().post("/sign-in", {"email": "anna.martin@example.org", "password": PASSWORD, "next": target})
    assert answer.location in ("/me", "/inbox")


def test_unknown_wrong_and_unconfirmed_read_the_same(browse: Browse, make_person: Make) -> None:
    make_person("Known Person")
    make_person("Fresh Person", confirmed=False)
    answers = [
        browse().post("/sign-in", {"email": "x@example.org", "password": password} | {"email": email})
        for email, password in (
            ("nobody@example.org", PASSWORD), ("known.person@example.org", "wrong password"),
            ("fresh.person@example.org", PASSWORD), ("fresh.person@example.org", "wrong password"),
        )
    ]  # fmt: skip
    bodies = {re.sub(r"[a-z]+\.?[a-z]*@example\.org", "", without_tokens(a.text)) for a in answers}
    assert {a.status_code for a in answers} == {422}
    assert len(bodies) == 1


def test_an_unconfirmed_person_with_the_right_password_gets_the_mail_again(
    browse: Browse, make_person: Make, events: Any
) -> None:
    account = make_person(confirmed=False)
    browse().post("/sign-in", {"email": "anna.martin@example.org", "password": PASSWORD})
    assert events()[-1] == ("account.confirm_asked", account)


def test_a_suspended_person_reads_why_only_with_the_right_password(browse: Browse, make_person: Make, do: Do) -> None:
    do(service.suspend, account=make_person(), reason="Fake certificates.")
    right = browse().post("/sign-in", {"email": "anna.martin@example.org", "password": PASSWORD})
    wrong = browse().post("/sign-in", {"email": "anna.martin@example.org", "password": "wrong password"})
    assert "Fake certificates." in right.text
    assert "Fake certificates." not in wrong.text
    assert "suspended" not in wrong.text


def test_signing_in_gives_a_new_session_and_forgets_the_old_cookie(browse: Browse, make_person: Make) -> None:
    make_person()
    visitor = browse()
    with visitor.client.session_transaction() as cookie:
        cookie["sid"], cookie["planted"] = "planted by somebody", "x"
    visitor.post("/sign-in", {"email": "anna.martin@example.org", "password": PASSWORD})
    with visitor.client.session_transaction() as cookie:
        assert cookie["sid"] != "planted by somebody"
        assert "planted" not in cookie


def test_signing_out_ends_the_session_also_for_a_copied_cookie(browse: Browse, make_person: Make) -> None:
    visitor, thief = browse(make_person()), browse()
    with visitor.client.session_transaction() as cookie:
        stolen = cookie["sid"]
    with thief.client.session_transaction() as cookie:
        cookie["sid"] = stolen
    assert thief.get("/me").status_code == 200
    assert visitor.get("/sign-out").status_code == 405
    visitor.post("/sign-out")
    assert thief.get("/me").status_code == 303


def test_signing_out_everywhere_ends_every_session(browse: Browse, make_person: Make) -> None:
    account = make_person()
    desk, phone = browse(account), browse(account)
    desk.post("/sign-out-everywhere")
    assert phone.get("/me").status_code == 303
    assert desk.get("/me").status_code == 303


def test_forgotten_reads_the_same_for_every_address(browse: Browse, make_person: Make, events: Any) -> None:
    account = make_person("Known Person")
    texts = [
        without_tokens(browse().post("/forgot", {"email": email}).text).replace(email, "")
        for email in ("known.person@example.org", "nobody.person@example.org")
    ]
    assert texts[0] == texts[1]
    assert [e for e in events() if e[0] == "account.reset_asked"] == [("account.reset_asked", account)]


def test_a_reset_link_sets_a_password_once(browse: Browse, make_person: Make, database: Database) -> None:
    account, visitor = make_person(), browse()
    with database.reading() as session:
        path = f"/reset/{tokens.reset_token(session, account, 'a-key-for-tests-only')}"
    assert visitor.post(path, {"password": "short"}).status_code == 422
    assert visitor.post(path, {"password": "a brand new one"}).location == "/sign-in"
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, {"password": "and another one"}).status_code == 404
    answer = visitor.post("/sign-in", {"email": "anna.martin@example.org", "password": "a brand new one"})
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/confirm/x", "/reset/x", "/invitations/x"])
def test_a_false_link_says_so_and_offers_a_way_on(path: str, browse: Browse) -> None:
    answer = browse().get(path)
    assert answer.status_code == 404
    assert "does not work any more" in answer.text


def test_guessing_is_slowed_down_for_the_guesser_alone(browse: Browse, app: Any, make_person: Make) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    make_person()
    wrong = {"email": "anna.martin@example.org", "password": "wrong password"}
    right = wrong | {"password": PASSWORD}
    for _ in range(8):
        assert "Too many tries" not in browse().post("/sign-in", wrong).text
    assert "Too many tries" in browse().post("/sign-in", right).text
    owner = browse().post("/sign-in", right, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert owner.status_code == 303
