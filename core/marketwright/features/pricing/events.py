"""What happens to codes; the subject is the code."""

from marketwright.kernel.events import declare

VOUCHER_MADE = declare("voucher.made", "Staff made a code that lowers a fee; payload: code")
VOUCHER_ENDED = declare("voucher.ended", "Staff ended a code; payload: code")
