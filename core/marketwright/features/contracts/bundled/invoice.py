"""The course ``invoice``: nothing is held; accepted work is invoiced and paid between the two."""

from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, Process, Role, State, Transition

_CLIENT, _FREELANCER, _OPERATOR, _TIMER = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER
_PLUGIN = Role.PLUGIN  # reports what it saw on an account

INVOICE = Process(
    name="invoice",
    version=3,
    label=N_("Invoice after the work"),
    summary=N_(
        "Nothing is held: once the work is accepted, or after the days of silence that the {contract} names, it is "
        "invoiced and the {client} pays the {freelancer} within 30 days. The marketplace never touches the money."
    ),
    holds=False,
    start="work",
    states=(
        State(
            "work", N_("Under way"), _FREELANCER, N_("Do the work, then hand it over here"),
            deadline_days=30, until_due=True, remind_days=(7, 1),
            after=N_("Nothing is invoiced until the work is handed over."),
            done=N_("Work done"),
        ),
        State(
            "delivered", N_("Handed over"), _CLIENT, N_("Read what was handed over, then accept it or ask for changes"),
            after=N_("If nobody does anything, it counts as accepted and is invoiced."),
            done=N_("Work accepted"),
        ),
        State(
            "changes", N_("Changes asked for"), _FREELANCER, N_("Make the changes, then hand it over again"),
            deadline_days=14, remind_days=(3, 1),
            after=N_(
                "Silence accepts nothing while changes are open; once their time is over the {client} may cancel."
            ),
        ),
        State(
            "billed", N_("Invoiced"), _CLIENT, N_("Pay the invoice, then mark it as paid"),
            deadline_days=30, remind_days=(7, 0, -7, -15, -30),
            after=N_("Late payment bears the interest and the flat sum that the {contract} names."),
            done=N_("Invoice paid"),
        ),
        State(
            "confirming", N_("Marked as paid"), _FREELANCER, N_("Look at your account, then confirm the payment"),
            after=N_("If nobody does anything, the payment counts as received."),
        ),
        State("paid", N_("Paid"), _FREELANCER, "", end=True),
        State("unpaid", N_("Closed unpaid"), _FREELANCER, "", end=True),
        State("cancelled", N_("Cancelled"), _CLIENT, "", end=True),
    ),
    transitions=(
        Transition(
            "deliver", N_("Hand over"), "work", "delivered", _FREELANCER, asks=("files", "note"),
            actions=(Action.NOTIFY,),
            did=N_("Handed over"),
        ),
        Transition(
            "cancel", N_("Cancel the {milestone}"), "work", "cancelled", _FREELANCER, also=(_CLIENT, _OPERATOR),
            asks=("note",), actions=(Action.NOTIFY,), danger=True,
            did=N_("Cancelled"),
        ),
        Transition(
            "approve", N_("Accept"), "delivered", "billed", _CLIENT, actions=(Action.BILL,),
            did=N_("Work accepted"),
        ),
        Transition(
            "ask_changes", N_("Ask for changes"), "delivered", "changes", _CLIENT, asks=("note",),
            actions=(Action.NOTIFY,),
            did=N_("Changes asked for"),
        ),
        Transition(
            "approve_by_silence", N_("Accepted by silence"), "delivered", "billed", _TIMER,
            actions=(Action.BILL,), timer_days=14, remind_days=(7, 3, 1),
            did=N_("Accepted by silence"),
        ),
        Transition(
            "deliver_again", N_("Hand over again"), "changes", "delivered", _FREELANCER, asks=("files", "note"),
            actions=(Action.NOTIFY,),
            did=N_("Handed over again"),
        ),
        Transition(
            "approve_after_all", N_("Accept after all"), "changes", "billed", _CLIENT, actions=(Action.BILL,),
            did=N_("Accepted after all"),
        ),
        Transition(
            "cancel_changes", N_("Cancel the {milestone}"), "changes", "cancelled", _FREELANCER, also=(_OPERATOR,),
            asks=("note",), actions=(Action.NOTIFY,), danger=True,
            did=N_("Cancelled"),
        ),
        Transition(
            "cancel_overdue", N_("Cancel: the changes did not come"), "changes", "cancelled", _CLIENT, asks=("note",),
            actions=(Action.NOTIFY,), danger=True, overdue=True,
            did=N_("Cancelled: the changes did not come"),
        ),
        Transition(
            "mark_paid", N_("I have paid"), "billed", "confirming", _CLIENT, asks=("note",), actions=(Action.NOTIFY,),
            did=N_("Marked as paid"),
        ),
        Transition(
            "confirm_paid", N_("The payment has arrived"), "billed", "paid", _FREELANCER, also=(_OPERATOR, _PLUGIN),
            actions=(Action.PAID,),
            did=N_("Payment confirmed"),
        ),
        Transition(
            "confirm", N_("Yes, it has arrived"), "confirming", "paid", _FREELANCER, also=(_OPERATOR, _PLUGIN),
            actions=(Action.PAID,),
            did=N_("Payment confirmed"),
        ),
        Transition(
            "not_arrived", N_("It has not arrived"), "confirming", "billed", _FREELANCER, asks=("note",),
            actions=(Action.NOTIFY,),
            did=N_("The payment had not arrived"),
        ),
        Transition(
            "paid_by_silence", N_("Counts as received"), "confirming", "paid", _TIMER, timer_days=14,
            remind_days=(7, 3, 1), actions=(Action.PAID,),
            did=N_("Counted as received"),
        ),
        Transition(
            "give_up", N_("Close it unpaid"), "billed", "unpaid", _FREELANCER, also=(_OPERATOR,), asks=("note",),
            actions=(Action.NOTIFY,), danger=True,
            did=N_("Closed unpaid"),
        ),
    ),
)  # fmt: skip
