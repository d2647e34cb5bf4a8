"""Reads of invoices and credit notes, and of what is due and waits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.invoicing.invoice_tables import Invoice, InvoiceDue
from marketwright.features.invoicing.sent import HANDED_IN
from marketwright.features.invoicing.settled import debts
from marketwright.features.invoicing.waiting import waits_for
from marketwright.features.ledger.kinds import receivable
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import Text

SIZE = 50


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One document as issued; ``body`` holds seller, buyer, issuer, lines, taxes and mentions as they were."""

    id: str
    number: str
    kind: str
    credit: bool
    credits: str
    contract: str
    milestone: str
    bill: str
    organisation: str
    freelancer: str
    net: Money
    tax: Money
    gross: Money
    paid: Money
    language: str
    reference: str
    purchase_order: str
    issued_on: date
    supplied_on: date
    due_on: date | None
    country: str
    body: dict[str, Any]
    at: datetime
    cause_type: str = ""
    cause_id: str = ""

    @property
    def open(self) -> Money:
        """What was to be paid when it was issued."""
        return self.gross - self.paid

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and the last day that it is for; ``None`` where the service was done on one day."""
        found = self.body.get("period")
        return (date.fromisoformat(found[0]), date.fromisoformat(found[1])) if found else None

    @property
    def name(self) -> str:
        """What its files are called, without the ending."""
        return f"{'credit-note' if self.credit else 'invoice'}-{self.number}"


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A document that is due and not issued: what it is, and the sentence about what it waits for ('' for its turn)."""

    id: str
    kind: str
    credit: bool
    contract: str
    organisation: str
    freelancer: str
    amount: Money
    blocker: str
    reason: Text | str
    created_at: datetime


def invoice(session: Session, id: str) -> InvoiceRow | None:  # noqa: A002  the word of the domain
    """The invoice or credit note ``id``."""
    row = session.get(Invoice, id)
    return _row(row) if row else None


def concerning(account: str, organisations: Sequence[str]) -> ColumnElement[bool]:
    """Documents that concern a freelancer, or a client of whose money the viewer may read."""
    theirs = Invoice.organisation_id.in_(organisations) if organisations else Invoice.id == ""
    return or_(and_(Invoice.freelancer_id == account, Invoice.freelancer_id != ""), theirs)


def invoices(
    session: Session, where: ColumnElement[bool] | None = None, *, year: int | None = None, contract: str = "",
    search: str = "", page: int = 1, size: int = SIZE,
) -> tuple[list[InvoiceRow], int]:  # fmt: skip
    """A page of documents, the newest first, and how many there are in all."""
    wanted: Select[Any] = select(Invoice)
    if where is not None:
        wanted = wanted.where(where)
    if year:
        wanted = wanted.where(Invoice.issued_on.between(date(year, 1, 1), date(year, 12, 31)))
    if contract:
        wanted = wanted.where(Invoice.contract_id == contract)
    if search:
        found = search.strip().upper()
        wanted = wanted.where(or_(
            (Invoice.series + "-").startswith(found, autoescape=True),
            Invoice.reference.icontains(found, autoescape=True), Invoice.series == found.rpartition("-")[0],
        ))  # fmt: skip
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.order_by(Invoice.issued_on.desc(), Invoice.at.desc(), Invoice.id).offset((page - 1) * size).limit(size)
    )
    return [_row(row) for row in rows], int(total)


def years(session: Session, where: ColumnElement[bool] | None = None) -> list[int]:
    """The years that have documents, the newest first."""
    wanted = select(func.min(Invoice.issued_on), func.max(Invoice.issued_on))
    first, last = session.execute(wanted.where(where) if where is not None else wanted).one()
    return list(range(last.year, first.year - 1, -1)) if first else []


