"""Bills of plans keep what is left of an earlier plan for the bills after them."""

from pathlib import Path

from marketwright.store.revisions import refuse_while, replace, statements

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    refuse_while(
        "SELECT 1 FROM subscription_bills WHERE carried > 0 LIMIT 1",
        "Something that was paid is kept for later bills, and the version before would lose it: no way back.",
    )
    replace(statements(Path(__file__).with_suffix(".down.py")))
