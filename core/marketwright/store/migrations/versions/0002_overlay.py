"""Versions of the settings that the console saves."""

from marketwright.store.revisions import create, drop

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
