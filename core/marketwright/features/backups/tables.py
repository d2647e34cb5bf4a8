"""What was restored and rehearsed, by whom: append only. A restored database knows which restore it came by."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.triggers import append_only


class Restoration(Base):
    """One backup that was brought back: ``rehearsal`` into a scratch place, or ``restore`` over the site."""

    __tablename__ = "restorations"
    __table_args__ = (CheckConstraint("kind IN ('rehearsal', 'restore')", name="kind"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]  # machine time
    by: Mapped[str] = mapped_column(String(200))
    file: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]  # when the backup was made
    rows: Mapped[int]
    files: Mapped[int]
    sealed: Mapped[int]  # the last number of the ledger
    findings: Mapped[int]  # what `ledger verify` found to be grave


append_only("restorations")
