"""Reads of notices and mails."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.messaging.ports import Notice as InboxNotice
from marketwright.features.messaging.queries import unread as unread_messages
from marketwright.features.notifications.saying import restored, spoken
from marketwright.features.notifications.tables import Mail, Notice
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One line of an inbox; ``text`` is to be translated."""

    id: str
    text: Text
    href: str
    at: datetime
    unread: bool


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail as the console lists it."""

    id: str
    kind: str
    address: str
    subject: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    error: str


def notices(session: Session, account: str, *, most: int = 30) -> list[NoticeRow]:
    """The newest notices of ``account``."""
    rows = session.execute(
        select(Notice.id, Notice.template, Notice.params, Notice.href, Notice.at, Notice.read_at)
        .where(Notice.account_id == account)
        .order_by(Notice.at.desc(), Notice.id)
        .limit(most)
    )
    return [NoticeRow(i, _filled(t, p), h, at, read is None) for i, t, p, h, at, read in rows]


def _filled(template: str, params: dict[str, Any]) -> Text:
    return Text(template, restored(params))


def unread_notices(session: Session, account: str) -> int:
    """How many notices ``account`` has not read."""
    statement = select(func.count()).select_from(Notice).where(Notice.account_id == account, Notice.read_at.is_(None))
    return int(session.scalar(statement) or 0)


def mails(session: Session, *, search: str = "", page: int = 1, size: int = 50) -> tuple[list[MailRow], int]:
    """Mails, newest first, whose address or subject holds ``search``; and how many there are in all."""
    where = []
    if search:
        pattern = f"%{search.replace('%', '').replace('_', '')}%"
        where.append(Mail.address.ilike(pattern) | Mail.subject.ilike(pattern))
    total = int(session.scalar(select(func.count()).select_from(Mail).where(*where)) or 0)
    rows = session.execute(
        select(Mail.id, Mail.kind, Mail.address, Mail.subject, Mail.state, Mail.created_at, Mail.sent_at, Mail.error)
        .where(*where)
        .order_by(Mail.created_at.desc(), Mail.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [MailRow(*row) for row in rows], total


def mail(session: Session, id: str) -> Mail | None:  # noqa: A002  the word of the domain
    """The mail ``id`` with its text."""
    return session.scalar(select(Mail).where(Mail.id == id))


class InboxNotices:
    """Answers messaging's port ``Notices``."""

    def __call__(self, session: Session, account: str, limit: int) -> list[InboxNotice]:
        """The newest ``limit`` notices, translated."""
        return [
            InboxNotice("bell", spoken(n.text), f"/notices/{n.id}/open", n.at, n.unread)
            for n in notices(session, account, most=limit)
        ]


class UnreadAll:
    """Answers the web kit's port ``Unread``: messages and notices together."""

    def __call__(self, session: Session, account: str) -> int:
        """How much waits in the inbox."""
        return unread_messages(session, account) + unread_notices(session, account)
