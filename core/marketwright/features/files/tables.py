"""Files: what is known of each; the bytes lie in the storage under the file's id."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id


class StoredFile(Base):
    """One file. ``purpose`` says who may read it; ``owner_kind`` and ``owner_id`` what it belongs to."""

    __tablename__ = "files"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"), Index("ix_files_owner", "owner_kind", "owner_id"))

    id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(String(40))
    owner_kind: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # its owner took it away; the bytes follow