def credited(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """How much of each of the invoices ``ids`` was taken back, minor units with tax; those with nothing left out."""
    i = Invoice
    rows = session.execute(select(i.credits, func.sum(i.gross)).where(i.credits.in_(ids)).group_by(i.credits))
    return {row[0]: int(row[1]) for row in rows}


def owed(session: Session, rows: Sequence[InvoiceRow]) -> dict[str, Money]:
    """What is left to pay of the marketplace's own invoices in ``rows``, by id; those settled are left out.

    :mod:`~marketwright.features.invoicing.settled` has the rule by which money settles debts.
    """
    ours = [r for r in rows if r.kind != "sale" and not r.credit and r.open]
    left = {(d.account, d.currency, d.cause): d.left for d in debts(session, {payer_account(r) for r in ours})}
    found = {r.id: left.get((payer_account(r), r.gross.currency, (r.cause_type, r.cause_id)), 0) for r in ours}
    return {r.id: Money(found[r.id], r.gross.currency) for r in ours if found[r.id] > 0}


def unpaid(session: Session, rows: Sequence[InvoiceRow]) -> set[str]:
    """Which of the marketplace's own invoices in ``rows`` are owed, in whole or in part."""
    return set(owed(session, rows))


def payer_account(row: InvoiceRow) -> str:
    """The account on which who pays an invoice of the marketplace owes it."""
    return _payer(row.kind, row.organisation, row.freelancer)


def account_of_payer(row: Invoice) -> str:
    """The same of a stored document."""
    return _payer(row.kind, row.organisation_id, row.freelancer_id)


def _payer(kind: str, organisation: str, freelancer: str) -> str:
    return receivable(freelancer if kind == "freelancer_fee" or not organisation else organisation)


def number_of(session: Session, cause_type: str, cause_id: str) -> list[InvoiceRow]:
    """The documents of one cause of the ledger: what a journal names as the piece behind an entry."""
    rows = session.scalars(
        select(Invoice).where(Invoice.cause_type == cause_type, Invoice.cause_id == cause_id).order_by(Invoice.kind)
    )
    return [_row(row) for row in rows]


def invoice_of_bill(session: Session, bill: str) -> InvoiceRow | None:
    """The invoice that was issued for a bill, ``None`` while it waits."""
    row = session.scalar(select(Invoice).where(Invoice.bill_id == bill, Invoice.kind == "sale",
                                               Invoice.credit.is_(False)))  # fmt: skip
    return _row(row) if row else None


def waiting_rows(
    session: Session, *, freelancer: str = "", organisations: Sequence[str] = (), everything: bool = False,
) -> list[WaitingRow]:  # fmt: skip
    """What is due and not issued, of those asked for, the oldest first."""
    d = InvoiceDue
    wanted = select(d).where(d.invoice_id == "", d.blocker != HANDED_IN).order_by(d.created_at, d.id).limit(200)
    if not everything:
        wanted = wanted.where(or_(
            and_(d.freelancer_id == freelancer, d.freelancer_id != ""),
            d.organisation_id.in_(organisations) if organisations else d.id == "",
        ))  # fmt: skip
    return [waiting_row(row) for row in session.scalars(wanted)]


def waiting_row(row: InvoiceDue) -> WaitingRow:
    """What is due and not issued, as it is shown."""
    net = sum(item["net"] for item in row.facts["items"])
    return WaitingRow(
        row.id, row.kind, row.credit, row.contract_id, row.organisation_id, row.freelancer_id,
        Money(net + row.facts["tax"], row.facts["currency"]), row.blocker,
        waits_for(row.reason, row.params), row.created_at,
    )  # fmt: skip


def _row(i: Invoice) -> InvoiceRow:
    def money(amount: int) -> Money:
        return Money(amount, i.currency)

    return InvoiceRow(
        i.id, i.shown_number, i.kind, i.credit, i.credits, i.contract_id, i.milestone_id, i.bill_id,
        i.organisation_id, i.freelancer_id, money(i.net), money(i.tax), money(i.gross), money(i.paid), i.language,
        i.reference, i.purchase_order, i.issued_on, i.supplied_on, i.due_on, i.country, i.body, i.at,
        i.cause_type, i.cause_id,
    )  # fmt: skip
