"""Half days instead of days; periods of a contract with their timesheets."""

from marketwright.store.revisions import create

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
