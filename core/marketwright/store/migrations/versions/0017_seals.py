"""What is sealed and who read it; cases and who is named in them."""

from marketwright.store.revisions import create, drop

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
