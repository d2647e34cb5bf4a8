"""``ledger verify`` for documents (L14): what was invoiced of fees is what the ledger booked, cause by cause."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.invoicing.due import Kind
from marketwright.features.invoicing.invoice_tables import Invoice, InvoiceDue
from marketwright.features.ledger.kinds import REVENUE, VAT_COLLECTED
from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.features.ledger.verify import Finding

Cause = tuple[str, str]
OURS = (Kind.CLIENT_FEE, Kind.FREELANCER_FEE, Kind.SERVICE)


def verify(session: Session) -> list[Finding]:
    """Every document that says another amount than the ledger, its due or its own lines."""
    return [*_booked(session), *_lines(session), *_series(session)]


def _booked(session: Session) -> Iterator[Finding]:
    """By cause: fees and their tax of what is due, issued or waiting, against revenue and VAT of the ledger."""
    due: dict[Cause, list[int]] = defaultdict(lambda: [0, 0])
    for row in session.scalars(select(InvoiceDue).where(InvoiceDue.kind.in_(OURS))):
        sign = -1 if row.credit else 1
        due[row.cause_type, row.cause_id][0] += sign * sum(item["net"] for item in row.facts["items"])
        due[row.cause_type, row.cause_id][1] += sign * row.facts["tax"]
    booked = _revenue(session)
    for cause, (net, tax) in due.items():
        found = booked.get(cause, (0, 0))
        if found != (net, tax):
            yield Finding("L14", f"invoice_dues {cause[0]} {cause[1]}",
                          f"says {net} and {tax} of tax where the ledger has {found[0]} and {found[1]}")  # fmt: skip


def _revenue(session: Session) -> dict[Cause, tuple[int, int]]:
    t, leg = LedgerTransaction, LedgerLeg
    rows = session.execute(
        select(t.cause_type, t.cause_id, t.effect, leg.kind, func.sum(leg.amount))
        .join(leg, leg.transaction_id == t.id)
        .where(leg.kind.in_((REVENUE, VAT_COLLECTED)))
        .group_by(t.cause_type, t.cause_id, t.effect, leg.kind)
    )
    found: dict[Cause, tuple[int, int]] = {}
    for cause_type, cause_id, effect, kind, amount in rows:
        part = effect.partition(".")[2] if cause_type == "bill" else ""
        cause = (cause_type, f"{cause_id}:{part}" if part else cause_id)
        net, tax = found.get(cause, (0, 0))
        found[cause] = (net - int(amount), tax) if kind == REVENUE else (net, tax - int(amount))
    return found


def _lines(session: Session) -> Iterator[Finding]:
    """BR-CO-10, -13, -14 and -15 over what is stored."""
    i = Invoice
    for id_, net, tax, gross, body in session.execute(select(i.id, i.net, i.tax, i.gross, i.body)):
        lines, taxes = sum(x["net"] for x in body["lines"]), sum(x["tax"] for x in body["taxes"])
        if (lines, taxes, net + tax) != (net, tax, gross):
            yield Finding("L14", f"invoices {id_}", f"its lines come to {lines} and {taxes} of tax, it says {gross}")


def _series(session: Session) -> Iterator[Finding]:
    i = Invoice
    rows = session.execute(
        select(i.series, func.count(), func.min(i.number), func.max(i.number)).group_by(i.series)
    )
    for series, count, first, last in rows:
        if (first, last) != (1, count):
            yield Finding("L14", f"invoices {series}", f"has {count} documents numbered from {first} to {last}")
