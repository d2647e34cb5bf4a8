"""The first schema: tables, indexes and triggers, as SQL for each engine."""

import re
from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _statements() -> list[str]:
    dialect = op.get_bind().dialect.name
    text = Path(__file__).with_name(f"0001_first.{dialect}.sql").read_text("utf-8")
    return [s.strip() for s in text.split("\n--;\n") if s.strip()]


def upgrade() -> None:
    for statement in _statements():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    bind = op.get_bind()
    found = _statements()
    for name in reversed([m[1] for s in found if (m := re.match(r"CREATE TABLE \"?(\w+)", s))]):
        bind.exec_driver_sql(f'DROP TABLE "{name}"')
    for name in (m[1] for s in found if (m := re.match(r"CREATE OR REPLACE FUNCTION (\w+)", s))):
        bind.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
