"""A plugin leaves for good: refused while it is needed; its tables are exported before they are dropped."""

import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, inspect, select

from marketwright.features.desk import life
from marketwright.hooks.installed import installed
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.store.plugin_migrations import drop_plugin
from marketwright.store.plugins import prefix_of
from marketwright.web.house import House


@dataclass(frozen=True, slots=True)
class Left:
    """What was done: whether it was enabled before, the tables that are gone, the file that keeps them, its package."""

    disabled: bool
    tables: tuple[str, ...]
    export: Path | None
    package: str


def refuse(house: House, name: str) -> None:
    """``NotFound`` for a plugin that nobody knows here, ``InvalidInput`` with the list of what needs it (P5)."""
    if name not in {*life.available(house), *house.marketplace.plugins} and not tables_of(house, name):
        raise NotFound("There is no such plugin here.")
    life.refuse_in_use(house, [name])


def leave(house: House, actor: Actor, name: str) -> Left:
    """Disable ``name``, export its tables, drop them. What fails leaves what comes after it undone."""
    refuse(house, name)
    disabled = name in house.marketplace.plugins
    if disabled:
        life.disable(house, actor, name, note="uninstalled")
    names = tables_of(house, name)
    export = _export(house, name, names) if names else None
    if names:
        drop_plugin(house.database, name)
    with house.database.unit(actor) as uow:
        uow.audit("plugin.uninstalled", name, tables=names, export=str(export or ""))
        uow.commit()
    point = installed().get(name)
    package = point.dist.name if point is not None and point.dist is not None else ""
    return Left(disabled, tuple(names), export, package)


def tables_of(house: House, name: str) -> list[str]:
    """The tables in the database that are named as the plugin's."""
    with house.database.reads.connect() as connection:
        return sorted(t for t in inspect(connection).get_table_names() if t.startswith(prefix_of(name)))


def _export(house: House, name: str, names: list[str]) -> Path:
    """One line of JSON a row, one file a table, in a zip that is whole or not there."""
    folder = house.marketplace.var / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"plugin-{name}-{house.clock.machine():%Y%m%d-%H%M%S}.zip"
    half = file.with_suffix(".half")
    metadata = MetaData()
    with house.database.reads.connect() as connection, zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        metadata.reflect(connection, only=names)
        for table in metadata.sorted_tables:
            rows = connection.execute(select(table)).mappings()
            archive.writestr(f"{table.name}.jsonl", "".join(json.dumps(dict(r), default=_plain) + "\n" for r in rows))
    half.replace(file)
    return file


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
