"""The marketplace of a folder, opened for its own tests: a copy of the folder, a fresh database, no secret, no mail."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask

from marketwright.app import build_house, create_app
from marketwright.features.desk.life import upgrade_tables
from marketwright.kernel.frozen import dataclass
from marketwright.settings.loader import load_marketplace
from marketwright.store.database import Database
from marketwright.testing.browse import Browse
from marketwright.web.house import House

LEFT_OUT = shutil.ignore_patterns("var", ".venv", ".git", "__pycache__", ".pytest_cache", "vendor")
ENVIRONMENT = {"MARKETWRIGHT_STAGE": "test", "MARKETWRIGHT_BASE_URL": "http://localhost"}


@dataclass(frozen=True, slots=True)
class Site:
    """A house and the web application around it."""

    house: House
    app: Flask

    def browse(self, account: str = "") -> Browse:
        """A visitor, signed in as ``account`` where one is given."""
        visitor = Browse(self.app)
        return visitor.sign_in(account) if account else visitor


@contextmanager
def open_site(
    folder: Path, scratch: Path, *, processes: tuple[str, ...] = (), environment: Mapping[str, str] = ENVIRONMENT
) -> Iterator[Site]:
    """The marketplace in ``folder`` at the stage ``test``, on an empty SQLite database in ``scratch``.

    Nothing is written to ``folder``. Gates are open, since their checks wait for people: what the deal itself does
    is tested, not who may begin one. ``processes`` replaces those that the marketplace offers.
    """
    copy = scratch / "marketplace"
    shutil.copytree(folder, copy, ignore=LEFT_OUT)
    url = f"sqlite:///{scratch / 'marketplace.sqlite'}"
    made = replace(load_marketplace(copy, environment), database_url=url, gates={})
    if processes:
        made = replace(made, deal=replace(made.deal, processes=processes))
    house = build_house(made)
    _schema(house.database)
    upgrade_tables(house)
    app = create_app(made, house)
    app.testing = True
    app.config["RATELIMIT_ENABLED"] = False
    try:
        yield Site(house, app)
    finally:
        house.database.dispose()


def _schema(database: Database) -> None:
    import marketwright.tables  # noqa: F401  every room's tables

    database.create_schema()
