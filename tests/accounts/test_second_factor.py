"""The second factor: a code opens once, only plain digits count, nothing secret is stored (S16, S18)."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from marketwright.features.accounts import second_factor, service
from marketwright.features.accounts.second_factor import code_opens, pending_key, recovery_codes_left, switch_on
from marketwright.features.accounts.tables import Account, RecoveryCode
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.store.database import Database

KEY = "a-key-for-tests-only"
Do = Callable[..., Any]


class Phone:
    """Somebody's authenticator app, showing a code for a time step from now."""

    def __init__(self, key: str, database: Database) -> None:
        self.totp, self.database = pyotp.TOTP(key), database

    def code(self, steps: int = 0) -> str:
        return self.totp.generate_otp(int(self.database.clock.machine().timestamp()) // 30 + steps)


@pytest.fixture
def anna(do: Do, make_person: Callable[..., str]) -> str:
    account = make_person()
    do(second_factor.begin, account=account)
    return account


@pytest.fixture
def phone(anna: str, database: Database) -> Phone:
    with database.reading() as session:
        return Phone(pending_key(session, anna, KEY), database)


@pytest.fixture
def codes(anna: str, phone: Phone, do: Do) -> list[str]:
    """The recovery codes of anna, whose second factor is on."""
    found: list[str] = do(switch_on, account=anna, code=phone.code(-1), secret_key=KEY)
    return found


def test_the_first_code_switches_it_on_and_ends_other_sessions(
    anna: str, phone: Phone, do: Do, database: Database
) -> None:
    do(service.start_session, account=anna)
    found = do(switch_on, account=anna, code=phone.code(), secret_key=KEY)
    assert len(set(found)) == 10
    with database.reading() as session:
        assert session.scalar(select(Account.totp_on).where(Account.id == anna))
        assert pending_key(session, anna, KEY) == ""


def test_a_wrong_first_code_switches_nothing_on(anna: str, phone: Phone, do: Do) -> None:
    with pytest.raises(InvalidInput):
        do(switch_on, account=anna, code=phone.code(40), secret_key=KEY)
    assert not do(code_opens, account=anna, code=phone.code(), secret_key=KEY)


def test_a_code_opens_once(anna: str, phone: Phone, codes: list[str], do: Do) -> None:
    code = phone.code()
    assert do(code_opens, account=anna, code=code, secret_key=KEY)
    assert not do(code_opens, account=anna, code=code, secret_key=KEY)
    assert not do(code_opens, account=anna, code=f" {code[:3]} {code[3:]} ", secret_key=KEY)


def test_an_earlier_code_is_spent_with_a_later_one(anna: str, phone: Phone, codes: list[str], do: Do) -> None:
    assert do(code_opens, account=anna, code=phone.code(1), secret_key=KEY)
    assert not do(code_opens, account=anna, code=phone.code(), secret_key=KEY)


@pytest.mark.parametrize("steps", [-3, 3, 100])
def test_a_code_of_another_time_is_refused(steps: int, anna: str, phone: Phone, codes: list[str], do: Do) -> None:
    assert not do(code_opens, account=anna, code=phone.code(steps), secret_key=KEY)


def test_digits_of_other_scripts_do_not_count(anna: str, phone: Phone, codes: list[str], do: Do) -> None:
    arabic = phone.code().translate({ord(str(i)): chr(0x0660 + i) for i in range(10)})
    assert not do(code_opens, account=anna, code=arabic, secret_key=KEY)


def test_a_recovery_code_opens_once_however_it_is_typed(
    anna: str, codes: list[str], do: Do, database: Database
) -> None:
    assert do(code_opens, account=anna, code=codes[0].upper().replace("-", " "), secret_key=KEY)
    assert not do(code_opens, account=anna, code=codes[0], secret_key=KEY)
    with database.reading() as session:
        assert recovery_codes_left(session, anna) == 9


def test_recovery_codes_open_only_their_own_account(
    codes: list[str], do: Do, database: Database, make_person: Callable[..., str]
) -> None:
    eve = make_person("Eve Else")
    do(second_factor.begin, account=eve)
    with database.reading() as session:
        phone = Phone(pending_key(session, eve, KEY), database)
    do(switch_on, account=eve, code=phone.code(), secret_key=KEY)
    assert not do(code_opens, account=eve, code=codes[0], secret_key=KEY)


def test_the_database_holds_neither_key_nor_recovery_codes(
    anna: str, phone: Phone, codes: list[str], database: Database
) -> None:
    with database.reading() as session:
        row = session.get_one(Account, anna)
        hashes = set(session.scalars(select(RecoveryCode.sha256)))
    assert phone.totp.secret not in (row.totp_nonce, row.password_hash)
    assert not hashes & {c.replace("-", "") for c in codes}


def test_switching_it_off_forgets_key_and_codes(anna: str, codes: list[str], do: Do) -> None:
    do(second_factor.switch_off, account=anna)
    assert not do(code_opens, account=anna, code=codes[0], secret_key=KEY)
    with pytest.raises(Conflict):
        do(second_factor.switch_off, account=anna)


def test_staff_lift_it_in_writing(
    anna: str, codes: list[str], do: Do, make_person: Callable[..., str], acting: Any
) -> None:
    staff = acting(make_person("Mod Erator"), staff=("moderator",))
    with pytest.raises(InvalidInput):
        do(second_factor.lift, by=staff, account=anna, reason="")
    do(second_factor.lift, by=staff, account=anna, reason="Lost the phone; identity seen on a call.")
    assert not do(code_opens, account=anna, code=codes[0], secret_key=KEY)


@pytest.mark.usefixtures("codes")
def test_that_of_the_staff_is_lifted_by_who_manages_staff_and_nobody_lifts_their_own(
    anna: str, do: Do, make_person: Callable[..., str], acting: Any
) -> None:
    do(service.join_staff, account=anna, roles=["admin"])
    with pytest.raises(NotAllowed):
        do(second_factor.lift, by=acting(make_person("Mod Erator"), staff=("moderator",)), account=anna, reason="Lost.")
    with pytest.raises(Conflict):
        do(second_factor.lift, by=acting(anna, staff=("admin",)), account=anna, reason="Lost.")
    do(second_factor.lift, by=acting(make_person("Ada Min"), staff=("admin",)), account=anna, reason="Lost.")
