"""The ledger as books: each leg with whose account it is and the document behind it, for journals and exports."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.invoicing.bill_payments import CREDITED, BillPayment
from marketwright.features.invoicing.invoice_tables import Invoice
from marketwright.features.invoicing.invoices import account_of_payer
from marketwright.features.invoicing.settled import debts, document_cause
from marketwright.features.ledger.kinds import BOOK
from marketwright.features.ledger.tables import LedgerLeg, LedgerSeal, LedgerTransaction
from marketwright.hooks.manager import Plugins
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Marketplace
from marketwright.strategies.journals import BookedDocument, Books, JournalLine

PAGE = 500
Piece = tuple[str, datetime]


def books_of(marketplace: Marketplace, since: date, until: date) -> Books:
    """Whose books, and which days of them."""
    legal = marketplace.legal
    return Books(legal.name or marketplace.name, legal.registration_number, since, until)


def books_for(
    session: Session, marketplace: Marketplace, plugins: Plugins, form: str, since: date, until: date
) -> Books:  # fmt: skip
    """The books that ``form`` is made of, with the documents where it reads them."""
    books, entry = books_of(marketplace, since, until), plugins.journals.get(form)
    if entry is None or not entry.it.reads_documents:
        return books
    return replace(books, documents=tuple(_documents(session, ZoneInfo(marketplace.time_zone), since, until)))


def _documents(session: Session, zone: ZoneInfo, since: date, until: date) -> Iterator[BookedDocument]:
    """Documents issued or paid on those days, by number; what was paid on other days is left out."""
    p, i = BillPayment, Invoice
    billed = select(p.bill_id).where(p.paid_on.between(since, until), p.kind != CREDITED)
    wanted = select(i).where(or_(i.issued_on.between(since, until), i.bill_id.in_(billed) & (i.kind == "sale")))
    ours = _paid_to_us(session, zone, since, until)
    rows = {row.id: row for row in session.scalars(wanted)} | {row.id: row for row, _paid in ours}
    paid = {row.id: paid for row, paid in ours}
    for row in sorted(rows.values(), key=lambda row: (row.series, row.number)):
        tax = row.body["taxes"][0]
        yield BookedDocument(
            row.shown_number, row.kind, row.credit, row.issued_on, row.supplied_on, row.body["seller"],
            row.body["buyer"], Money(row.net, row.currency), Money(row.tax, row.currency), str(tax["category"]),
            int(tax["bps"]), (*_payments(session, row, since, until), *paid.get(row.id, ())),
        )  # fmt: skip


def _payments(session: Session, row: Invoice, since: date, until: date) -> Iterator[tuple[date, Money]]:
    p = BillPayment
    if row.paid and since <= row.issued_on <= until:
        yield row.issued_on, Money(-row.paid if row.credit else row.paid, row.currency)
    if row.bill_id and row.kind == "sale" and not row.credit:
        found = select(p.paid_on, p.amount).where(p.bill_id == row.bill_id, p.paid_on.between(since, until),
                                                  p.kind != CREDITED).order_by(p.at, p.id)  # fmt: skip
        yield from ((day, Money(amount, row.currency)) for day, amount in session.execute(found))


def _paid_to_us(
    session: Session, zone: ZoneInfo, since: date, until: date
) -> list[tuple[Invoice, list[tuple[date, Money]]]]:  # fmt: skip
    """Invoices of the marketplace that were paid on those days, to its bank or out of payouts: each payment by day."""
    leg, t, (begin, end) = LedgerLeg, LedgerTransaction, _instants(zone, since, until)
    moved = select(leg.account).join(t, t.id == leg.transaction_id).where(
        leg.kind == "receivable", t.at >= begin, t.at < end
    )  # fmt: skip
    paid: dict[tuple[str, str, str], list[tuple[date, Money]]] = defaultdict(list)
    for debt in debts(session, set(session.scalars(moved.distinct()))):
        for part in debt.parts:
            if part.money and begin <= part.at < end:
                day = part.at.astimezone(zone).date()
                paid[debt.account, *debt.cause].append((day, Money(part.amount, debt.currency)))
    causes, rows = sorted({cause_id for _account, _type, cause_id in paid}), list[Invoice]()
    for n in range(0, len(causes), PAGE):
        some = Invoice.cause_id.in_(causes[n : n + PAGE])
        rows += session.scalars(select(Invoice).where(some, Invoice.kind != "sale"))
    found = [(row, paid.get((account_of_payer(row), row.cause_type, row.cause_id), [])) for row in rows]
    return [(row, payments) for row, payments in found if payments and row.gross > row.paid]


def _instants(zone: ZoneInfo, since: date, until: date) -> tuple[datetime, datetime]:
    """When the first of the days begins, and when the last one is over."""
    end = datetime.combine(until + timedelta(days=1), time(), zone)
    return datetime.combine(since, time(), zone).astimezone(UTC), end.astimezone(UTC)


def journal_lines(session: Session, marketplace: Marketplace, since: date, until: date) -> Iterator[JournalLine]:
    """Every sealed leg of those days (both included, in the marketplace's time zone), by number and position.

    No more than ``PAGE`` entries are in memory at a time. What is not sealed yet is left out.
    """
    zone, last = ZoneInfo(marketplace.time_zone), 0
    begin, end = _instants(zone, since, until)
    while page := session.execute(_page(begin, end, last)).all():
        yield from _lines(session, page, zone)
        last = page[-1][0]


def _page(begin: datetime, end: datetime, after: int) -> Select[int, datetime, LedgerTransaction]:
    return (
        select(LedgerSeal.number, LedgerSeal.recorded_at, LedgerTransaction)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerSeal.transaction_id)
        .where(LedgerSeal.book == BOOK, LedgerSeal.number > after, LedgerTransaction.at >= begin,
               LedgerTransaction.at < end)
        .order_by(LedgerSeal.number).limit(PAGE)
    )  # fmt: skip


def _lines(
    session: Session, page: Sequence[Row[int, datetime, LedgerTransaction]], zone: ZoneInfo
) -> Iterator[JournalLine]:
    transactions = [row[2] for row in page]
    legs: dict[str, list[LedgerLeg]] = defaultdict(list)
    for leg in session.scalars(
        select(LedgerLeg).where(LedgerLeg.transaction_id.in_([t.id for t in transactions]))
        .order_by(LedgerLeg.transaction_id, LedgerLeg.position)
    ):  # fmt: skip
        legs[leg.transaction_id].append(leg)
    names = _names(session, {leg.account.partition(":")[2] for each in legs.values() for leg in each})
    pieces = _pieces(session, transactions)
    for number, sealed_at, t in page:
        piece, piece_at = pieces.get(_cause(t), (f"{t.cause_type} {t.cause_id}", t.at))
        for leg in legs[t.id]:
            owner = leg.account.partition(":")[2]
            yield JournalLine(
                number, t.at.astimezone(zone), sealed_at.astimezone(zone), leg.account, leg.kind, owner,
                names.get(owner, owner), Money(leg.amount, leg.currency), piece, piece_at.astimezone(zone), t.memo,
                t.effect,
            )  # fmt: skip


def _names(session: Session, owners: set[str]) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for query in (
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(owners)),
        select(Account.id, Account.name).where(Account.id.in_(owners)),
    ):
        names.update((row[0], row[1]) for row in session.execute(query))
    return names


def _cause(t: LedgerTransaction) -> tuple[str, str]:
    return document_cause(t.cause_type, t.cause_id, t.effect)


def _pieces(session: Session, transactions: Sequence[LedgerTransaction]) -> dict[tuple[str, str], Piece]:
    """The marketplace's own documents of each cause: their numbers, and the day of the first."""
    causes = {_cause(t) for t in transactions}
    rows = session.scalars(
        select(Invoice).where(Invoice.cause_id.in_([cause for _, cause in causes]), Invoice.kind != "sale")
        .order_by(Invoice.series, Invoice.number)
    )  # fmt: skip
    found: dict[tuple[str, str], Piece] = {}
    for row in rows:
        key = (row.cause_type, row.cause_id)
        numbers, at = found.get(key, ("", row.at))
        found[key] = (f"{numbers} {row.shown_number}".strip(), at)
    return found
