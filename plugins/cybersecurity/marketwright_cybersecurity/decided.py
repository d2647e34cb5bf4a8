"""What the courses of security work have in common once money is held: decisions, and the end of the hold."""

from collections.abc import Mapping, Sequence

from marketwright.plugin import N_, Action, HoldState, Role, State, Transition

CLIENT, FREELANCER, OPERATOR, TIMER = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER
FUNDED, SETTLED = HoldState.FUNDED, HoldState.SETTLED
TOLD = (Action.NOTIFY,)

ENDS = (
    State("arbitration", N_("Waits for a decision"), OPERATOR, N_("Hear both sides, then decide where the budget goes"),
          hold=FUNDED, deadline_days=10, remind_days=(3,), after=N_("The budget stays held until the decision.")),
    State("closed", N_("Closed, budget released"), CLIENT, "", hold=SETTLED, end=True),
    State("returned", N_("Budget returned"), CLIENT, "", hold=SETTLED, end=True),
    State("apportioned", N_("Budget apportioned"), OPERATOR, "", hold=SETTLED, end=True),
    State("abandoned", N_("Abandoned before the start"), CLIENT, "", hold=HoldState.NONE, end=True),
)  # fmt: skip


def decisions(contested: Sequence[str], *, on: str) -> tuple[Transition, ...]:
    """Either side may ask for a decision in ``contested``; we end the deal, or send it back to ``on``."""
    return (
        *(
            Transition(f"contest_{state}", N_("Ask us to decide"), state, "arbitration", CLIENT,
                       also=(FREELANCER, OPERATOR), asks=("note",), actions=TOLD, danger=True,
                       did=N_("A decision was asked for"))
            for state in contested
        ),
        Transition("award_freelancer", N_("Release to the {freelancer}"), "arbitration", "closed", OPERATOR,
                   asks=("note",), actions=(Action.RELEASE,), danger=True,
                   did=N_("Decided: released to the {freelancer}")),
        Transition("award_client", N_("Return to the {client}"), "arbitration", "returned", OPERATOR, asks=("note",),
                   actions=(Action.REFUND,), danger=True, did=N_("Decided: returned to the {client}")),
        Transition("apportion", N_("Apportion it"), "arbitration", "apportioned", OPERATOR, asks=("amount", "note"),
                   actions=(Action.SPLIT,), danger=True, did=N_("Decided: apportioned")),
        Transition("go_on", N_("Let the work go on"), "arbitration", on, OPERATOR, asks=("note",), actions=TOLD,
                   did=N_("Decided: the work goes on")),
    )  # fmt: skip


def hold_ends(refunded: Sequence[str], released: Sequence[str]) -> tuple[Transition, ...]:
    """What the clock does in each state when the provider may hold the budget no longer."""
    ways: Mapping[str, tuple[str, Action]] = {
        **dict.fromkeys(refunded, ("returned", Action.REFUND)), **dict.fromkeys(released, ("closed", Action.RELEASE)),
    }  # fmt: skip
    return tuple(
        Transition(f"hold_ends_{state}", N_("The time to hold the budget is over"), state, target, TIMER,
                   actions=(action,), expiry=True, did=N_("Decided by the clock: the budget could be held no longer"))
        for state, (target, action) in ways.items()
    )  # fmt: skip
