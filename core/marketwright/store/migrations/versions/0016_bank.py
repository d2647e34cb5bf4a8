"""The ledger knows the marketplace's own bank account."""

from pathlib import Path

from marketwright.store.revisions import replace, statements

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    replace(statements(Path(__file__).with_suffix(".down.py")))
