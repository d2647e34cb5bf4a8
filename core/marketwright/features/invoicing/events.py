"""What happens to bills; the subject is the bill."""

from marketwright.kernel.events import declare

ISSUED = declare("bill.issued", "A bill was issued for an accepted milestone; payload: contract, milestone")
PAID = declare("bill.paid", "A bill counts as paid; payload: contract")
UNPAID = declare("bill.unpaid", "A bill was closed unpaid; payload: contract")
RECEIVED = declare("bill.received", "A payment was recorded on a bill; payload: contract, payment")
