"""Each leg is checked in one question on PostgreSQL, and only accounts that give wait for each other."""

from alembic import op

from marketwright.store.revisions import create

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        create(__file__)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        create(__file__.replace(".py", ".down.py"))
