"""How the console and the waiting page say what a hold or a command is doing, in plain words."""

from marketwright.kernel.text import N_

HOLD_WORDS: dict[str, str] = {
    "NONE": N_("Not funded yet."),
    "FUNDING": N_("A payment is under way."),
    "FUNDED": N_("The payment provider holds the money."),
    "RELEASING": N_("The money is on its way to the {freelancer}."),
    "REFUNDING": N_("The money is on its way back to the {client}."),
    "SPLITTING": N_("The money is being shared between both sides."),
    "SETTLED": N_("The money has been settled."),
    "EXPIRED": N_("This was never funded."),
}

KIND_WORDS: dict[str, str] = {
    "fund": N_("Payment request"),
    "release": N_("Release to the {freelancer}"),
    "refund": N_("Refund to the {client}"),
    "split": N_("Sharing of the money"),
    "payout": N_("Transfer to the {freelancer}’s bank"),
}

STATE_WORDS: dict[str, str] = {
    "PENDING": N_("about to be sent to the provider"),
    "SENT": N_("sent, the provider has not answered yet"),
    "WAITING": N_("the provider is working on it"),
    "PAGE": N_("waiting for the {client} on the provider’s page"),
    "UNKNOWN": N_("no clear answer, being looked up at the provider"),
    "CONFIRMED": N_("done"),
    "FAILED": N_("refused by the provider"),
}

EFFECT_WORDS: dict[str, str] = {
    "funded": N_("Paid in by the {client}"),
    "released": N_("Released to the {freelancer}"),
    "refund_owed": N_("To go back to the {client}"),
    "refunded": N_("Given back to the {client}"),
    "split": N_("Shared by a decision"),
    "paid_out": N_("Transferred to the bank"),
    "provider_fee": N_("Fee of the payment provider"),
    "came_late": N_("Came in too late"),
    "returned": N_("Given back, it came too late"),
}

ABANDONED = N_("Nobody paid on the payment page in time.")
REFUSED = N_("The payment provider refused it.")
