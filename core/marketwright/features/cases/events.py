"""What happens to cases; payloads carry ids alone."""

from marketwright.kernel.events import declare

OPENED = declare("case.opened", "A case was opened on a contract; payload: contract, case")
NAMED = declare("case.named", "Somebody of the staff was named in a case; payload: contract, case")
CLOSED = declare("case.closed", "A case was closed before its time; payload: contract, case")
