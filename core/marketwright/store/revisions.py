"""A revision written as SQL: one file an engine, ``<revision>.<engine>.sql``, statements parted by lines of ``--;``."""

import re
from pathlib import Path

from alembic import op


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
