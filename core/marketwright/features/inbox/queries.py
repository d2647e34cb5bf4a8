"""Reads of the inbox."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.inbox.tables import InboxMessage
from marketwright.kernel.frozen import dataclass
from marketwright.store.database import Database
from marketwright.strategies.inbox import Message


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message as the console lists it."""

    id: str
    plugin: str
    type: str
    about: str
    state: str
    attempts: int
    note: str
    received_at: datetime


def latest(session: Session, plugin: str = "", *, most: int = 50) -> list[MessageLine]:
    """The newest messages, of one plugin or of all."""
    m = InboxMessage
    query = select(m.id, m.plugin, m.type, m.about, m.state, m.attempts, m.note, m.received_at)
    if plugin:
        query = query.where(m.plugin == plugin)
    return [MessageLine(*row) for row in session.execute(query.order_by(m.received_at.desc(), m.id).limit(most))]


def counts(session: Session) -> dict[str, dict[str, int]]:
    """How many messages of each plugin are in each state."""
    found: dict[str, dict[str, int]] = {}
    query = select(InboxMessage.plugin, InboxMessage.state, func.count()).group_by(
        InboxMessage.plugin, InboxMessage.state
    )
    for plugin, state, count in session.execute(query):
        found.setdefault(plugin, {})[state] = int(count)
    return found


class StoredMessages:
    """Answers the desk's port ``DeskMessages``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def message(self, plugin: str, id: str) -> Message | None:  # noqa: A002  the word of the domain
        """One stored message of ``plugin``."""
        m = InboxMessage
        with self._database.reading() as session:
            row = session.execute(
                select(m.body, m.headers, m.received_at).where(m.id == id, m.plugin == plugin)
            ).first()
        return Message(row[0], dict(row[1]), row[2]) if row else None
