"""Answers in confidence before any contract, and confidential parts of briefs under their seal."""

from pathlib import Path

from marketwright.store.revisions import replace, statements

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    replace(statements(Path(__file__).with_suffix(".down.py")))
