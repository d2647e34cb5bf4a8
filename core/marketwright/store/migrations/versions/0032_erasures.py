"""Who was erased, and what stays until when."""

from marketwright.store.revisions import create, drop

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
