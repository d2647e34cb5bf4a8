"""Who was invited to sign one document, signed up for it and left signs it no more: their invitations are withdrawn."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE invitations SET withdrawn_at = accepted_at WHERE kind = 'signatory' AND accepted_at IS NOT NULL "
        "AND withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM memberships AS m "
        "WHERE m.organisation_id = invitations.organisation_id AND m.account_id = invitations.accepted_by)"
    )


def downgrade() -> None:
    """The version before reads no accepted invitation again."""
