"""Saved searches and new matches, and what each of their owners was told."""

from marketwright.store.revisions import create

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    create(__file__.replace(".py", ".down.py"))
