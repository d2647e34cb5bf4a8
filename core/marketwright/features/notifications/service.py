"""Reading notices."""

from sqlalchemy import update

from marketwright.features.notifications.tables import Notice
from marketwright.store.unit import UnitOfWork


def mark_read(uow: UnitOfWork, *, notice: str = "") -> None:
    """Mark one notice of the actor as read, or all of them."""
    statement = update(Notice).where(Notice.account_id == uow.actor.id, Notice.read_at.is_(None))
    if notice:
        statement = statement.where(Notice.id == notice)
    uow.session.execute(statement.values(read_at=uow.now))
