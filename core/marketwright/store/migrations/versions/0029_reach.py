"""Who may do a mission: how near they must live, or from where they may work remotely."""

from marketwright.store.revisions import create

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
