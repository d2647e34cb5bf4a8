"""What a freelancer's page shows of the lines that were taken: what they paid, and what is left to be said. Reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, not_, select

from marketwright.plugin import BillRow, Desk, Money, Text
from marketwright_bank_transfer.keeping import invoices, reason_of
from marketwright_bank_transfer.tables import LineRow, ShareRow, StatementRow

SHOWN = 200  # lines that nobody has to say anything about
PAGE = 50  # lines that wait


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
    """One payment that came in; ``rest`` is what no invoice took.

    ``over`` says that what it is for asks for no more; ``refused`` is why the last invoice asked did not take it.
    """

    id: str
    booked_on: date
    amount: Money
    payer: str
    text: str
    paid: tuple[Paid, ...]
    rest: Money
    over: bool
    closed: str
    refused: Text | None = None

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


def lines(
    desk: Desk, owner: str, bills: Sequence[BillRow] | None = None, *, waits: bool | None = None, page: int = 1
) -> list[Line]:
    """The freelancer's lines, the latest first: a page of those that wait, or the latest of the others, or of all.

    Every line that waits is on one of the pages.
    """
    known = {b.id: b for b in (invoices(desk, owner) if bills is None else bills)}
    with desk.tables.reading() as session:
        mine = select(LineRow).where(LineRow.owner == owner).order_by(LineRow.booked_on.desc(), LineRow.id)
        if waits:
            mine = mine.where(_waits()).limit(PAGE).offset((page - 1) * PAGE)
        else:
            mine = (mine if waits is None else mine.where(not_(_waits()))).limit(SHOWN)
        rows = session.scalars(mine).all()
        of = select(ShareRow).where(ShareRow.line_id.in_([r.id for r in rows]), ShareRow.undone.is_(False))
        shares: dict[str, list[ShareRow]] = {}
        for share in session.scalars(of.order_by(ShareRow.id)):
            shares.setdefault(share.line_id, []).append(share)
    return [_line(row, shares.get(row.id, []), known) for row in rows]


def pages(desk: Desk, owner: str) -> int:
    """How many pages the lines that wait fill, at least one."""
    with desk.tables.reading() as session:
        count = session.scalar(select(func.count()).select_from(LineRow).where(LineRow.owner == owner, _waits())) or 0
    return max(1, -(-count // PAGE))


def _waits() -> ColumnElement[bool]:
    """As :attr:`Line.waits`, for the database."""
    asked = select(func.coalesce(func.sum(func.coalesce(ShareRow.taken, ShareRow.planned)), 0))
    used = asked.where(ShareRow.line_id == LineRow.id, ShareRow.undone.is_(False)).correlate(LineRow)
    return and_(LineRow.closed == "", LineRow.amount > used.scalar_subquery())


def _line(row: LineRow, shares: Sequence[ShareRow], bills: dict[str, BillRow]) -> Line:
    paid = tuple(
        Paid(s.id, s.bill, bills[s.bill].number if s.bill in bills else "", Money(s.taken, row.currency), s.why,
             s.bill in bills and bills[s.bill].state == "open")
        for s in shares if s.taken
    )  # fmt: skip
    used = sum(s.planned if s.taken is None else s.taken for s in shares)
    full = any(b not in bills or not bills[b].left for b in row.named)
    refused = next((why for s in shares if (why := reason_of(s)) is not None), None)
    return Line(
        row.id, row.booked_on, Money(row.amount, row.currency), row.payer, row.text, paid,
        Money(row.amount - used, row.currency), bool(paid or full), row.closed, refused,
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
