"""A small marketplace with a deal, an upload and a plugin's books; and its backup."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from marketwright.app import build_house
from marketwright.features.backups import restoring
from marketwright.features.backups.archive import Manifest
from marketwright.features.backups.taking import take
from marketwright.features.files import service as files
from marketwright.features.ledger.sealer import seal_all
from marketwright.kernel.actors import system
from marketwright.store import identity, migrate
from marketwright.testing.agreed import Stage
from marketwright.web.house import House


@dataclass
class Site:
    """A house with something to lose."""

    house: House
    deal: Stage
    upload: str

    @property
    def books(self) -> Path:
        """What a plugin keeps for itself."""
        return self.house.marketplace.var / "plugins" / "pocket" / "books.sqlite"

    def back_up(self, file: Path) -> Manifest:
        """Take a backup."""
        return take(self.house, file)

    def restore(self, file: Path, **how: Any) -> restoring.Report:
        """Put a backup in place of the site."""
        self.house.database.dispose()
        return restoring.restore(self.house, file, by="Ada", **how)

    def rehearse(self, file: Path) -> restoring.Report:
        """Try a backup."""
        return restoring.rehearse(self.house, file, by="Ada")

    def count(self) -> int:
        """What the plugin's books hold."""
        with closing(sqlite3.connect(self.books)) as db:
            return int(db.execute("SELECT count(*) FROM entries").fetchone()[0])

    def note(self, what: str) -> None:
        """One more row of the audit log, one more entry in the books."""
        with self.house.database.unit(system("tests")) as uow:
            uow.audit(what, "")
            uow.commit()
        with closing(sqlite3.connect(self.books)) as db, db:
            db.execute("INSERT INTO entries VALUES (?)", (what,))


@contextmanager
def opened(marketplace: Any, templates: Any) -> Iterator[Site]:
    """A site on a migrated database."""
    with templates.fresh() as url:
        made = build_house(replace(marketplace, database_url=url, plugins=("standard_contracts",)))
        stamp(made)
        identity.begin(made.database, made.marketplace)
        deal = Stage(made).meet().signed(500_000, 300_000)
        deal.fund()
        with made.database.unit(system("tests")) as uow:
            upload = files.store(uow, data=b"The plan of the network.", name="plan.txt", purpose="confidential",
                                 owner_kind="mission", owner_id=deal.mission)  # fmt: skip
            uow.commit()
        seal_all(made.database, made.marketplace.var)
        found = Site(made, deal, upload)
        found.books.parent.mkdir(parents=True)
        with closing(sqlite3.connect(found.books)) as db, db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE entries (what TEXT)")
        found.note("tests.before")
        yield found
        made.database.dispose()


def stamp(made: House) -> None:
    """Say that the schema came by the migrations: tests/store holds that it is the same."""
    with made.database.writes.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:one)"), {"one": migrate.newest_revision()})


@pytest.fixture
def site(marketplace: Any, database_templates: Any) -> Iterator[Site]:
    """A site of the test's own."""
    with opened(marketplace, database_templates) as found:
        yield found


@pytest.fixture
def saved(site: Site, tmp_path: Path) -> Path:
    """A backup of the site, after which it went on."""
    file = tmp_path / "saved" / "monday.zip"
    site.back_up(file)
    site.note("tests.after")
    return file
