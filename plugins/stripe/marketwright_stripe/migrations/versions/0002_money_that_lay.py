"""Which unused transfers were told of."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "x_stripe_lying", sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("customer", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_x_stripe_lying"),
    )  # fmt: skip
    op.create_index("ix_x_stripe_lying_customer", "x_stripe_lying", ["customer"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("x_stripe_lying")
