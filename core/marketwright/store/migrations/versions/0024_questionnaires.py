"""What was answered about missions, and what it came to."""

from marketwright.store.revisions import create, drop

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
