"""Migrations: core's own, with Alembic. On SQLite foreign keys rest meanwhile and are checked before the commit."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from marketwright.kernel.errors import BadSetting, BrokenInvariant
from marketwright.store.database import Database
from marketwright.store.engines import make_engine
from marketwright.store.tables import ClockRow
from marketwright.store.triggers import missing_triggers

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"


def _config(connection: Connection, target: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"], config.attributes["target"] = connection, target
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema to ``revision``, all or nothing."""
    _migrate(database, revision, down=False)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to ``revision`` (``base`` for none)."""
    _migrate(database, revision, down=True)


def _migrate(database: Database, revision: str, *, down: bool) -> None:
    engine = make_engine(database.url, writes=True, schema=database.schema)
    try:
        with engine.connect() as connection:
            _moved(connection, revision, down=down)
    finally:
        engine.dispose()  # also where the migration was refused: a pool that is dropped leaves its connections open


def _moved(connection: Connection, revision: str, *, down: bool) -> None:
    from alembic import command

    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        (command.downgrade if down else command.upgrade)(_config(connection, revision), revision)
        if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
            raise BrokenInvariant("The migration would leave rows without what they refer to; nothing was changed.")
        whole = not down and revision in ("head", newest_revision())
        if whole and (gone := missing_triggers(connection)):
            raise BrokenInvariant("The migration would lose triggers: %(names)s.", names=", ".join(gone))


def current_revision(database: Database) -> str | None:
    """The revision of the database, ``None`` for an empty one."""
    with database.reads.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def newest_revision() -> str:
    """The revision that this version of the code wants (read from file names: Alembic takes seconds to import)."""
    return max(f.name.split("_", 1)[0] for f in (SCRIPTS / "versions").glob("[0-9]*.py"))


def knows(revision: str) -> bool:
    """Whether this version of the code can bring a schema of ``revision`` to its own."""
    return any(f.name.split("_", 1)[0] == revision for f in (SCRIPTS / "versions").glob("[0-9]*.py"))


def refuse_old_schema(database: Database) -> None:
    """Stop the start when the schema is not the one of this code (K6).

    One that was made at once (``Database.create_schema``: tests, simulations) has no revision, and is this code's.
    """
    has, wants = current_revision(database), newest_revision()
    if has is None and _made_at_once(database):
        return
    if has != wants:
        raise BadSetting(
            f"the schema is {has or 'empty'}, this version needs {wants}.", where="database",
            fix="Run: marketwright db upgrade",
        )  # fmt: skip


def _made_at_once(database: Database) -> bool:
    with database.reads.connect() as connection:
        return inspect(connection).has_table(ClockRow.__tablename__)
