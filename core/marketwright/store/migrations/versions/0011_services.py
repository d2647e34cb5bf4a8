"""Services with their options, and orders of them."""

from marketwright.store.revisions import create

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
