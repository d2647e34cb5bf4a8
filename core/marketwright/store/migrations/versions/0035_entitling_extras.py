"""Services beside a contract that entitle to something for some days."""

from pathlib import Path

from marketwright.store.revisions import replace, statements

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)))


def downgrade() -> None:
    replace(statements(Path(__file__).with_suffix(".down.py")))
