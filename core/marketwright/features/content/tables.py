"""What the console keeps of pages: versions, which are never changed again, and one draft a page and language."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.triggers import append_only


class ContentVersion(Base):
    """One published version of a page in one language; ``number`` is shared by the languages published together."""

    __tablename__ = "content_versions"
    __table_args__ = (
        UniqueConstraint("page", "language", "number"),
        Index("ix_content_versions_page_language_starts_at", "page", "language", "starts_at"),
    )

    id: Mapped[Id]
    page: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)  # Markdown; for the front page its blocks as JSON
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(10))  # console, file
    withdrawn: Mapped[bool]  # from then on the file speaks again, or nothing
    asks: Mapped[bool]  # whether people are told of it and asked to accept it
    starts_at: Mapped[datetime]  # business time
    published_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)


class ContentDraft(Base):
    """What is being written: nobody but staff sees it."""

    __tablename__ = "content_drafts"

    page: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    updated_at: Mapped[datetime]
    actor_name: Mapped[str] = mapped_column(String(200))


append_only("content_versions")
