"""Verdicts that are told to their subject and the vetting team alone."""

from pathlib import Path

from marketwright.store.revisions import refuse_while, replace, statements

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    refuse_while(
        "SELECT 1 FROM vetting_verdicts WHERE private",
        "There are outcomes of private checks, and the schema before 0037 would show them on public pages. Nothing was "
        "changed. Restore a backup of that time instead.",
    )
    replace(statements(Path(__file__).with_suffix(".down.py")))
