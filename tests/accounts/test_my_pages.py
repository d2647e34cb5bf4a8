"""What people set about themselves: security, settings, business."""

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from marketwright.features.accounts import queries, service
from marketwright.features.accounts.second_factor import pending_key
from marketwright.store.database import Database

PASSWORD = "correct horse battery"
KEY = "a-key-for-tests-only"
Browse = Callable[..., Any]
Make = Callable[..., str]


def code(key: str, database: Database, steps: int = 0) -> str:
    return pyotp.TOTP(key).generate_otp(int(database.clock.machine().timestamp()) // 30 + steps)


def switch_on(visitor: Any, account: str, database: Database) -> str:
    visitor.post("/me/security/second-factor/begin", {"current": PASSWORD})
    with database.reading() as session:
        key = pending_key(session, account, KEY)
    answer = visitor.post("/me/security/second-factor", {"code": code(key, database, -1)})
    assert answer.status_code == 200
    assert len(re.findall(r"<li>([0-9a-z]{4}-){3}[0-9a-z]{4}</li>", answer.text)) == 10
    return key


def test_a_new_password_keeps_this_browser_under_a_new_session_and_ends_the_others(
    browse: Browse, make_person: Make
) -> None:
    account = make_person()
    here, there = browse(account), browse(account)
    with here.client.session_transaction() as cookie:
        before = cookie["sid"]
    answer = here.post("/me/security/password", {"current": PASSWORD, "password": "a brand new one"})
    assert answer.location == "/me/security"
    with here.client.session_transaction() as cookie:
        assert cookie["sid"] != before
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303


def test_a_wrong_present_password_changes_nothing(browse: Browse, make_person: Make) -> None:
    visitor = browse(make_person())
    answer = visitor.post("/me/security/password", {"current": "wrong", "password": "a brand new one"})
    assert answer.status_code == 422
    assert "This is not your present password." in answer.text


def test_the_second_factor_is_set_up_and_asked_for(browse: Browse, make_person: Make, database: Database) -> None:
    account = make_person()
    key = switch_on(browse(account), account, database)
    visitor = browse()
    credentials = {"email": "anna.martin@example.org", "password": PASSWORD, "next": "/me/settings"}
    assert visitor.post("/sign-in", credentials).location == "/second-factor"
    assert visitor.get("/me").status_code == 303
    assert visitor.post("/second-factor", {"code": "000000"}).status_code == 422
    now = code(key, database)
    assert visitor.post("/second-factor", {"code": now}).location == "/me/settings"
    assert visitor.get("/me").status_code == 200
    other = browse()
    other.post("/sign-in", credentials)
    assert other.post("/second-factor", {"code": now}).status_code == 422


def test_the_second_step_cannot_be_reached_without_the_first(browse: Browse) -> None:
    assert browse().get("/second-factor").location == "/sign-in"
    assert browse().post("/second-factor", {"code": "000000"}).location == "/sign-in"


def test_a_half_signed_in_browser_is_stopped_when_the_password_changes(
    browse: Browse, make_person: Make, database: Database, do: Callable[..., Any]
) -> None:
    account = make_person()
    key = switch_on(browse(account), account, database)
    visitor = browse()
    visitor.post("/sign-in", {"email": "anna.martin@example.org", "password": PASSWORD})
    do(service.change_password, account=account, current=PASSWORD, password="a brand new one")
    assert visitor.post("/second-factor", {"code": code(key, database)}).location == "/sign-in"


def test_setting_up_asks_for_the_password_and_shows_the_key_only_meanwhile(
    browse: Browse, make_person: Make, database: Database
) -> None:
    account = make_person()
    visitor = browse(account)
    assert visitor.get("/me/security/second-factor.svg").status_code == 404
    assert visitor.post("/me/security/second-factor/begin", {"current": "wrong"}).status_code == 422
    visitor.post("/me/security/second-factor/begin", {"current": PASSWORD})
    picture = visitor.get("/me/security/second-factor.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert browse(make_person("Eve Else")).get("/me/security/second-factor.svg").status_code == 404
    visitor = browse(account)
    switch_on(visitor, account, database)
    assert visitor.get("/me/security/second-factor.svg").status_code == 404


def test_switching_the_second_factor_off_asks_for_the_password(
    browse: Browse, make_person: Make, database: Database
) -> None:
    account = make_person()
    visitor = browse(account)
    switch_on(visitor, account, database)
    assert visitor.post("/me/security/second-factor/off", {"current": "wrong"}).status_code == 422
    assert visitor.post("/me/security/second-factor/off", {"current": PASSWORD}).status_code == 303
    with database.reading() as session:
        assert not queries.account(session, account).second_factor  # type: ignore[union-attr]


def test_new_recovery_codes_replace_the_old_ones(browse: Browse, make_person: Make, database: Database) -> None:
    account = make_person()
    visitor = browse(account)
    switch_on(visitor, account, database)
    answer = visitor.post("/me/security/second-factor/codes", {"current": PASSWORD})
    assert len(re.findall(r"<li>[0-9a-z-]{19}</li>", answer.text)) == 10


def test_one_browser_is_signed_out_from_another(browse: Browse, make_person: Make, database: Database) -> None:
    account = make_person()
    here, there = browse(account), browse(account)
    with database.reading() as session:
        rows = queries.sessions(session, account, database.clock.machine())
    for row in rows:
        button = f"/me/security/browsers/{row.id}/revoke"
        if button in here.get("/me/security").text:
            here.post(button)
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303


def test_nobody_signs_out_the_browser_of_somebody_else(browse: Browse, make_person: Make, database: Database) -> None:
    anna = make_person()
    visitor = browse(anna)
    with database.reading() as session:
        (row,) = queries.sessions(session, anna, database.clock.machine())
    assert browse(make_person("Eve Else")).post(f"/me/security/browsers/{row.id}/revoke").status_code == 404
    assert visitor.get("/me").status_code == 200


def test_settings_change_name_language_and_zone(browse: Browse, make_person: Make) -> None:
    visitor = browse(make_person())
    answer = visitor.post("/me/settings", {"name": "Anna M.", "locale": "fr", "time_zone": "America/Montreal"})
    assert answer.location == "/me"
    page = visitor.get("/me").text
    assert "Anna M." in page
    assert '<html lang="fr"' in page


@pytest.mark.parametrize("change", [{"name": ""}, {"locale": "xx"}, {"time_zone": "Mars/Olympus"}])
def test_settings_that_make_no_sense_are_refused(change: dict[str, str], browse: Browse, make_person: Make) -> None:
    visitor = browse(make_person())
    typed = {"name": "Anna M.", "locale": "en", "time_zone": "Europe/Paris"}
    assert visitor.post("/me/settings", typed | change).status_code == 422


def test_a_member_of_a_client_can_offer_their_own_work_too(
    browse: Browse, make_client: Callable[..., tuple[str, str]]
) -> None:
    _organisation, owner = make_client()
    visitor = browse(owner)
    assert visitor.get("/me/business").status_code == 403
    visitor.post("/me/freelancer")
    assert visitor.get("/me/business").status_code == 200


@pytest.mark.plugins("country_fr")
def test_a_business_is_recorded_and_goes_back_to_where_it_was_asked_for(browse: Browse, make_person: Make) -> None:
    visitor = browse(make_person(is_freelancer=True))
    typed = {"name": "Anna Martin", "form": "EI", "country": "FR", "registration_number": "732 829 320",
             "vat_regime": "franchise", "vat_number": "", "street": "1 rue de la Paix", "postcode": "75002",
             "city": "Paris", "next": "/me/settings"}  # fmt: skip
    refused = visitor.post("/me/business", typed | {"registration_number": "732 829 321"})
    assert refused.status_code == 422
    assert 'value="732 829 321"' in refused.text
    assert 'value="1 rue de la Paix"' in refused.text
    assert visitor.post("/me/business", typed).location == "/me/settings"
    assert "732829320" in visitor.get("/me").text
