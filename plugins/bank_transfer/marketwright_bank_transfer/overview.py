"""What a freelancer's page shows of the lines that were taken: what they paid, and what is left to be said. Reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from marketwright.plugin import BillRow, Desk, Money
from marketwright_bank_transfer.keeping import invoices
from marketwright_bank_transfer.tables import LineRow, ShareRow, StatementRow

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Paid:
    """What one line paid of one invoice; ``open`` says that it can still be taken back."""

    id: str
    bill: str
    number: str
    amount: Money
    why: str
    open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One payment that came in; ``rest`` is what no invoice took, ``over`` says that it named one."""

    id: str
    booked_on: date
    amount: Money
    payer: str
    text: str
    paid: tuple[Paid, ...]
    rest: Money
    over: bool
    closed: str

    @property
    def waits(self) -> bool:
        """Whether a person has to say what becomes of the rest."""
        return bool(self.rest) and not self.closed


@dataclass(frozen=True, slots=True)
class File:
    """One statement that was taken."""

    name: str
    kind: str
    at: date
    lines: int


def lines(desk: Desk, owner: str, bills: Sequence[BillRow] | None = None) -> list[Line]:
    """The freelancer's lines, the latest first."""
    known = {b.id: b for b in (invoices(desk, owner) if bills is None else bills)}
    with desk.tables.reading() as session:
        mine = select(LineRow).where(LineRow.owner == owner).order_by(LineRow.booked_on.desc(), LineRow.id)
        rows = session.scalars(mine.limit(SHOWN)).all()
        of = select(ShareRow).where(ShareRow.line_id.in_([r.id for r in rows]), ShareRow.undone.is_(False))
        shares: dict[str, list[ShareRow]] = {}
        for share in session.scalars(of.order_by(ShareRow.id)):
            shares.setdefault(share.line_id, []).append(share)
    return [_line(row, shares.get(row.id, []), known) for row in rows]


def _line(row: LineRow, shares: Sequence[ShareRow], bills: dict[str, BillRow]) -> Line:
    paid = tuple(
        Paid(s.id, s.bill, bills[s.bill].number if s.bill in bills else "", Money(s.taken, row.currency), s.why,
             s.bill in bills and bills[s.bill].state == "open")
        for s in shares if s.taken
    )  # fmt: skip
    used = sum(s.planned if s.taken is None else s.taken for s in shares)
    return Line(
        row.id, row.booked_on, Money(row.amount, row.currency), row.payer, row.text, paid,
        Money(row.amount - used, row.currency), bool(paid or row.named), row.closed,
    )  # fmt: skip


def files(desk: Desk, owner: str) -> list[File]:
    """The statements that were taken, the latest first."""
    with desk.tables.reading() as session:
        mine = select(StatementRow).where(StatementRow.owner == owner, StatementRow.state == "taken")
        rows = session.scalars(mine.order_by(StatementRow.at.desc()).limit(20)).all()
        counts: dict[str, int] = {}
        for statement in session.scalars(select(LineRow.statement_id).where(LineRow.owner == owner)):
            counts[statement] = counts.get(statement, 0) + 1
    return [File(r.name, r.kind, r.at.date(), counts.get(r.id, 0)) for r in rows]
