"""A changed sector of an organisation is a change of its missions for the index."""

from marketwright.store.revisions import create

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
