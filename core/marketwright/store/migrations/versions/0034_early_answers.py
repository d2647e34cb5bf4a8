"""Answers in confidence before any contract, and confidential parts of briefs under their seal."""

from pathlib import Path

from marketwright.store.revisions import refuse_while, replace, statements

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    refuse_while(
        "SELECT 1 FROM early_answers UNION ALL SELECT 1 FROM confidential_parts WHERE seal <> ''",
        "Confidential parts and answers given in confidence are sealed, and the schema before 0034 knows no seal of "
        "theirs: they would be lost. Nothing was changed. Restore a backup of that time instead.",
    )
    replace(statements(Path(__file__).with_suffix(".down.py")))
