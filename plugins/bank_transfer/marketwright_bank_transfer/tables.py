"""Statements that were read, their lines, and what each line paid. A line counts once, whatever file it comes in."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.plugin import Desk, core_ref, plugin_base

if TYPE_CHECKING:  # a checker of types takes no base that a function made
    from sqlalchemy.orm import DeclarativeBase

    Base = DeclarativeBase
else:
    Base = plugin_base("bank_transfer")


class StatementRow(Base):
    """One uploaded file of ``owner``. While it is looked at (``shown``) its entries wait here; then lines keep them."""

    __tablename__ = "x_bank_transfer_statements"
    __table_args__ = (CheckConstraint("state IN ('shown', 'taken')", name="state"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    owner: Mapped[str] = core_ref("account")
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(5))
    at: Mapped[datetime]
    outgoing: Mapped[int]
    pending: Mapped[int]
    entries: Mapped[list[Any]] = mapped_column(JSON)


class LineRow(Base):
    """One payment that came in. ``closed`` says what became of the part that no invoice took: '' is not yet said."""

    __tablename__ = "x_bank_transfer_lines"
    __table_args__ = (
        UniqueConstraint("owner", "fingerprint"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("closed IN ('', 'returned', 'other')", name="closed"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    statement_id: Mapped[str] = mapped_column(ForeignKey("x_bank_transfer_statements.id"), index=True)
    owner: Mapped[str] = core_ref("account")
    fingerprint: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    booked_on: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    payer: Mapped[str] = mapped_column(String(140))
    text: Mapped[str] = mapped_column(String(500))
    reference: Mapped[str] = mapped_column(String(160))
    named: Mapped[list[Any]] = mapped_column(JSON)
    closed: Mapped[str] = mapped_column(String(10))


class ShareRow(Base):
    """``planned`` minor units of a line for one invoice, and what the invoice ``taken`` (none yet while it is asked).

    Its id is the key under which core counts it once; ``undone`` was taken back. ``refused`` is why the invoice took
    nothing: a sentence and what fills it, or none.
    """

    __tablename__ = "x_bank_transfer_shares"
    __table_args__ = (
        CheckConstraint("planned > 0 AND (taken IS NULL OR taken BETWEEN 0 AND planned)", name="taken"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("x_bank_transfer_lines.id"), index=True)
    bill: Mapped[str] = mapped_column(String(16), index=True)
    planned: Mapped[int] = mapped_column(BigInteger)
    taken: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(String(10))
    undone: Mapped[bool]
    refused: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


def export(person: str, desk: Desk) -> Mapping[str, Any]:
    """The payments that a freelancer read in."""
    with desk.tables.reading() as session:
        lines = session.scalars(select(LineRow).where(LineRow.owner == person).order_by(LineRow.booked_on)).all()
        found = [
            {"day": r.booked_on.isoformat(), "amount": r.amount, "currency": r.currency, "payer": r.payer,
             "text": r.text} for r in lines
        ]  # fmt: skip
    return {"payments_read_from_statements": found} if found else {}


def erase(person: str, desk: Desk) -> None:
    """Forget the statements of a freelancer; what was recorded on invoices stays with the invoices."""
    with desk.tables.unit() as unit:
        mine = select(LineRow.id).where(LineRow.owner == person)
        unit.execute(delete(ShareRow).where(ShareRow.line_id.in_(mine)))
        unit.execute(delete(LineRow).where(LineRow.owner == person))
        unit.execute(delete(StatementRow).where(StatementRow.owner == person))
        unit.commit()
