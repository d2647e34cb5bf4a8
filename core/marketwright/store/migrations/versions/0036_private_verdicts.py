"""Verdicts that are told to their subject and the vetting team alone."""

from pathlib import Path

from marketwright.store.revisions import replace, statements

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    replace(statements(Path(__file__).with_suffix(".down.py")))
