"""Forgetting what a person was told."""

from sqlalchemy import delete, or_

from marketwright.features.notifications.tables import Mail, Notice
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, account: str, address: str) -> None:
    """Delete every mail and notice of ``account``, and what went to ``address`` before it had one."""
    uow.session.execute(delete(Mail).where(or_(Mail.account_id == account, Mail.address == address)))
    uow.session.execute(delete(Notice).where(Notice.account_id == account))
