"""For whom the database was begun; restorations, approvals and test mails."""

from marketwright.store.revisions import create, drop

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    drop(__file__)
