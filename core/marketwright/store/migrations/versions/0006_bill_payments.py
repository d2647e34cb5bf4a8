"""Payments that arrived on bills."""

from marketwright.store.revisions import create, drop

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
