"""The page where a freelancer says where their money goes (E13)."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from marketwright.features.accounts.second_factor import pending_key
from marketwright.features.notifications.tables import Mail
from marketwright.features.payments.destinations import destination, noted_at_provider
from marketwright.kernel.actors import system
from marketwright.store.database import Database

PASSWORD, KEY = "correct horse battery", "a-key-for-tests-only"
ONE, OTHER = "FR7630006000011234567890189", "DE89370400440532013000"
TYPED = {"holder": "Anna Martin", "iban": ONE, "current": PASSWORD}


@pytest.fixture
def anna(make_person: Callable[..., str]) -> str:
    return make_person(is_freelancer=True)


@pytest.fixture
def visitor(browse: Callable[..., Any], anna: str) -> Any:
    return browse(anna)


def kept(database: Database, account: str) -> Any:
    with database.reading() as session:
        return destination(session, account)


def second_factor(visitor: Any, account: str, database: Database) -> Callable[[int], str]:
    visitor.post("/me/security/second-factor/begin", {"current": PASSWORD})
    with database.reading() as session:
        totp = pyotp.TOTP(pending_key(session, account, KEY))

    def code(steps: int) -> str:
        return totp.generate_otp(int(database.clock.machine().timestamp()) // 30 + steps)

    visitor.post("/me/security/second-factor", {"code": code(-1)})
    return code


def test_the_first_account_asks_for_the_password_alone_and_shows_its_end(
    visitor: Any, anna: str, database: Database
) -> None:
    assert visitor.post("/account/payouts", TYPED).status_code == 303
    page = visitor.get("/account/payouts").text
    assert "FR•• •••• 0189" in page
    assert ONE not in page
    assert kept(database, anna).holder == "Anna Martin"


@pytest.mark.parametrize(("wrong", "said"), [
    ({"current": "wrong"}, "This is not your present password."), ({"iban": "FR76"}, "This is no IBAN"),
    ({"holder": ""}, "holder"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    visitor: Any, anna: str, database: Database, wrong: dict[str, str], said: str
) -> None:
    answer = visitor.post("/account/payouts", {**TYPED, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert PASSWORD not in answer.text
    assert kept(database, anna) is None


def test_another_account_needs_a_second_factor_first(visitor: Any, anna: str, database: Database) -> None:
    visitor.post("/account/payouts", TYPED)
    assert 'href="/me/security"' in visitor.get("/account/payouts").text
    assert visitor.post("/account/payouts", {**TYPED, "iban": OTHER}).status_code == 422
    assert kept(database, anna).iban == ONE


def test_another_account_asks_for_a_code_is_told_by_mail_and_cools(
    visitor: Any, anna: str, database: Database, house: Any
) -> None:
    visitor.post("/account/payouts", TYPED)
    code = second_factor(visitor, anna, database)
    assert visitor.post("/account/payouts", {**TYPED, "iban": OTHER, "code": "000000"}).status_code == 422
    assert kept(database, anna).iban == ONE
    assert visitor.post("/account/payouts", {**TYPED, "iban": OTHER, "code": code(0)}).status_code == 303
    assert "nothing is paid out before" in visitor.get("/account/payouts").text
    house.worker.drain()
    with database.reading() as session:
        subjects = session.scalars(select(Mail.subject).where(Mail.address == "anna.martin@example.org")).all()
    assert "Your bank details were changed" in subjects


def test_a_code_opens_once(visitor: Any, anna: str, database: Database) -> None:
    visitor.post("/account/payouts", TYPED)
    now = second_factor(visitor, anna, database)(0)
    visitor.post("/account/payouts", {**TYPED, "iban": OTHER, "code": now})
    assert visitor.post("/account/payouts", {**TYPED, "code": now}).status_code == 422
    assert kept(database, anna).iban == OTHER


def test_a_client_has_no_such_page(browse: Callable[..., Any], make_person: Callable[..., str]) -> None:
    assert browse(make_person("Jean Petit")).get("/account/payouts").status_code == 403


def test_the_account_at_a_provider_stands_beside_the_one_given_here(
    visitor: Any, anna: str, database: Database
) -> None:
    visitor.post("/account/payouts", TYPED)
    with database.unit(system("tests")) as uow:
        noted_at_provider(uow, freelancer=anna, provider="stripe", label="a1b2c3")
        uow.commit()
    page = visitor.get("/account/payouts").text
    assert "FR•• •••• 0189" in page
    assert "a1b2c3" in page
    assert page.count("Used now") == 1
