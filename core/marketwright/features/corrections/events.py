"""What happens to corrections; the subject is the correction."""

from marketwright.kernel.events import declare

ASKED = declare("correction.asked", "Somebody of the staff asked for a correction of money; payload: kind, alone")
DONE = declare("correction.done", "A correction of money was carried out; payload: kind, alone")
DROPPED = declare("correction.dropped", "A correction of money was withdrawn or refused; payload: kind, state")
