"""One inbox for the messages of every outside service, payment messages moved into it; counters of plugins."""

from marketwright.store.revisions import create

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
