"""What happens to bills; the subject is the bill."""

from marketwright.kernel.events import declare

ISSUED = declare("bill.issued", "A bill was issued for an accepted milestone; payload: contract, milestone")
PAID = declare("bill.paid", "A bill counts as paid; payload: contract")
UNPAID = declare("bill.unpaid", "A bill was closed unpaid; payload: contract")
RECEIVED = declare("bill.received", "A payment was recorded on a bill; payload: contract, payment")
DOCUMENT_ISSUED = declare("invoice.issued", "An invoice or credit note was issued; payload: contract, kind, credit")
DOCUMENT_WAITS = declare("invoice.waits", "A due document cannot be issued yet; payload: contract, blocker")
DOCUMENT_SENT = declare("invoice.sent", "A seller handed in their own invoice or credit note; payload: contract, due")
MANDATE_ACCEPTED = declare("mandate.accepted", "A freelancer lets the marketplace invoice in their name")
MANDATE_WITHDRAWN = declare("mandate.withdrawn", "A freelancer took the mandate to invoice back")
