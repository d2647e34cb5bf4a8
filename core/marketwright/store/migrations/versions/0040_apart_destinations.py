"""A payout waits for the accounts that it may go to, not for one at another provider."""

from pathlib import Path

from marketwright.store.revisions import replace, statements

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    replace(statements(Path(__file__).with_suffix(".down.py")))
