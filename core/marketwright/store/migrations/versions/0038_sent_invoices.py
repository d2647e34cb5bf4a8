"""Documents that sellers make themselves and hand in."""

from marketwright.store.revisions import create, drop

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
