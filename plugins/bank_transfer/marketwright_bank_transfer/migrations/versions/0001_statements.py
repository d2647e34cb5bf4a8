"""Statements, their lines, and what each line paid."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0001", None, None, None
INSTANT = sa.DateTime(timezone=True)
S, L, H = "x_bank_transfer_statements", "x_bank_transfer_lines", "x_bank_transfer_shares"


def _words(**lengths: int) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in lengths.items()]


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        S, *_words(id=16, owner=16, sha256=64, name=120, kind=20, state=5), sa.Column("at", INSTANT, nullable=False),
        sa.Column("outgoing", sa.Integer, nullable=False), sa.Column("pending", sa.Integer, nullable=False),
        sa.Column("entries", sa.JSON, nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{S}"),
        sa.CheckConstraint("state IN ('shown', 'taken')", name=f"ck_{S}_state"),
    )  # fmt: skip
    op.create_table(
        L, *_words(id=16, statement_id=16, owner=16, fingerprint=64), sa.Column("number", sa.Integer, nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False), sa.Column("amount", sa.BigInteger, nullable=False),
        *_words(currency=3, payer=140, text=500, reference=160), sa.Column("named", sa.JSON, nullable=False),
        *_words(closed=10), sa.PrimaryKeyConstraint("id", name=f"pk_{L}"),
        sa.UniqueConstraint("owner", "fingerprint", name=f"uq_{L}_owner_fingerprint"),
        sa.CheckConstraint("amount > 0", name=f"ck_{L}_amount"),
        sa.CheckConstraint("closed IN ('', 'returned', 'other')", name=f"ck_{L}_closed"),
        sa.ForeignKeyConstraint(["statement_id"], [f"{S}.id"], name=f"fk_{L}_statement_id"),
    )  # fmt: skip
    op.create_table(
        H, *_words(id=16, line_id=16, bill=16), sa.Column("planned", sa.BigInteger, nullable=False),
        sa.Column("taken", sa.BigInteger), *_words(why=10), sa.Column("undone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{H}"),
        sa.CheckConstraint("planned > 0 AND (taken IS NULL OR taken BETWEEN 0 AND planned)", name=f"ck_{H}_taken"),
        sa.ForeignKeyConstraint(["line_id"], [f"{L}.id"], name=f"fk_{H}_line_id"),
    )  # fmt: skip
    for table, column in ((S, "owner"), (L, "owner"), (L, "statement_id"), (H, "line_id"), (H, "bill")):
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Drop them."""
    for table in (H, L, S):
        op.drop_table(table)
