"""People and organisations for the tests of this room; hashing is cheap here."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from marketwright.features.accounts import passwords, service
from marketwright.features.accounts.ports import NoTerms, TermsOfUse
from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import Actor, system
from marketwright.store.database import Database

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap_hashing() -> Iterator[None]:
    passwords.set_cost(passwords.CHEAP)
    yield
    passwords.set_cost(passwords.NORMAL)


@pytest.fixture
def database(request: pytest.FixtureRequest, database_url: str) -> Iterator[Any]:
    """The house's database when the test has a site, else one of its own."""
    if "app" in request.fixturenames:
        yield request.getfixturevalue("house").database
        return
    made = Database(database_url, moves=True)
    made.ports.fill(TermsOfUse, NoTerms())
    made.ports.fill(Plugins, Plugins())
    yield made
    made.dispose()


@pytest.fixture
def do(database: Database) -> Callable[..., Any]:
    """Run one service in a committed unit: ``do(service, by=actor, ...)``."""

    def run(use_case: Callable[..., Any], *, by: Actor | None = None, **arguments: Any) -> Any:
        with database.unit(by or system("tests")) as uow:
            found = use_case(uow, **arguments)
            uow.commit()
        return found

    return run


@pytest.fixture
def make_person(do: Callable[..., Any]) -> Callable[..., str]:
    """Make a confirmed person with the usual password; returns the account's id."""

    def make(name: str = "Anna Martin", *, is_freelancer: bool = False, confirmed: bool = True) -> str:
        email = name.lower().replace(" ", ".") + "@example.org"
        return str(
            do(service.create_account, email=email, name=name, locale="en", is_freelancer=is_freelancer,
               password_hash=passwords.hash_password(PASSWORD), confirmed=confirmed)
        )  # fmt: skip

    return make


@pytest.fixture
def make_client(do: Callable[..., Any], make_person: Callable[..., str]) -> Callable[..., tuple[str, str]]:
    """Make an organisation and its owner; returns both ids."""

    def make(name: str = "Ardent Assurances", owner: str = "Olga Owner") -> tuple[str, str]:
        account = make_person(owner)
        return str(do(service.create_organisation, owner=account, name=name)), account

    return make


def acting(account: str, organisation: str = "", *roles: str, staff: tuple[str, ...] = ()) -> Actor:
    """``account`` as an actor with these roles."""
    held = {organisation: frozenset(roles)} if organisation else {}
    return Actor(kind="person", id=account, organisations=held, staff=frozenset(staff))


@pytest.fixture(name="acting")
def acting_fixture() -> Callable[..., Actor]:
    return acting


@pytest.fixture
def events(database: Database) -> Callable[[], list[tuple[str, str]]]:
    """What was told: (name, subject) in order."""
    from sqlalchemy import select

    from marketwright.store.tables import EventRow

    def told() -> list[tuple[str, str]]:
        with database.reading() as session:
            rows = session.execute(select(EventRow.name, EventRow.subject).order_by(EventRow.at))
            return [(r.name, r.subject) for r in rows]

    return told
