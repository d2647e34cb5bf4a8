"""The ledger knows what the marketplace loses: debts that were given up."""

from pathlib import Path

from marketwright.store.revisions import refuse_while, replace, statements

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    refuse_while(
        "SELECT 1 FROM ledger_legs WHERE kind = 'loss' LIMIT 1",
        "A debt was given up, and the version before has no account for it: it cannot be gone back to.",
    )
    replace(statements(Path(__file__).with_suffix(".down.py")))
