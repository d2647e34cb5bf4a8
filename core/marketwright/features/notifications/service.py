"""Reading notices, and telling one person something."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from marketwright.features.accounts import queries as accounts
from marketwright.features.notifications import events
from marketwright.features.notifications.saying import stored
from marketwright.features.notifications.tables import Notice
from marketwright.kernel.errors import NotFound
from marketwright.store.unit import UnitOfWork


def mark_read(uow: UnitOfWork, *, notice: str = "") -> None:
    """Mark one notice of the actor as read, or all of them."""
    statement = update(Notice).where(Notice.account_id == uow.actor.id, Notice.read_at.is_(None))
    if notice:
        statement = statement.where(Notice.id == notice)
    uow.session.execute(statement.values(read_at=uow.now))


def announce(
    uow: UnitOfWork, *, account: str, text: str, path: str = "", places: Mapping[str, Any] | None = None
) -> None:
    """Tell ``account`` something, in their inbox and by mail, for a plugin; ``path`` is where it leads.

    With ``places`` the ``text`` is a message: each reads it in their language, with these in its places (plain values,
    amounts, dates).
    """
    if accounts.account(uow.session, account) is None:
        raise NotFound("There is no such person.")
    uow.emit(events.ANNOUNCED, account, text=text, path=path, places=stored(places) if places is not None else None)
    uow.audit("person.told", account, text=text[:200])
