"""Moving an account to another e-mail address."""

import pytest
from sqlalchemy import select

from marketwright.features.accounts import queries, service, tokens
from marketwright.features.notifications.tables import Mail
from marketwright.kernel.errors import Conflict, InvalidInput

PASSWORD, KEY, NEW = "correct horse battery", "a-key-for-tests-only", "anna@new.example"
ASKED = {"email": NEW, "current": PASSWORD}


@pytest.fixture
def anna(make_person):
    return make_person()


def token(database, account, email=NEW):
    with database.reading() as session:
        return tokens.moving_token(session, account, email, KEY)


def address(database, account):
    with database.reading() as session:
        return queries.account(session, account).email


def mails(house):
    house.worker.drain()
    with house.database.reading() as session:
        return {m.address: m for m in session.scalars(select(Mail))}


def test_the_link_goes_to_the_new_address_and_a_notice_to_the_old(browse, anna, house):
    answer = browse(anna).post("/me/email", ASKED)
    assert f"Look into the mailbox of {NEW}" in answer.text
    found = mails(house)
    assert f"/me/email/{token(house.database, anna)[:20]}" in found[NEW].action_url
    assert found["anna.martin@example.org"].subject == "Somebody asked to change your address"


def test_the_link_changes_the_address(browse, anna, database):
    answer = browse(anna).post(f"/me/email/{token(database, anna)}")
    assert answer.location == "/me/settings"
    assert address(database, anna) == NEW


def test_nothing_changes_before_the_link_is_used(browse, anna, database):
    visitor = browse(anna)
    visitor.post("/me/email", ASKED)
    assert visitor.get(f"/me/email/{token(database, anna)}").status_code == 200
    assert address(database, anna) == "anna.martin@example.org"


def test_every_other_browser_is_signed_out_and_this_one_stays(browse, anna, database):  # S13
    here, there = browse(anna), browse(anna)
    here.post(f"/me/email/{token(database, anna)}")
    assert (here.get("/me").status_code, there.get("/me").status_code) == (200, 303)


def test_the_old_address_is_told_that_it_opens_nothing_any_more(browse, anna, house):
    browse(anna).post(f"/me/email/{token(house.database, anna)}")
    assert mails(house)["anna.martin@example.org"].subject == "Your account has moved to another address"


def test_what_was_mailed_to_the_old_address_is_dead(do, anna, database):  # S14
    with database.reading() as session:
        reset = tokens.reset_token(session, anna, KEY)
    do(service.move, account=anna, token=token(database, anna), secret_key=KEY)
    with database.reading() as session:
        assert tokens.read_reset_token(session, reset, KEY) is None


def test_a_link_works_once(do, anna, database):
    link = token(database, anna)
    do(service.move, account=anna, token=link, secret_key=KEY)
    with pytest.raises(Conflict):
        do(service.move, account=anna, token=link, secret_key=KEY)


def test_a_changed_password_stops_a_move_that_waits(do, anna, database):
    link = token(database, anna)
    do(service.change_password, account=anna, current=PASSWORD, password="a brand new one")
    with pytest.raises(Conflict):
        do(service.move, account=anna, token=link, secret_key=KEY)


def test_somebody_elses_link_opens_nothing(browse, anna, make_person, database):
    stranger = make_person("Sam Stranger")
    assert browse(stranger).post(f"/me/email/{token(database, anna)}").status_code == 404
    assert address(database, anna) == "anna.martin@example.org"


def test_a_wrong_password_keeps_what_was_typed(browse, anna):
    answer = browse(anna).post("/me/email", ASKED | {"current": "wrong"})
    assert answer.status_code == 422
    assert NEW in answer.text
    assert "This is not your present password." in answer.text


@pytest.mark.parametrize("email", ["nobody", "", "anna.martin@example.org"])
def test_an_address_that_cannot_be_moved_to_is_refused_at_its_field(do, anna, email):
    with pytest.raises(InvalidInput) as refused:
        do(service.ask_move, account=anna, email=email, current=PASSWORD)
    assert set(refused.value.errors) == {"email"}


def test_an_address_that_is_taken_looks_the_same_and_is_sent_nothing(browse, anna, make_person, house):  # S15
    make_person("Bo Taken")
    answer = browse(anna).post("/me/email", ASKED | {"email": "bo.taken@example.org"})
    assert "Look into the mailbox of bo.taken@example.org" in answer.text
    assert mails(house) == {}


def test_an_address_that_was_taken_meanwhile_is_refused(do, anna, database, make_person):
    link = token(database, anna, "bo.taken@example.org")
    make_person("Bo Taken")
    with pytest.raises(Conflict) as refused:
        do(service.move, account=anna, token=link, secret_key=KEY)
    assert refused.value.state == "taken"
