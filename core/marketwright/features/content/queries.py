"""Reads of pages that the console keeps."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.content.tables import ContentDraft, ContentVersion
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a page in one language."""

    id: str
    page: str
    language: str
    number: int
    title: str
    text: str
    source: str
    withdrawn: bool
    asks: bool
    starts_at: datetime
    published_at: datetime
    actor_name: str
    note: str


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What is being written; ``version`` counts the times it was kept."""

    page: str
    language: str
    title: str
    text: str
    version: int
    updated_at: datetime
    actor_name: str


_VERSION: tuple[Any, ...] = tuple(getattr(ContentVersion, name) for name in VersionRow.__dataclass_fields__)
_DRAFT: tuple[Any, ...] = tuple(getattr(ContentDraft, name) for name in DraftRow.__dataclass_fields__)


def in_force(session: Session, page: str, languages: tuple[str, ...], now: datetime) -> dict[str, VersionRow]:
    """The newest version of ``page`` that has begun, by language; also one that gives the page back."""
    query = (
        select(*_VERSION)
        .where(ContentVersion.page == page, ContentVersion.language.in_(languages), ContentVersion.starts_at <= now)
        .order_by(ContentVersion.starts_at, ContentVersion.number)
    )
    return {row.language: row for row in (VersionRow(*r) for r in session.execute(query))}


def versions(session: Session, page: str, language: str = "") -> list[VersionRow]:
    """All versions of ``page``, the newest first."""
    query = select(*_VERSION).where(ContentVersion.page == page)
    if language:
        query = query.where(ContentVersion.language == language)
    query = query.order_by(ContentVersion.number.desc(), ContentVersion.language)
    return [VersionRow(*row) for row in session.execute(query)]


def version(session: Session, id: str) -> VersionRow | None:  # noqa: A002  the word of the domain
    """The version ``id``."""
    row = session.execute(select(*_VERSION).where(ContentVersion.id == id)).first()
    return VersionRow(*row) if row else None


def draft(session: Session, page: str, language: str) -> DraftRow | None:
    """The draft of ``page`` in ``language``."""
    query = select(*_DRAFT).where(ContentDraft.page == page, ContentDraft.language == language)
    row = session.execute(query).first()
    return DraftRow(*row) if row else None


def drafts(session: Session, page: str = "") -> list[DraftRow]:
    """The drafts of ``page``, or of all pages."""
    query = select(*_DRAFT).order_by(ContentDraft.page, ContentDraft.language)
    if page:
        query = query.where(ContentDraft.page == page)
    return [DraftRow(*row) for row in session.execute(query)]


def pages_kept(session: Session) -> list[str]:
    """Names of the pages of which the console keeps something, sorted."""
    kept = set(session.scalars(select(ContentVersion.page).distinct()))
    return sorted(kept | set(session.scalars(select(ContentDraft.page).distinct())))


def newest_number(session: Session, page: str) -> int:
    """The number of the newest version of ``page``; 0 when there is none."""
    return session.scalar(select(func.max(ContentVersion.number)).where(ContentVersion.page == page)) or 0
