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
PAYOUT_RETURNED = declare("payment.payout_returned", "A transfer to a freelancer's bank came back: it is owed again")
TAKEN_BACK = declare("payment.taken_back", "A payment that had come in was taken back by the payer's bank")
DISPUTED = declare("payment.disputed", "The payer's bank disputes a payment: its hold is frozen until that is decided")
DISPUTE_WON = declare("payment.dispute_won", "A dispute was decided for the marketplace's side: the money is back")
DISPUTE_LOST = declare("payment.dispute_lost", "A dispute was decided for the payer: the money is gone")
REFUNDED_LATER = declare("payment.refunded_later", "Money went back to the client after it was released")
ARRIVED = declare("payment.arrived", "Money came in by bank transfer: for a payment, in part, or for nothing")
GIVEN_BACK = declare("payment.given_back", "Money that nobody asked for went back to its sender")
PAYEE_READY = declare("payment.payee_ready", "A freelancer can be paid through the provider")
PAYEE_WANTED = declare("payment.payee_wanted", "Something is missing before a freelancer can be paid")
DESTINATION_CHANGED = declare(
    "payout.destination_changed",
    "A freelancer's money goes elsewhere from now on; payload: first (yes for their first one)",
)
UNMATCHED = declare("payment.unmatched", "Provider and marketplace have not said the same of a payment for a day")
SAME_ACCOUNT = declare("payment.same_account", "Client and freelancer of a deal use the same account or card")
