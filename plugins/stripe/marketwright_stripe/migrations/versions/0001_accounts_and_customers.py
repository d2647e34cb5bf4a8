"""Who stands for whom at Stripe."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0001", None, None, None


def upgrade() -> None:
    """Create both tables."""
    for table, column, person in (("accounts", "account", "payee"), ("customers", "customer", "payer")):
        op.create_table(
            f"x_stripe_{table}", sa.Column(column, sa.String(80), nullable=False),
            sa.Column(person, sa.String(16), nullable=False), sa.Column("live", sa.Boolean, nullable=False),
            sa.PrimaryKeyConstraint(column, name=f"pk_x_stripe_{table}"),
            sa.UniqueConstraint(person, "live", name=f"uq_x_stripe_{table}_{person}_live"),
        )  # fmt: skip
        op.create_index(f"ix_x_stripe_{table}_{person}", f"x_stripe_{table}", [person])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("x_stripe_customers")
    op.drop_table("x_stripe_accounts")
