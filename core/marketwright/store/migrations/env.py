"""Alembic's environment: runs on the connection that store/migrate.py hands over."""

from alembic import context

import marketwright.tables  # noqa: F401
from marketwright.store.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
