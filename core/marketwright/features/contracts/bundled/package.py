"""The course ``package``: a service bought from a profile, at its price and in its time."""

from marketwright.features.contracts.bundled import held
from marketwright.features.contracts.bundled.held import CLIENT, FREELANCER, FUNDED, NONE, OTHERS, TIMER
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, Measure, Process, Sale, State, Transition

PACKAGE = Process(
    name="package",
    version=1,
    label=N_("A service at a fixed price"),
    summary=N_(
        "The {client} buys a service as its page describes it, and pays it in; a payment provider holds the money. "
        "The {freelancer} hands it over within the days that the service names; what stays overdue is given back. "
        "The money is released once the work is accepted, or after the days of silence that the {contract} names."
    ),
    holds=True,
    start="to_fund",
    sale=Sale.SERVICE,
    states=(
        State(
            "to_fund", N_("To be paid in"), CLIENT, N_("Pay the order in, so that the work can begin"),
            hold=NONE,
            after=N_("If nobody does anything, the order lapses and nobody owes anything."),
            done=N_("Paid in"),
        ),
        State(
            "work", N_("Under way"), FREELANCER, N_("Do the work, then hand it over here"),
            hold=FUNDED,
            after=N_("Without a delivery it counts as overdue; the money stays held."),
            done=N_("Work done"),
        ),
        State(
            "overdue", N_("Overdue"), FREELANCER, N_("Hand the work over: its time is over"),
            hold=FUNDED,
            after=N_("If nobody does anything, the money goes back to the {client}."),
        ),
        State(
            "delivered", N_("Handed over"), CLIENT, N_("Read what was handed over, then accept it or ask for changes"),
            hold=FUNDED,
            after=N_("If nobody does anything, it counts as accepted and the money is released."),
            done=N_("Work accepted"),
        ),
        State(
            "changes", N_("Changes asked for"), FREELANCER, N_("Make the changes, then hand it over again"),
            hold=FUNDED, deadline_days=14, remind_days=(3, 1),
            after=N_("The money stays held; silence accepts nothing while changes are open."),
        ),
        held.OFFERED, held.DECIDING, held.RELEASED, held.REFUNDED, held.SHARED, held.AGREED, held.CANCELLED,
    ),
    transitions=(
        Transition("fund", N_("Pay in"), "to_fund", "work", CLIENT, actions=(Action.HOLD,), did=N_("Paid in")),
        Transition(
            "cancel", N_("Cancel the order"), "to_fund", "cancelled", CLIENT, also=OTHERS, asks=("note",),
            actions=(Action.NOTIFY,), danger=True,
            did=N_("Cancelled"),
        ),
        Transition(
            "lapse", N_("The order lapses"), "to_fund", "cancelled", TIMER, timer_days=14, remind_days=(7, 3, 1),
            actions=(Action.NOTIFY,),
            did=N_("The order lapsed: it was not paid in"),
        ),
        *(
            Transition(
                name, N_("Hand over"), state, "delivered", FREELANCER, asks=("files", "note"),
                actions=(Action.NOTIFY,),
                did=N_("Handed over"),
            )
            for name, state in (("deliver", "work"), ("deliver_late", "overdue"))
        ),
        Transition(
            "turn_overdue", N_("The work is overdue"), "work", "overdue", TIMER, timer_days=2, after_due=True,
            remind_days=(1,), actions=(Action.NOTIFY,),
            did=N_("The work is overdue"),
        ),
        Transition(
            "give_up", N_("Nothing was handed over"), "overdue", "refunded", TIMER, timer_days=14,
            remind_days=(7, 3, 1), actions=(Action.REFUND,),
            did=N_("Nothing was handed over: the money went back"),
        ),
        *(
            Transition(
                f"give_back_{state}", N_("Give the money back"), state, "refunded", FREELANCER, asks=("note",),
                actions=(Action.REFUND,), danger=True,
                did=N_("Money given back"),
            )
            for state in ("work", "overdue")
        ),
        *held.ACCEPTANCE,
        *held.offers("overdue", "delivered", "changes", back_to="changes"),
        *held.ask_decision("work", "overdue", "delivered", "changes"),
        *held.decisions("changes"),
        *held.run_out({
            "work": (Action.REFUND, "refunded"), "overdue": (Action.REFUND, "refunded"),
            "delivered": (Action.RELEASE, "released"), "changes": (Action.REFUND, "refunded"),
            "offered": (Action.SPLIT, "agreed"), "deciding": (Action.REFUND, "refunded"),
        }, {"offered": Measure.OFFERED}),
    ),
)  # fmt: skip
