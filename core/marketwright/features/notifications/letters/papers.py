"""Invoices and credit notes: their double to whoever sold, the word to whoever pays, and what waits for a mandate."""

from marketwright.features.invoicing import events
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.invoicing.invoices import InvoiceRow, invoice
from marketwright.features.invoicing.sent import SELLER, sent_for
from marketwright.features.invoicing.transfers import Transfer, transfer_of
from marketwright.features.notifications.letters.kit import (
    Letter,
    Reader,
    Told,
    Writer,
    members_with,
    name_of,
    people,
    person,
)
from marketwright.kernel.money import Money
from marketwright.kernel.text import Text, say


def _issued(told: Told) -> list[Letter]:
    """The invoice for work to both sides; fees stand on the same page and are told of by nobody."""
    row = invoice(told.session, told.event.subject)
    if row is None or row.kind in ("client_fee", "freelancer_fee"):
        return []
    subject = (
        say("Credit note %(number)s over %(amount)s", number=row.number, amount=row.gross) if row.credit
        else say("Invoice %(number)s over %(amount)s", number=row.number, amount=row.gross)
    )  # fmt: skip
    own = person(told.session, row.freelancer, suspended=True)
    readers = [(r, _to_seller(row)) for r in [own] if r and row.kind == "sale"]
    if row.kind == "service" and row.freelancer:
        readers += [(r, _to_buyer(row)) for r in [own] if r]
    if row.organisation:
        paying = people(told.session, members_with(told.session, row.organisation, "finance"))
        readers += [(r, _to_buyer(row)) for r in paying]
    how = how_to_pay(transfer_of(told.session, row, told.marketplace))
    return [
        Letter(reader, subject, (text, *how), say("Open it"), f"/accounting/{row.id}") for reader, text in readers
    ]


def how_to_pay(transfer: Transfer | None) -> tuple[Text, ...]:
    """How an invoice of the marketplace is paid, a sentence a paragraph; nothing of one that is paid."""
    if transfer is None:
        return ()
    if not transfer.iban:
        return (say("To know how to pay it, please ask %(name)s, %(address)s, naming the reference %(reference)s: "
                    "%(page)s.", name=transfer.holder, address=transfer.address, reference=transfer.reference,
                    page=transfer.page),)  # fmt: skip
    account = (
        say("IBAN %(iban)s, BIC %(bic)s", iban=transfer.spaced, bic=transfer.bic) if transfer.bic
        else say("IBAN %(iban)s", iban=transfer.spaced)
    )  # fmt: skip
    return (say("Pay by transfer to %(holder)s with the reference %(reference)s.", holder=transfer.holder,
                reference=transfer.reference), account)  # fmt: skip


def _to_seller(row: InvoiceRow) -> Text:
    return say(
        "This is the double of your document to %(buyer)s, issued in your name under your mandate. If something in it "
        "is wrong, say so in writing within the days that the mandate names.", buyer=row.body["buyer"]["name"],
    )  # fmt: skip


def _to_buyer(row: InvoiceRow) -> Text:
    if row.credit:
        return say("From %(seller)s. It takes back invoice %(original)s, in whole or in part.",
                   seller=row.body["seller"]["name"], original=row.body.get("credits", ""))  # fmt: skip
    if row.open:
        return say("From %(seller)s, to be paid.", seller=row.body["seller"]["name"])
    return say("From %(seller)s, paid already. It is for your books.", seller=row.body["seller"]["name"])


def _waits(told: Told) -> list[Letter]:
    """Only what the freelancer can do something about; the rest stands in the console."""
    row = told.session.get(InvoiceDue, told.event.subject)
    reader = person(told.session, row.freelancer_id) if row is not None else None
    if row is not None and reader is not None and told.payload("blocker") == SELLER:
        return [_asked_for(row, reader)]
    if row is None or reader is None or told.payload("blocker") != "mandate":
        return []
    return [Letter(
        reader, say("Your invoice waits for your mandate"),
        (say("Work of yours is to be invoiced. Invoices are drawn up for you, in your name: that needs your mandate, "
             "once. Read it and accept it, and the invoice goes out."),),
        say("Read the mandate"), "/accounting/mandate",
    )]  # fmt: skip


def _asked_for(row: InvoiceDue, reader: Reader) -> Letter:
    """A seller who makes their own documents is asked for the one that is due."""
    amount = Money(sum(item["net"] for item in row.facts["items"]) + row.facts["tax"], row.facts["currency"])
    buyer = (row.facts["parties"].get("client") or {}).get("name", "")
    if row.credit:
        subject = say("Your credit note over %(amount)s is asked for", amount=amount)
        what = say("Money goes back to %(buyer)s. This credit note is not drawn up here: please make it yourself, "
                   "and hand it in.", buyer=buyer)  # fmt: skip
    else:
        subject = say("Your invoice over %(amount)s is asked for", amount=amount)
        what = say("Your work for %(buyer)s was accepted. Its invoice is not drawn up here: please make it "
                   "yourself, and hand it in. The page says what it should name.", buyer=buyer)  # fmt: skip
    return Letter(reader, subject, (what,), say("Hand in the document"), f"/accounting/own/{row.id}")


def _handed_in(told: Told) -> list[Letter]:
    """To who pays: the seller's own document is there."""
    row = sent_for(told.session, told.event.subject)
    if row is None or not row.due.organisation:
        return []
    name = name_of(told.session, row.due.freelancer)
    subject = (
        say("Credit note %(number)s over %(amount)s", number=row.number, amount=row.due.gross) if row.due.credit
        else say("Invoice %(number)s over %(amount)s", number=row.number, amount=row.due.gross)
    )  # fmt: skip
    text = (
        say("%(seller)s made it themself and handed it in. It is for your books.", seller=name) if row.file
        else say("%(seller)s made it themself and gave its number here; the document comes from them.", seller=name)
    )  # fmt: skip
    readers = people(told.session, members_with(told.session, row.due.organisation, "finance"))
    return [Letter(r, subject, (text,), say("Open it"), "/accounting") for r in readers]


WRITERS: dict[str, Writer] = {
    events.DOCUMENT_ISSUED: _issued, events.DOCUMENT_WAITS: _waits, events.DOCUMENT_SENT: _handed_in,
}  # fmt: skip
