"""Disputes, arrivals, payees, returns, reconciliations; holds and commands that know of them."""

from pathlib import Path

from marketwright.store.revisions import replace, statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace(statements(Path(__file__)), fill={"kind": "'answer'"})


def downgrade() -> None:
    replace(statements(Path(__file__).with_suffix(".down.py")))
