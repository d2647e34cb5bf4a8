"""What people report, the decisions on it, statements of reasons, and messages that staff hid from the other side."""

from marketwright.store.revisions import create, drop, refuse_while

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(__file__)


def downgrade() -> None:
    refuse_while(
        "SELECT 1 FROM content_notices UNION ALL SELECT 1 FROM hidden_messages",
        "The schema before 0044 keeps no reports, no decisions on them and no hidden messages: what was hidden would "
        "be read again. Nothing was changed. Restore a backup of that time instead.",
    )
    drop(__file__)
