"""Sealed answers of briefs, sealed papers, and the times within which something that was signed is allowed."""

from pathlib import Path

from marketwright.store.revisions import replace, statements

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    replace(statements(Path(__file__).with_suffix(".down.py")))
