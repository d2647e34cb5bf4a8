"""Jobs that go before all others are found by their kind."""

from marketwright.store.revisions import create

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
