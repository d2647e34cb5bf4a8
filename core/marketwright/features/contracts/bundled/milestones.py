"""The course ``milestones``: the client pays each one in, a provider holds it until the work is accepted."""

from marketwright.features.contracts.bundled import held
from marketwright.features.contracts.bundled.held import CLIENT, FREELANCER, FUNDED, NONE, OTHERS
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, CancellationRule, Measure, Process, State, Transition

STATES = (
    State(
        "to_fund", N_("To be paid in"), CLIENT, N_("Pay the {milestone} in, so that the work can begin"),
        hold=NONE, deadline_days=14, remind_days=(7, 3, 1),
        after=N_("If nobody does anything, nothing is paid and no work begins."),
        done=N_("Paid in"),
    ),
    State(
        "work", N_("Under way"), FREELANCER, N_("Do the work, then hand it over here"),
        hold=FUNDED, deadline_days=30, until_due=True, remind_days=(7, 1),
        after=N_("The money stays held until the work is handed over."),
        done=N_("Work done"),
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
    held.OFFERED, held.DECIDING, held.RELEASED, held.REFUNDED, held.SHARED, held.AGREED, held.CALLED_OFF,
    held.CANCELLED,
)  # fmt: skip
WAYS = (
    Transition("fund", N_("Pay in"), "to_fund", "work", CLIENT, actions=(Action.HOLD,), did=N_("Paid in")),
    Transition(
        "cancel", N_("Cancel the {milestone}"), "to_fund", "cancelled", CLIENT, also=OTHERS, asks=("note",),
        actions=(Action.NOTIFY,), danger=True,
        did=N_("Cancelled"),
    ),
    Transition(
        "deliver", N_("Hand over"), "work", "delivered", FREELANCER, asks=("files", "note"),
        actions=(Action.NOTIFY,),
        did=N_("Handed over"),
    ),
    Transition(
        "give_back", N_("Give the money back"), "work", "refunded", FREELANCER, asks=("note",),
        actions=(Action.REFUND,), danger=True,
        did=N_("Money given back"),
    ),
    *held.call_off("work"),
    *held.ACCEPTANCE,
    *held.offers("work", "delivered", "changes", back_to="changes"),
    *held.ask_decision("work", "delivered", "changes"),
    *held.decisions("changes"),
    *held.run_out({
        "work": (Action.REFUND, "refunded"), "delivered": (Action.RELEASE, "released"),
        "changes": (Action.REFUND, "refunded"), "offered": (Action.SPLIT, "agreed"),
        "deciding": (Action.REFUND, "refunded"),
    }, {"offered": Measure.OFFERED}),
)  # fmt: skip
CANCELLATION = (CancellationRule(CLIENT, 7, 0), CancellationRule(CLIENT, 0, 2000))

MILESTONES = Process(
    name="milestones",
    version=2,
    label=N_("{Milestone.other}, with the money held"),
    summary=N_(
        "The {client} pays each {milestone} in before work on it begins; a payment provider holds the money and "
        "releases it once the work is accepted, or after the days of silence that the {contract} names."
    ),
    holds=True,
    start="to_fund",
    states=STATES,
    transitions=WAYS,
    cancellation=CANCELLATION,
)
