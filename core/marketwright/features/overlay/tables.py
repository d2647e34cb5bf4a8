"""Versions of the settings: append only; an undo is a version of its own."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from marketwright.store.base import Base, Serial
from marketwright.store.triggers import append_only


class OverlayVersion(Base):
    """One change of one or several keys, by one person; ``undoes`` names the version that it makes void."""

    __tablename__ = "overlay_versions"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    starts_at: Mapped[datetime]  # business time: not in force before
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    undoes: Mapped[int | None] = mapped_column(ForeignKey("overlay_versions.version"))


class OverlayChange(Base):
    """One key of a version: ``{"value": ...}`` before and after; nothing where the file speaks."""

    __tablename__ = "overlay_changes"
    __table_args__ = (UniqueConstraint("version", "key"),)

    seq: Mapped[Serial]
    version: Mapped[int] = mapped_column(ForeignKey("overlay_versions.version"))
    key: Mapped[str] = mapped_column(String(200), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


append_only("overlay_versions")
append_only("overlay_changes")
