"""Services, and what clients say of themselves, can be reported."""

from pathlib import Path

from marketwright.store.revisions import refuse_while, replace, statements

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    refuse_while(
        "SELECT 1 FROM content_notices WHERE kind IN ('service', 'client') LIMIT 1",
        "A service or a client was reported, and the version before knows no such report: it cannot be gone back to.",
    )
    replace(statements(Path(__file__).with_suffix(".down.py")))
