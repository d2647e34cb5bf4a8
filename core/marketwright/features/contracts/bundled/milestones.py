"""The course ``milestones``: the client pays each one in, a provider holds it until the work is accepted."""

from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, HoldState, Process, Role, State, Transition

_CLIENT, _FREELANCER, _OPERATOR, _TIMER = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER
_NONE, _FUNDED, _SETTLED = HoldState.NONE, HoldState.FUNDED, HoldState.SETTLED
_TWO = (_FREELANCER, _OPERATOR)

MILESTONES = Process(
    name="milestones",
    version=1,
    label=N_("{Milestone.other}, with the money held"),
    summary=N_(
        "The {client} pays each {milestone} in before work on it begins; a payment provider holds the money and "
        "releases it once the work is accepted, or after the days of silence that the {contract} names."
    ),
    holds=True,
    start="to_fund",
    states=(
        State(
            "to_fund", N_("To be paid in"), _CLIENT, N_("Pay the {milestone} in, so that the work can begin"),
            hold=_NONE, deadline_days=14, remind_days=(7, 3, 1),
            after=N_("If nobody does anything, nothing is paid and no work begins."),
            done=N_("Paid in"),
        ),
        State(
            "work", N_("Under way"), _FREELANCER, N_("Do the work, then hand it over here"),
            hold=_FUNDED, deadline_days=30, until_due=True, remind_days=(7, 1),
            after=N_("The money stays held until the work is handed over."),
            done=N_("Work done"),
        ),
        State(
            "delivered", N_("Handed over"), _CLIENT, N_("Read what was handed over, then accept it or ask for changes"),
            hold=_FUNDED,
            after=N_("If nobody does anything, it counts as accepted and the money is released."),
            done=N_("Work accepted"),
        ),
        State(
            "changes", N_("Changes asked for"), _FREELANCER, N_("Make the changes, then hand it over again"),
            hold=_FUNDED, deadline_days=14, remind_days=(3, 1),
            after=N_("The money stays held; silence accepts nothing while changes are open."),
        ),
        State(
            "deciding", N_("Waits for a decision"), _OPERATOR, N_("Hear both sides, then decide where the money goes"),
            hold=_FUNDED, deadline_days=10, remind_days=(3,),
            after=N_("The money stays held until the decision."),
        ),
        State("released", N_("Released"), _CLIENT, "", hold=_SETTLED, end=True),
        State("refunded", N_("Refunded"), _CLIENT, "", hold=_SETTLED, end=True),
        State("shared", N_("Shared by decision"), _OPERATOR, "", hold=_SETTLED, end=True),
        State("cancelled", N_("Cancelled"), _CLIENT, "", hold=_NONE, end=True),
    ),
    transitions=(
        Transition("fund", N_("Pay in"), "to_fund", "work", _CLIENT, actions=(Action.HOLD,), did=N_("Paid in")),
        Transition(
            "cancel", N_("Cancel the {milestone}"), "to_fund", "cancelled", _CLIENT, also=_TWO, asks=("note",),
            actions=(Action.NOTIFY,), danger=True,
            did=N_("Cancelled"),
        ),
        Transition(
            "deliver", N_("Hand over"), "work", "delivered", _FREELANCER, asks=("files", "note"),
            actions=(Action.NOTIFY,),
            did=N_("Handed over"),
        ),
        Transition(
            "give_back", N_("Give the money back"), "work", "refunded", _FREELANCER, asks=("note",),
            actions=(Action.REFUND,), danger=True,
            did=N_("Money given back"),
        ),
        Transition(
            "approve", N_("Accept"), "delivered", "released", _CLIENT, actions=(Action.RELEASE,),
            did=N_("Work accepted"),
        ),
        Transition(
            "ask_changes", N_("Ask for changes"), "delivered", "changes", _CLIENT, asks=("note",),
            actions=(Action.NOTIFY,),
            did=N_("Changes asked for"),
        ),
        Transition(
            "approve_by_silence", N_("Accepted by silence"), "delivered", "released", _TIMER,
            actions=(Action.RELEASE,), timer_days=14, remind_days=(7, 3, 1),
            did=N_("Accepted by silence"),
        ),
        Transition(
            "deliver_again", N_("Hand over again"), "changes", "delivered", _FREELANCER, asks=("files", "note"),
            actions=(Action.NOTIFY,),
            did=N_("Handed over again"),
        ),
        Transition(
            "approve_after_all", N_("Accept after all"), "changes", "released", _CLIENT, actions=(Action.RELEASE,),
            did=N_("Accepted after all"),
        ),
        *(
            Transition(
                f"ask_decision_{state}", N_("Ask us to decide"), state, "deciding", _CLIENT, also=_TWO, asks=("note",),
                actions=(Action.NOTIFY,), danger=True,
                did=N_("A decision was asked for"),
            )
            for state in ("work", "delivered", "changes")
        ),
        Transition(
            "decide_release", N_("Release to the {freelancer}"), "deciding", "released", _OPERATOR, asks=("note",),
            actions=(Action.RELEASE,), danger=True,
            did=N_("Decided: released to the {freelancer}"),
        ),
        Transition(
            "decide_refund", N_("Refund to the {client}"), "deciding", "refunded", _OPERATOR, asks=("note",),
            actions=(Action.REFUND,), danger=True,
            did=N_("Decided: refunded to the {client}"),
        ),
        Transition(
            "decide_split", N_("Share between both"), "deciding", "shared", _OPERATOR, asks=("amount", "note"),
            actions=(Action.SPLIT,), danger=True,
            did=N_("Decided: shared between both"),
        ),
        Transition(
            "decide_continue", N_("Let the work go on"), "deciding", "changes", _OPERATOR, asks=("note",),
            actions=(Action.NOTIFY,),
            did=N_("Decided: the work goes on"),
        ),
    ),
)  # fmt: skip
