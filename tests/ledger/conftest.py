"""A ledger to post to, and money in euros."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from marketwright.features.ledger import service
from marketwright.kernel.actors import system
from marketwright.kernel.money import Money

_numbers = count()


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


class Poster:
    """Posts, each in a commit of its own."""

    def __init__(self, database: Any) -> None:
        self.database = database

    def __call__(self, *legs: tuple[str, int], cause: str = "", effect: str = "tested", contract: str = "") -> str:
        with self.database.unit(system("tests")) as uow:
            made = service.post(
                uow, cause_type="test", cause_id=cause or f"cause-{next(_numbers)}", effect=effect,
                legs=[(account, eur(amount)) for account, amount in legs], contract=contract,
            )  # fmt: skip
            uow.commit()
        return made

    def reverse(self, transaction: str, cause: str = "", **kw: Any) -> str:
        with self.database.unit(system("tests")) as uow:
            made = service.reverse(
                uow, transaction=transaction, cause_type="test", cause_id=cause or f"cause-{next(_numbers)}", **kw
            )
            uow.commit()
        return made


@pytest.fixture
def post(database: Any) -> Poster:
    return Poster(database)


@pytest.fixture
def by_hand(database: Any) -> Callable[..., None]:
    """Somebody with the database's password and no respect: statements without service, triggers left in place."""

    def run(*statements: str) -> None:
        with database.writes.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run


@pytest.fixture
def forge(database: Any) -> Callable[..., None]:
    """As ``by_hand``, with every trigger of the ledger taken away first."""
    from marketwright.store.triggers import REGISTRY, present_triggers

    def run(*statements: str) -> None:
        with database.writes.begin() as connection:
            there = present_triggers(connection)
            for trigger in REGISTRY.values():
                if trigger.name in there:
                    on = "" if connection.dialect.name == "sqlite" else f" ON {trigger.table}"
                    connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}{on}")
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run
