"""What is agreed on of deliverables with each offer, and what is handed over in their form."""

from marketwright.store.revisions import create

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
