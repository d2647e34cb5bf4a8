"""What payments tell: each names the hold (the milestone) as its subject, ids alone in the payload."""

from marketwright.kernel.events import declare

FUNDED = declare("payment.funded", "The provider holds the client's money for a milestone")
RELEASED = declare("payment.released", "Held money became the freelancer's, fees the marketplace's")
REFUNDED = declare("payment.refunded", "Held money went back to the client")
SPLIT = declare("payment.split", "Held money was shared between both sides by a decision")
PAID_OUT = declare("payment.paid_out", "A freelancer's money left for their bank")
PAYOUT_WAITS = declare("payment.payout_waits", "A freelancer's money waits until the gate be_paid is open")
FAILED = declare("payment.failed", "The provider refused what it was asked")
ABANDONED = declare("payment.abandoned", "Nobody paid on the payment page in time")
RETURNED = declare("payment.returned", "Money that came too late goes back to the client")
