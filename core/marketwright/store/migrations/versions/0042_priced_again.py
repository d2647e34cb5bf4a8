"""Taxes and fees of a milestone freeze with both signatures: until then a side's VAT regime may still change them."""

from pathlib import Path

from marketwright.store.revisions import replace, statements

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    replace(statements(Path(__file__).with_suffix(".down.py")))
