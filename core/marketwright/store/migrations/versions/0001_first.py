"""The first schema: tables, indexes and triggers, as SQL for each engine."""

from marketwright.store.revisions import create, drop

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
