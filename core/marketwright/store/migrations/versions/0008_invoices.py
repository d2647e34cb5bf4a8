"""Invoices, credit notes, what is due, and mandates to issue them."""

from marketwright.store.revisions import create, drop

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
