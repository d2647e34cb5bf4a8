"""Showing again who one is, by password and second factor, before something that is worth it is done."""

from collections.abc import Callable
from typing import TypeVar

from marketwright.features.accounts import queries, second_factor
from marketwright.features.accounts.passwords import verify_password
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import Text, say
from marketwright.store.unit import UnitOfWork
from marketwright.web.house import house, reading, unit
from marketwright.web.limits import forgive, spend

T = TypeVar("T")
WRONG = say("This is not your present password.")


def check_own(account: str, password: str, *, field: str, wrong: Text = WRONG) -> None:
    """Raise ``InvalidInput`` under ``field`` unless ``password`` is the one of ``account``: ``wrong``, or that it was
    tried too often, on whatever page; a right one ends the count. Before a unit opens: it takes its time.
    """
    _check(account, password, field, wrong)
    forgive("password.account", account)


def _check(account: str, password: str, field: str, wrong: Text) -> None:
    if not spend("password.account", account):
        raise InvalidInput({field: [say("Too many tries. Wait ten minutes, then try again.")]})
    if not verify_password(reading(), account, password):
        raise InvalidInput({field: [wrong]})


def shown_again(
    account: str, deed: Callable[[UnitOfWork], T], *, password: str, code: str, field: str = "password"
) -> T:
    """What ``deed`` gives, done in a unit of its own if ``password`` and ``code`` are those of ``account``.

    The code is asked of who has a second factor. Raises ``InvalidInput`` under ``field`` or ``code``: too many tries,
    a wrong password, a code that is wrong or spent.
    """
    _check(account, password, field, WRONG)
    found = queries.account(reading(), account)
    key = house().marketplace.secret_key
    with unit() as uow:
        opens = not (found and found.second_factor) or second_factor.code_opens(
            uow, account=account, code=code, secret_key=key
        )
        done = [deed(uow)] if opens else []
        uow.commit()  # a code is spent, or its refusal noted, either way
    if not done:
        raise InvalidInput({"code": [say("This code is wrong, was used already, or is too old.")]})
    forgive("password.account", account)  # not before: tries of codes are counted with those of passwords
    return done[0]
