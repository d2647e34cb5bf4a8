"""Invoices and credit notes: the list of those that concern the viewer, and each on its own sheet."""

from collections.abc import Callable, Sequence
from datetime import date

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.invoicing import facturx, invoices, queries
from marketwright.features.invoicing.invoices import InvoiceRow, WaitingRow
from marketwright.features.invoicing.mandates import mandate_of
from marketwright.features.invoicing.pages.base import is_staff, pages, reads_for
from marketwright.features.invoicing.remittance import creditor_reference
from marketwright.features.invoicing.sent import MONEY_ROLES, SELLER, SentRow, sent_to
from marketwright.features.invoicing.standing import standing
from marketwright.features.invoicing.transfers import Transfer, to_the_house, transfer_of
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import gettext, speaking, translate
from marketwright.web.pdf import can_pdf, pdf_file, pdf_of
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render

CONCERNED = SIGNED_IN.objects("the freelancer, members of the client whose role is about money, and staff")
KINDS = {
    ("sale", False): N_("Invoice for work"), ("sale", True): N_("Credit note for work"),
    ("client_fee", False): N_("Service fee"), ("client_fee", True): N_("Credit note, service fee"),
    ("freelancer_fee", False): N_("Commission"), ("freelancer_fee", True): N_("Credit note, commission"),
    ("service", False): N_("Service of the marketplace"), ("service", True): N_("Credit note, service"),
}  # fmt: skip

STAFF_ONLY = frozenset({"legal", "country", "tax", "credit"})  # blockers that no party can put right


@dataclass(frozen=True, slots=True)
class Line:
    """One document in the list: with whom, as this viewer sees it, and how it stands now.

    ``state``: ``credit`` (it is a credit note), ``credited`` (in full), ``paid``, ``open``.
    """

    row: InvoiceRow
    what: str
    other: str
    state: str


@dataclass(frozen=True, slots=True)
class Waits:
    """One document that is due and waits; ``why`` is said for its parties, who can put right their own part alone.

    ``url`` is where the viewer hands it in, '' where that is not theirs.
    """

    row: WaitingRow
    what: str
    why: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class DocumentsContext:
    """``mandate`` is '' where none is asked of the viewer, else ``accepted`` or ``missing``.

    ``sent`` are documents that sellers made themselves: what, the other side, and the row. ``transfer`` says how the
    marketplace is paid, where one of the lines is its own and owed.
    """

    lines: Sequence[Line]
    waiting: Sequence[Waits]
    tabs: Sequence[tuple[str, str, bool, int | None]]
    total: int
    page: int
    pages: int
    year: int | None
    mandate: str
    sent: Sequence[tuple[str, str, SentRow]] = ()
    transfer: Transfer | None = None


@dataclass(frozen=True, slots=True)
class InvoiceContext:
    """One document on its sheet; ``payment_reference`` is what a transfer names, '' where it is paid already.
    ``request`` is the number under which its bill asked for the payment, '' where that is its own.

    ``answers`` are those of a register of VAT numbers that the document was issued on: number, day, source, its words.
    ``transfer`` says how an invoice of the marketplace that is still owed is paid, ``None`` for every other. ``since``
    is what settled it after it was issued, and ``left`` what is left to pay of it; both ``None`` until something did.
    """

    invoice: InvoiceRow
    what: str
    original: str
    original_on: date | None
    payment_reference: str
    request: str
    as_pdf: bool
    as_xml: bool
    labels: dict[str, str]  # of the bar, in the reader's language; the sheet speaks the document's
    amount: Callable[[int], Money]  # minor units of the document's own currency
    answers: Sequence[tuple[str, date, str, str]] = ()
    transfer: Transfer | None = None
    since: Money | None = None
    left: Money | None = None


