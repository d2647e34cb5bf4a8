"""Reads of notices: what waits, what was decided, what somebody reported, what was restricted of theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from marketwright.features.accounts.tables import Account
from marketwright.features.notices.tables import ContentNotice, ContentStatement
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice; ``reporter`` is what who reported is called ('' for a visitor without a name)."""

    id: str
    kind: str
    thing: str
    about: str
    account: str
    email: str
    locale: str
    category: str
    explanation: str
    seen: str
    at: datetime
    decision: str
    reason: str
    decided_at: datetime | None
    reporter: str
    author: str
    decider: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """What was told to whose content was restricted."""

    id: str
    account: str
    kind: str
    thing: str
    category: str
    ground: str
    reason: str
    at: datetime


def _notices() -> Select[Any]:
    n, by, about, decider = ContentNotice, aliased(Account), aliased(Account), aliased(Account)
    columns: tuple[Any, ...] = (
        n.id, n.kind, n.thing, n.about, func.coalesce(n.account_id, ""), n.email, n.locale, n.category, n.explanation,
        n.seen, n.at, n.decision, n.reason, n.decided_at, func.coalesce(by.name, n.name), about.name,
        func.coalesce(decider.name, ""),
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(by, by.id == n.account_id)
        .join(about, about.id == n.about)
        .outerjoin(decider, decider.id == n.decided_by)
    )


def notice(session: Session, id: str) -> NoticeRow | None:  # noqa: A002  the word of the domain
    """The notice ``id``."""
    row = session.execute(_notices().where(ContentNotice.id == id)).first()
    return NoticeRow(*row) if row else None


def waiting(session: Session, reader: str, page: int, size: int) -> tuple[list[NoticeRow], int]:
    """Those that wait and are not about ``reader``, who is of the staff; oldest first, and how many there are."""
    n = ContentNotice
    return _page(session, _notices().where(n.decided_at.is_(None), n.about != reader).order_by(n.at, n.id), page, size)


def decided(session: Session, reader: str, page: int, size: int) -> tuple[list[NoticeRow], int]:
    """The same of those that were decided, the newest decision first."""
    n = ContentNotice
    query = _notices().where(n.decided_at.is_not(None), n.about != reader)
    return _page(session, query.order_by(n.decided_at.desc(), n.id), page, size)


def _page(session: Session, query: Select[Any], page: int, size: int) -> tuple[list[NoticeRow], int]:
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return [NoticeRow(*row) for row in session.execute(query.limit(size).offset((page - 1) * size))], total


def others_about(session: Session, row: NoticeRow) -> list[NoticeRow]:
    """The other notices about the same thing, newest first."""
    n = ContentNotice
    query = _notices().where(n.kind == row.kind, n.thing == row.thing, n.id != row.id)
    return [NoticeRow(*r) for r in session.execute(query.order_by(n.at.desc(), n.id).limit(20))]


def open_of(session: Session, kind: str, thing: str, *, account: str, email: str = "") -> str:
    """The notice about a thing that waits, by this account, or by this address without one; '' where none does."""
    n = ContentNotice
    mine = n.account_id == account if account else n.email == email
    found = select(n.id).where(n.kind == kind, n.thing == thing, n.decided_at.is_(None), mine)
    return session.scalar(found.limit(1)) or ""


def notices_of(session: Session, account: str) -> Sequence[NoticeRow]:
    """What ``account`` reported, newest first."""
    n = ContentNotice
    query = _notices().where(n.account_id == account).order_by(n.at.desc(), n.id).limit(100)
    return [NoticeRow(*row) for row in session.execute(query)]


def _statements() -> Select[Any]:
    s = ContentStatement
    columns: tuple[Any, ...] = (s.id, s.account_id, s.kind, s.thing, s.category, s.ground, s.reason, s.at)
    return select(*columns)


def statement(session: Session, id: str) -> StatementRow | None:  # noqa: A002  the word of the domain
    """The statement of reasons ``id``."""
    row = session.execute(_statements().where(ContentStatement.id == id)).first()
    return StatementRow(*row) if row else None


def was_restricted(session: Session, kind: str, thing: str) -> bool:
    """Whether a decision on a notice restricted the thing at some time."""
    s = ContentStatement
    return session.scalar(select(s.id).where(s.kind == kind, s.thing == thing).limit(1)) is not None


def statements_of(session: Session, account: str) -> Sequence[StatementRow]:
    """What was restricted of the content of ``account``, newest first."""
    s = ContentStatement
    query = _statements().where(s.account_id == account).order_by(s.at.desc(), s.id).limit(100)
    return [StatementRow(*row) for row in session.execute(query)]
