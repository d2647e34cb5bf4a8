"""Cases and who of the staff is named in them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.triggers import append_only


class Case(Base):
    """One reason for staff to look into a contract; it ends at ``ends_at``, or earlier when somebody closes it."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("side IN ('client', 'freelancer', 'staff')", name="side"),
        CheckConstraint("reason <> ''", name="with_a_reason"),
        CheckConstraint("ends_at > opened_at", name="ends"),
        Index("ix_cases_contract", "contract_id", "ends_at"),
    )

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"))
    side: Mapped[str] = mapped_column(String(10))  # who opened it
    opened_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(16), default="")


class CaseStaff(Base):
    """Somebody of the staff, named in a case by whom and when."""

    __tablename__ = "case_staff"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    named_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


append_only("case_staff")
