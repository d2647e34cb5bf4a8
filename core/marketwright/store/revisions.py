"""A revision written as SQL: one file an engine, ``<revision>.<engine>.sql``, statements parted by lines of ``--;``."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from alembic import op

from marketwright.kernel.errors import Conflict


def statements(revision: Path) -> list[str]:
    """The statements of ``revision`` (its Python file) for the engine that is being migrated."""
    dialect = op.get_bind().dialect.name
    text = revision.with_name(f"{revision.stem}.{dialect}.sql").read_text("utf-8")
    return [s.strip() for s in text.split("\n--;\n") if s.strip()]


def create(revision: str) -> None:
    """Run the statements of the revision whose ``__file__`` this is."""
    for statement in statements(Path(revision)):
        op.get_bind().exec_driver_sql(statement)


def drop(revision: str) -> None:
    """Drop the triggers, tables and functions that the revision creates, the last first."""
    bind, found = op.get_bind(), statements(Path(revision))
    if bind.dialect.name == "sqlite":  # on PostgreSQL they go with their functions
        for name in (m[1] for s in found if (m := re.match(r"CREATE TRIGGER (\w+)", s))):
            bind.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    for name in reversed([m[1] for s in found if (m := re.match(r"CREATE TABLE \"?(\w+)", s))]):
        bind.exec_driver_sql(f'DROP TABLE "{name}"')
    for name in (m[1] for s in found if (m := re.match(r"CREATE OR REPLACE FUNCTION (\w+)", s))):
        bind.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def refuse_while(query: str, why: str) -> None:
    """``Conflict`` with ``why`` while ``query`` finds a row; ``base`` empties the schema anyway."""
    config = op.get_context().config
    emptied = config is not None and config.attributes.get("target") == "base"
    if not emptied and op.get_bind().exec_driver_sql(query).first() is not None:
        raise Conflict(why)


def replace(statements: list[str], *, fill: Mapping[str, str] = MappingProxyType({})) -> None:
    """Run ``statements``; where one makes a table or trigger that is there already, it is made anew with its rows.

    For SQLite, which cannot change a table's checks: rows, indexes and every trigger that names the table are kept.
    ``fill`` gives the SQL of a new column's value where 0 or the empty text is not it.
    """
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")  # a rename leaves other tables' references alone
    for statement in statements:
        made = re.match(r"CREATE (TABLE|TRIGGER) \"?(\w+)", statement)
        there = made is not None and bind.dialect.name == "sqlite" and bind.exec_driver_sql(
            "SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?", (made[1].lower(), made[2])
        ).first()
        if made is not None and there and made[1] == "TABLE":
            _rebuild(made[2], statement, fill)
            continue
        if made is not None and there:
            bind.exec_driver_sql(f"DROP TRIGGER {made[2]}")
        bind.exec_driver_sql(statement)


def _rebuild(table: str, statement: str, fill: Mapping[str, str]) -> None:
    bind = op.get_bind()
    indexes = [
        r[0] for r in bind.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (table,)
        )
    ]  # fmt: skip
    word = re.compile(rf"\b{table}\b")
    triggers = [
        (r[0], r[1]) for r in bind.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        if word.search(r[1])
    ]  # fmt: skip
    for name, _sql in triggers:
        bind.exec_driver_sql(f"DROP TRIGGER {name}")
    before = {r[1] for r in bind.exec_driver_sql(f"PRAGMA table_info({table})")}
    bind.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    bind.exec_driver_sql(statement)
    names, values = [], []
    for row in bind.exec_driver_sql(f"PRAGMA table_info({table})"):
        name, kind, needed = str(row[1]), str(row[2]), bool(row[3])
        if name in before or needed:
            names.append(name)
            values.append(name if name in before else fill.get(name, "''" if "CHAR" in kind else "0"))
    bind.exec_driver_sql(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}_before"  # noqa: S608
    )
    bind.exec_driver_sql(f"DROP TABLE {table}_before")
    for sql in (*indexes, *(sql for _name, sql in triggers)):
        bind.exec_driver_sql(sql)
