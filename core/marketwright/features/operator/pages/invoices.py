"""Invoices and credit notes: what was issued, what waits, and what it waits for."""

from collections import Counter

from flask import redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.invoicing import invoices as queries
from marketwright.features.invoicing.invoices import SIZE, InvoiceRow, WaitingRow
from marketwright.features.invoicing.own import receive_own
from marketwright.features.operator.exports import MOST, csv_file
from marketwright.features.operator.pages.base import Pager, argument, chosen, page_number, pager, pages, show, tabs
from marketwright.features.subscriptions import service as subscriptions
from marketwright.features.subscriptions.queries import BILL
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.house import reading, the_viewer, unit
from marketwright.web.i18n import _, translate
from marketwright.web.policy import staff
from marketwright.web.render import tell

KIND_WORDS = {
    "sale": N_("{Freelancer}, for work"), "client_fee": N_("Service fee of the {client}"),
    "freelancer_fee": N_("Commission of the {freelancer}"), "service": N_("Service of the marketplace"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InvoicesContext:
    """Documents issued, or those that are due and wait; ``reasons`` counts what they wait for."""

    issued: list[tuple[InvoiceRow, str]]
    waiting: list[tuple[WaitingRow, str]]
    total: int
    pager: Pager
    tabs: list[tuple[str, str, bool, int | None]]
    search: str
    reasons: list[tuple[str, int]]
    fix: str
    unpaid: set[str]
    may_note: bool


FIXES = {"legal": "/console/settings/group/legal", "country": "/console/plugins"}


@pages.get("/invoices", staff("ledger.read"))
def invoices() -> BaseResponse:
    """Every invoice and credit note, and what waits to be issued."""
    session, state, search = reading(), chosen("state", ("", "waiting")), argument("search")
    waits = queries.waiting_rows(session, everything=True)
    page = page_number()
    found, total = queries.invoices(session, search=search, page=page)
    choices = [("", _("Issued"), total), ("waiting", _("Waiting"), len(waits))]
    reasons = Counter(translate(row.reason) for row in waits if row.reason)
    return show("invoices.html", InvoicesContext(
        [] if state else [(row, _(KIND_WORDS[row.kind])) for row in found],
        [(row, _(KIND_WORDS[row.kind])) for row in waits] if state else [], total, pager(total, page, SIZE),
        tabs("state", choices), search, reasons.most_common(),
        next((FIXES[row.blocker] for row in waits if row.blocker in FIXES), ""), queries.unpaid(session, found),
        the_viewer().may("pricing.change"),
    ))  # fmt: skip


@pages.post("/invoices/<invoice>/paid", staff("pricing.change").objects("our own invoices that are owed; else 404"))
def invoices_paid(invoice: str) -> BaseResponse:
    """Note that an invoice of the marketplace was paid to its bank, and book it."""
    found = queries.invoice(reading(), invoice)
    left = queries.owed(reading(), [found]).get(found.id) if found else None
    if found is None or left is None:
        raise NotFound("There is no invoice of ours that is owed by this number.")
    with unit() as uow:
        if found.cause_type == BILL:
            subscriptions.mark_paid(uow, bill=found.cause_id)
        else:
            payer = queries.payer_account(found).partition(":")[2]
            receive_own(uow, cause_type="invoice", cause_id=found.id, payer=payer, amount=left)
            uow.audit("invoice.paid", found.id, number=found.number)
        uow.commit()
    tell(_("Noted, and booked on our bank account."))
    return redirect(url_for("operator.invoices"), 303)


@pages.get("/invoices.csv", staff("ledger.read").limited("exports"))
def invoices_csv() -> BaseResponse:
    """The same as a file."""
    rows, _total = queries.invoices(reading(), search=argument("search"), size=MOST)
    heads = ("number", "issued", "kind", "credit_note", "seller", "buyer", "net", "tax", "gross", "currency",
             "contract")  # fmt: skip
    return csv_file("invoices", heads, (
        (row.number, row.issued_on.isoformat(), row.kind, "yes" if row.credit else "", row.body["seller"]["name"],
         row.body["buyer"]["name"], row.net, row.tax, row.gross, row.gross.currency, row.reference)
        for row in rows
    ))  # fmt: skip
