"""Where the money of freelancers goes, and the time in which a new account is not paid to."""

from marketwright.store.revisions import create

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
