"""Vectors of profiles and briefs."""

from marketwright.store.revisions import create, drop

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
