"""Why an invoice took nothing of a share."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None


def upgrade() -> None:
    """Add the reason."""
    op.add_column("x_bank_transfer_shares", sa.Column("refused", sa.JSON))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("x_bank_transfer_shares", "refused")
