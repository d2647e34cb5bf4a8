"""Codes and their uses, services beside contracts, entitlements, subscriptions and their bills."""

from marketwright.store.revisions import create, drop

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