@pages.get("/accounting", SIGNED_IN)
def documents() -> BaseResponse:
    """Invoices and credit notes that concern the viewer, the newest first."""
    me, session = the_viewer(), reading()
    organisations = [o.id for o in me.organisations if o.roles & MONEY_ROLES]
    mine = invoices.concerning(me.account, organisations)
    asked = request.args.get("year", "")
    known = invoices.years(session, mine)
    year = int(asked) if asked.isdigit() and int(asked) in known else None
    page = max(1, int(request.args["page"])) if request.args.get("page", "").isdigit() else 1
    found, total = invoices.invoices(session, mine, year=year, page=page)
    waiting = invoices.waiting_rows(session, freelancer=me.account, organisations=organisations)
    tabs = [(gettext(N_("All")), url_for("invoicing.documents"), year is None, None)]
    tabs += [(str(y), url_for("invoicing.documents", year=y), y == year, None) for y in known]
    last = max(1, -(-total // invoices.SIZE))
    lines = _lines(found)
    owed = any(line.state == "open" and line.row.kind != "sale" for line in lines)
    return render("invoicing/documents.html", DocumentsContext(
        lines,
        [Waits(row, what_of(row.kind, credit=row.credit), _why(row), _hand_in(row)) for row in waiting], tabs, total,
        page, last, year, _mandate(), _sent(organisations), to_the_house(house().marketplace) if owed else None,
    ))  # fmt: skip


def _hand_in(row: WaitingRow) -> str:
    mine = row.blocker == SELLER and row.freelancer == the_viewer().account
    return url_for("invoicing.hand_in", due=row.id) if mine else ""


def _sent(organisations: Sequence[str]) -> list[tuple[str, str, SentRow]]:
    me = the_viewer().account
    found = []
    for row in sent_to(reading(), freelancer=me, organisations=organisations):
        seller = accounts.account(reading(), row.due.freelancer)
        other = row.due.buyer.get("name", "") if row.due.freelancer == me else seller.name if seller else ""
        found.append((what_of("sale", credit=row.due.credit), other, row))
    return found


def _why(row: WaitingRow) -> str:
    """What a document waits for, as its parties are told; what staff must put right is theirs to read."""
    if not row.reason:
        return gettext(N_("Issued within a minute."))
    if _hand_in(row):
        return gettext(N_("You make this document yourself, and hand it in here."))
    if row.blocker in STAFF_ONLY:
        return gettext(N_("Something on our side must be completed first. We know of it; nothing is asked of you."))
    return translate(row.reason)


def _lines(found: Sequence[InvoiceRow]) -> list[Line]:
    back, owed = invoices.credited(reading(), [row.id for row in found]), invoices.unpaid(reading(), found)
    return [
        Line(row, what_of(row.kind, credit=row.credit), _other(row), _state(row, back.get(row.id, 0), row.id in owed))
        for row in found
    ]


def _state(row: InvoiceRow, back: int, owed: bool) -> str:  # noqa: FBT001  said by its caller alone
    """How a document stands now: what it says is of the day on which it was issued."""
    if row.credit:
        return "credit"
    if back >= row.gross.amount > 0:
        return "credited"
    if row.kind != "sale":
        return "open" if owed else "paid"
    left = standing(reading(), row.bill).open if row.bill else row.open
    return "open" if left else "paid"


def what_of(kind: str, *, credit: bool) -> str:
    """What a document is, in the language of the page."""
    return gettext(KINDS[kind, credit])


def _other(row: InvoiceRow) -> str:
    """The party that the viewer is not."""
    seller_is_me = row.kind == "sale" and row.freelancer == the_viewer().account
    return str(row.body["buyer" if seller_is_me else "seller"]["name"])


def _mandate() -> str:
    """Whether the pack of the viewer's own country asks for a mandate, and whether it was given."""
    me, packs = the_viewer(), house().plugins.countries
    found = accounts.identity(reading(), "freelancer", me.account) if me.is_freelancer else None
    if not me.is_freelancer or (found.country if found else house().marketplace.home) not in packs:
        return ""
    return "accepted" if mandate_of(reading(), me.account) else "missing"


@pages.get("/accounting/<invoice>", CONCERNED)
def document(invoice: str) -> BaseResponse:
    """Read an invoice or a credit note."""
    context = _context(invoice)
    with speaking(context.invoice.language):
        return render("invoicing/invoice.html", context)


@pages.get("/accounting/<invoice>/pdf", CONCERNED)
def document_pdf(invoice: str) -> BaseResponse:
    """The document as PDF, to file away; with the extra ``invoice`` it is Factur-X, and carries its own XML."""
    if not can_pdf():
        raise NotFound("Documents are not made into PDF here; they can be printed from their page.")
    context = _context(invoice)
    row, electronic = context.invoice, _electronic(context.invoice)
    with speaking(row.language):
        data = pdf_of("invoicing/invoice.html", context, archive=electronic)
        if electronic:
            data = facturx.into_pdf(data, _xml(context), row)
    return pdf_file(data, row.name)


@pages.get("/accounting/<invoice>/xml", CONCERNED)
def document_xml(invoice: str) -> BaseResponse:
    """The document for machines: Cross Industry Invoice, the XML that the PDF carries."""
    if not facturx.can_facturx():
        raise NotFound("Electronic invoices are not made here: the extra invoice is not installed.")
    context = _context(invoice)
    if not _electronic(context.invoice):
        raise NotFound("There is no electronic form of a document in %(currency)s.",
                       currency=context.invoice.gross.currency)  # fmt: skip
    with speaking(context.invoice.language):
        data = _xml(context)
    return Response(data, mimetype="application/xml", headers={
        "Content-Disposition": f'attachment; filename="{context.invoice.name}.xml"',
    })  # fmt: skip


def _electronic(row: InvoiceRow) -> bool:
    pack = house().plugins.countries.get(row.body["seller"]["country"])
    return facturx.can_facturx() and facturx.carries(row.gross.currency, pack.it.currency if pack else "")


def _xml(context: InvoiceContext) -> bytes:
    asked = (gettext(N_("Payment request %(number)s."), number=context.request),) if context.request else ()
    return facturx.as_xml(
        context.invoice, payment_reference=context.payment_reference, transfer=context.transfer, notes=asked
    )


def find(invoice: str) -> InvoiceRow:
    """The document if it concerns the viewer; ``NotFound`` to everybody else."""
    row = invoices.invoice(reading(), invoice)
    mine = row is not None and (row.freelancer == the_viewer().account or reads_for(row.organisation))
    if row is None or not (mine or is_staff()):
        raise NotFound("There is no such document.")
    return row


def _request(row: InvoiceRow) -> str:
    bill = queries.bill(reading(), row.bill)
    return bill.number if bill and bill.number != row.number else ""


def _context(invoice: str) -> InvoiceContext:
    row = find(invoice)
    paying = row.kind == "sale" and bool(row.bill) and not row.credit
    since = _settled_since(row)
    return InvoiceContext(
        row, what_of(row.kind, credit=row.credit), str(row.body.get("credits", "")),
        date.fromisoformat(row.body["credits_on"]) if row.credit else None,
        creditor_reference(row.bill) if paying else "", _request(row) if paying else "", can_pdf(),
        _electronic(row),
        {"back": gettext(N_("Invoices and documents")), "print": gettext(N_("Print"))},
        lambda minor: Money(minor, row.net.currency),
        [(a["number"], date.fromisoformat(a["at"][:10]), a["source"], a["says"])
         for a in row.body.get("vat_answers", ()) if a["result"] == "passed"],
        transfer_of(reading(), row, house().marketplace), since, row.open - since if since else None,
    )  # fmt: skip


def _settled_since(row: InvoiceRow) -> Money | None:
    """What settled an invoice of the marketplace after it was issued; ``None`` for nothing, and for every other."""
    if row.kind == "sale" or row.credit:
        return None
    left = invoices.owed(reading(), [row]).get(row.id, Money(0, row.gross.currency))
    return row.open - left or None
