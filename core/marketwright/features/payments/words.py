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
    "release": N_("A release to the {freelancer}"),
    "refund": N_("A refund to the {client}"),
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
    "refund_later_owed": N_("To go back to the {client} after the release"),
    "refunded_later": N_("Given back to the {client} after the release"),
    "withheld": N_("Kept back to settle what the {freelancer} owes"),
    "payout_returned": N_("Came back from the {freelancer}’s bank"),
    "taken_back": N_("Taken back by the {client}’s bank"),
    "dispute_open": N_("Held back by the provider during a dispute"),
    "dispute_won": N_("Back from a dispute"),
    "dispute_lost": N_("Lost in a dispute"),
    "dispute_borne": N_("A lost dispute, borne"),
    "arrived": N_("Came in by bank transfer, not assigned yet"),
    "arrival_left": N_("Went back to its sender"),
    "given_back": N_("Given back to its sender"),
    "covered": N_("Used for the payment that it was sent for"),
    "unasked_fee": N_("Fee of the payment provider"),
    "adjusted": N_("Moved by the payment provider, to be explained"),
    "platform_loss": N_("A debt given up"),
}

ABANDONED = N_("Nobody paid on the payment page in time.")
REFUSED = N_("The payment provider refused it.")
LOST_TO_DISPUTE = N_("The {client}’s bank has taken the money back by a dispute.")
TAKEN_BACK = N_("The {client}’s bank has taken the payment back, so the money is not held any more.")
STOPPED = N_("Nothing leaves while the bank’s dispute is open or the money is frozen.")

NEED_WORDS: dict[str, str] = {
    "identity": N_("Who you are: your name and date of birth"),
    "identity_document": N_("A document that proves who you are"),
    "address": N_("Your address"),
    "contact": N_("Your e-mail address and telephone number"),
    "business": N_("Your business: its name, form and registration number"),
    "business_document": N_("A document that proves your business"),
    "representative": N_("Who may act for your business"),
    "owners": N_("Who owns your business"),
    "activity": N_("What you sell"),
    "tax_number": N_("Your tax number"),
    "bank_account": N_("The bank account that you are paid on"),
    "terms": N_("Your agreement to the provider’s terms"),
    "review": N_("Nothing from you: the provider is checking what you gave"),
    "other": N_("Something else that the provider explains on its page"),
}

PAYEE_WORDS: dict[str, str] = {
    "": N_("You have not begun yet."),
    "ASKED": N_("You have not begun yet."),
    "PAGE": N_("Something is missing."),
    "WAITING": N_("The provider is checking what you gave."),
    "READY": N_("You can be paid."),
    "REFUSED": N_("The provider will not pay you."),
}

UNMATCHED_WORDS: dict[str, str] = {
    "unknown_key": N_("The provider knows a payment that this marketplace never asked for."),
    "amount": N_("Both know it, with different amounts."),
    "refused_here": N_("The provider has done what counts as refused here."),
    "done_here": N_("The provider refuses what counts as done here."),
    "twice": N_("The provider has done it twice."),
    "not_there": N_("It counts as done here, and the provider does not know it."),
    "unclear": N_("The provider gives no clear answer about it."),
    "waits": N_("It is about a payment that is not settled yet."),
    "no_effect": N_("It could not be applied to anything here."),
    "balance": N_("The provider’s balance is not what the ledger says."),
    "unbalanced": N_("A provider does not say what it holds: no balance could be compared."),
    "silent": N_("The provider’s messages do not arrive here."),
}

UNMATCHED_TODO: dict[str, str] = {
    "unknown_key": N_("Find out at the provider who asked for it; what is nobody’s goes back there."),
    "amount": N_("Compare both at the provider, then book the difference as a manual entry."),
    "refused_here": N_("Look at it at the provider: what was done there must be undone there, or booked by hand."),
    "done_here": N_("Look at it at the provider before anything else is paid, then book what really happened."),
    "twice": N_("Have the second one taken back at the provider."),
    "not_there": N_("Ask the provider about it, with the reference; nothing is paid again before they answer."),
    "unclear": N_("Nothing yet: it is looked up again by itself. After a day, ask the provider."),
    "waits": N_("Nothing yet: it is applied as soon as that payment is settled."),
    "no_effect": N_("Compare both at the provider, then book it as a manual entry."),
    "silent": N_("See in the provider’s settings whether its messages come to this site, signed with its secret; and "
                 "whether the clock of this machine is right: messages five minutes off are refused."),
    "unbalanced": N_("Nothing yet: it is asked again by itself. After a day, ask the provider."),
    "balance": N_("Settle what else is listed here first; what is left then is booked as a manual entry."),
}

_TODO: dict[str, str] = {
    "PENDING": N_("Nothing: it is sent within seconds. If it stays here, see whether the worker runs."),
    "SENT": N_("Nothing: it is looked up by itself until the provider says how it stands."),
    "WAITING": N_("Nothing: the provider says when it is done."),
    "PAGE": N_("Nothing: the {client} has to pay. Not paid in time, it is given up by itself."),
    "UNKNOWN": N_("Look it up now. If it stays unclear, ask the provider; pay nothing by hand before they answer."),
    "CONFIRMED": N_("Nothing: it is done."),
    "FAILED": N_("Read the reason. The step went back to where it was and may be taken again."),
}
_TODO_OF: dict[tuple[str, str], str] = {
    ("payout", "FAILED"): N_("Have the bank details mended, then send it once more."),
    ("fund", "FAILED"): N_("Nothing: nothing was taken, and the {client} may pay again."),
    ("fund", "WAITING"): N_("Nothing: a bank transfer or debit takes days. What has come in so far is kept."),
}
_WATCHED = N_("Nothing: nobody waits for it. Should the money still come, it goes back by itself.")

_TAKEN = N_("The bank has taken it back. Its hold is free to be funded again, or frozen where the money had gone on.")


def todo_of(kind: str, state: str, *, given_up: bool, undone: bool = False) -> str:
    """What staff does about a command in its state, in plain words; ``undone`` came back after it was done."""
    if undone:
        return _TODO_OF["payout", "FAILED"] if kind == "payout" else _TAKEN
    return _WATCHED if given_up else _TODO_OF.get((kind, state), _TODO[state])
