"""Migrations of plugins: the folder ``migrations/versions`` of the package, all of a plugin or nothing of it.

Core is brought up first and never depends on them: what dies half way is rolled back and named, and core works.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from marketwright.hooks.manager import Plugin
from marketwright.kernel.frozen import dataclass
from marketwright.store.database import Database
from marketwright.store.engines import make_engine
from marketwright.store.plugins import prefix_of
from marketwright.store.triggers import missing_triggers

if TYPE_CHECKING:
    from alembic.config import Config

ENVIRONMENT = Path(__file__).parent / "plugin_env"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one plugin's migrations: the revision it stands at, or why nothing was changed."""

    plugin: str
    revision: str
    error: str = ""


def versions_of(plugin: Plugin) -> Path | None:
    """The folder of the plugin's revisions; ``None`` for a plugin without."""
    folder = plugin.folder / "migrations" / "versions" if plugin.folder else None
    return folder if folder is not None and folder.is_dir() else None


def upgrade_plugin(database: Database, plugin: Plugin) -> Outcome:
    """Bring the tables of ``plugin`` up, all or nothing; a failure is in the outcome, not raised."""
    from alembic import command

    try:
        with _alone(database, plugin) as (config, connection):
            command.upgrade(config, "head")
            gone = missing_triggers(connection)
            if gone:
                msg = f"it would lose triggers of core: {', '.join(gone)}"
                raise RuntimeError(msg)
            stray = _strays(connection, plugin)
            if stray:
                msg = f"it makes the table {stray[0]!r}, which is not named {prefix_of(plugin.name)}…"
                raise RuntimeError(msg)
    except Exception as error:  # noqa: BLE001  whatever a plugin's migration does, core goes on
        return Outcome(plugin.name, stands_at(database, plugin.name), f"{type(error).__name__}: {error}")
    return Outcome(plugin.name, stands_at(database, plugin.name))


@contextmanager
def _alone(database: Database, plugin: Plugin) -> Iterator[tuple["Config", Connection]]:
    from alembic.config import Config

    engine = make_engine(database.url, writes=True, schema=database.schema)
    try:
        with engine.connect() as connection:
            connection.info["before"] = set(inspect(connection).get_table_names())
            connection.rollback()
            with connection.begin():
                config = Config()
                config.set_main_option("script_location", str(ENVIRONMENT))
                config.set_main_option("version_locations", str(versions_of(plugin)))
                config.set_main_option("path_separator", "os")
                metadata = plugin.manifest.tables.metadata if plugin.manifest.tables is not None else None
                config.attributes.update(
                    connection=connection, metadata=metadata, version_table=version_table(plugin.name)
                )
                yield config, connection
    finally:
        engine.dispose()


def _strays(connection: Connection, plugin: Plugin) -> list[str]:
    made = set(inspect(connection).get_table_names()) - connection.info["before"]
    return sorted(t for t in made if not t.startswith(prefix_of(plugin.name)))


def version_table(plugin: str) -> str:
    """Where Alembic keeps the plugin's revision."""
    return f"{prefix_of(plugin)}alembic_version"


def stands_at(database: Database, plugin: str) -> str:
    """The revision that the database has of the plugin's tables; '' for none."""
    with database.reads.connect() as connection:
        if not inspect(connection).has_table(version_table(plugin)):
            return ""
        return str(connection.scalar(text(f"SELECT version_num FROM {version_table(plugin)}")) or "")  # noqa: S608


def newest(plugin: Plugin) -> str:
    """The newest revision in the plugin's folder (by file name, as core's); '' for a plugin without."""
    folder = versions_of(plugin)
    names = sorted(f.stem.partition("_")[0] for f in folder.glob("[0-9]*.py")) if folder else []
    return names[-1] if names else ""


def behind(database: Database, plugin: Plugin) -> bool:
    """Whether the plugin's tables are not those that its code wants."""
    return newest(plugin) != "" and stands_at(database, plugin.name) != newest(plugin)


def drop_plugin(database: Database, plugin: str) -> list[str]:
    """Drop every table of ``plugin`` (they were exported before); returns their names."""
    engine = make_engine(database.url, writes=True, schema=database.schema)
    try:
        with engine.connect() as connection, connection.begin():
            names = [t for t in inspect(connection).get_table_names() if t.startswith(prefix_of(plugin))]
            for name in names:
                suffix: Any = "" if engine.dialect.name == "sqlite" else " CASCADE"
                connection.execute(text(f'DROP TABLE "{name}"{suffix}'))
    finally:
        engine.dispose()
    return sorted(names)
