"""The pytest plugin: a house on a fresh database, with the plugins that a test asks for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database sqlite|postgresql`` chooses the engine that tests run on."""
    parser.addoption("--database", default="sqlite", choices=("sqlite", "postgresql"))


def pytest_configure(config: pytest.Config) -> None:
    """Declare this plugin's marks."""
    config.addinivalue_line("markers", "plugins(*names): the plugins that the test's marketplace enables")
    config.addinivalue_line("markers", "settings(**changes): changes of the test's Marketplace")
    config.addinivalue_line("markers", "either_engine: on PostgreSQL in ./check --full alone, unless both_engines")
    config.addinivalue_line("markers", "both_engines: on PostgreSQL in each ./check, though its file is either_engine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only tests with a database run: the others have run already."""
    if config.getoption("--database") != "postgresql":
        return
    kept = [i for i in items if {"database_templates"} & set(getattr(i, "fixturenames", ()))]
    config.hook.pytest_deselected(items=[i for i in items if i not in kept])
    items[:] = kept


@pytest.fixture(scope="session")
def database_templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Templates of the chosen engine, made once a run."""
    import marketwright.tables  # noqa: F401  every room's tables
    from marketwright.store import database
    from marketwright.testing.databases import PostgresqlTemplates, SqliteTemplates, postgresql_server

    with pytest.MonkeyPatch.context() as patch:
        if request.config.getoption("--database") == "sqlite":
            templates = SqliteTemplates(tmp_path_factory.mktemp("databases"))
            patch.setattr(database, "make_engine", templates.engines)
            yield templates
            return
        with postgresql_server() as url:
            served = PostgresqlTemplates(url)
            patch.setattr(database, "make_engine", served.engines)
            yield served
            served.close()


@pytest.fixture
def database_url(database_templates: Any) -> Iterator[str]:
    """The address of a fresh database with the whole schema."""
    with database_templates.fresh() as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Hash passwords at the least cost: tests sign in often and guard nothing."""
    from marketwright.features.accounts import passwords

    passwords.set_cost(passwords.CHEAP)


@pytest.fixture(autouse=True)
def plain_speech() -> None:
    """Begin each test in English and in the default time zone, whatever a request of the test before it spoke."""
    from marketwright.web import formats, i18n

    i18n.set_speech("en", i18n.Catalogues(()))
    formats.set_zone("Europe/Paris")


@pytest.fixture
def empty_database_url(database_templates: Any) -> Iterator[str]:
    """The address of a database without any table."""
    with database_templates.empty() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Any]:
    """A fresh :class:`Database` with a movable clock and empty ports."""
    from marketwright.store.database import Database

    made = Database(database_url, moves=True)
    yield made
    made.dispose()


def testing_marketplace(folder: Path, database_url: str) -> Any:
    """A marketplace called Testing, in English and French, at the demo stage, without a plugin."""
    from marketwright.settings.marketplace import Marketplace, Stage

    return Marketplace(
        folder=folder, name="Testing", slug="testing", stage=Stage.DEMO, languages=("en", "fr"), country="FR",
        currency="EUR", time_zone="Europe/Paris", base_url="http://localhost", theme="", database_url=database_url,
        secret_key="a-key-for-tests-only", plugins=(),
    )  # fmt: skip


def with_plugins(marketplace: Any, *names: str) -> Any:
    """``marketplace`` with the plugins ``names``; the sandbox, where it is among them, is its provider."""
    made = replace(marketplace, plugins=names)
    return replace(made, deal=replace(made.deal, provider="sandbox")) if "sandbox" in names else made


@pytest.fixture
def marketplace(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Any:
    """The marketplace of a test: :func:`testing_marketplace` with the marked plugins and settings."""
    made = testing_marketplace(tmp_path, database_url)
    for mark in request.node.iter_markers("plugins"):
        made = with_plugins(made, *mark.args)
    for mark in request.node.iter_markers("settings"):
        made = replace(made, **mark.kwargs)
    return made


@pytest.fixture
def house(marketplace: Any) -> Iterator[Any]:
    """The house of the test's marketplace."""
    from marketwright.app import build_house

    made = build_house(marketplace)
    yield made
    made.database.dispose()


@pytest.fixture
def app(house: Any) -> Any:
    """The web application of the test's marketplace."""
    from marketwright.app import create_app

    made = create_app(house.marketplace, house)
    made.testing = True
    made.config["RATELIMIT_ENABLED"] = False
    return made


@pytest.fixture
def browse(app: Any) -> Callable[..., Any]:
    """Make visitors: ``browse()`` is anonymous, ``browse(account)`` signed in."""
    from marketwright.testing.browse import Browse

    def make(account: str = "") -> Browse:
        visitor = Browse(app)
        return visitor.sign_in(account) if account else visitor

    return make
