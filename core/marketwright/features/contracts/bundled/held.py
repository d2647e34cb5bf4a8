"""What the courses that hold money share: decisions, offers, calling off, and what happens when time runs out."""

from collections.abc import Mapping

from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, HoldState, Measure, Role, State, Transition

CLIENT, FREELANCER, OPERATOR, TIMER = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER
NONE, FUNDED, SETTLED = HoldState.NONE, HoldState.FUNDED, HoldState.SETTLED
OTHERS = (FREELANCER, OPERATOR)

DECIDING = State(
    "deciding", N_("Waits for a decision"), OPERATOR, N_("Hear both sides, then decide where the money goes"),
    hold=FUNDED, deadline_days=10, remind_days=(3,),
    after=N_("The money stays held until the decision."),
)  # fmt: skip
OFFERED = State(
    "offered", N_("A part is offered back"), CLIENT, N_("Accept what is offered back, or ask for the work as agreed"),
    hold=FUNDED,
    after=N_("If nobody does anything, the offer lapses and the work goes on as agreed."),
)  # fmt: skip
RELEASED = State("released", N_("Released"), CLIENT, "", hold=SETTLED, end=True)
REFUNDED = State("refunded", N_("Refunded"), CLIENT, "", hold=SETTLED, end=True)
SHARED = State("shared", N_("Shared by decision"), OPERATOR, "", hold=SETTLED, end=True)
AGREED = State("agreed", N_("Released in part, as agreed"), CLIENT, "", hold=SETTLED, end=True)
CALLED_OFF = State("called_off", N_("Called off before the start"), CLIENT, "", hold=SETTLED, end=True)
CANCELLED = State("cancelled", N_("Cancelled"), CLIENT, "", hold=NONE, end=True)


# From what was handed over to its end: accepted, by silence too, or changed and accepted after all.
ACCEPTANCE: tuple[Transition, ...] = (
    Transition(
        "approve", N_("Accept"), "delivered", "released", CLIENT, actions=(Action.RELEASE,),
        did=N_("Work accepted"),
    ),
    Transition(
        "ask_changes", N_("Ask for changes"), "delivered", "changes", CLIENT, asks=("note",),
        actions=(Action.NOTIFY,),
        did=N_("Changes asked for"),
    ),
    Transition(
        "approve_by_silence", N_("Accepted by silence"), "delivered", "released", TIMER,
        actions=(Action.RELEASE,), timer_days=14, remind_days=(7, 3, 1),
        did=N_("Accepted by silence"),
    ),
    Transition(
        "deliver_again", N_("Hand over again"), "changes", "delivered", FREELANCER, asks=("files", "note"),
        actions=(Action.NOTIFY,),
        did=N_("Handed over again"),
    ),
    Transition(
        "approve_after_all", N_("Accept after all"), "changes", "released", CLIENT, actions=(Action.RELEASE,),
        did=N_("Accepted after all"),
    ),
)  # fmt: skip


def ask_decision(*states: str) -> tuple[Transition, ...]:
    """Anybody may ask for a decision in ``states``."""
    return tuple(
        Transition(
            f"ask_decision_{state}", N_("Ask us to decide"), state, "deciding", CLIENT, also=OTHERS, asks=("note",),
            actions=(Action.NOTIFY,), danger=True,
            did=N_("A decision was asked for"),
        )
        for state in states
    )  # fmt: skip


DECIDE_REFUND = Transition(
    "decide_refund", N_("Refund to the {client}"), "deciding", "refunded", OPERATOR, asks=("note",),
    actions=(Action.REFUND,), danger=True,
    did=N_("Decided: refunded to the {client}"),
)  # fmt: skip
DECIDE_SPLIT = Transition(
    "decide_split", N_("Share between both"), "deciding", "shared", OPERATOR, asks=("amount", "note"),
    actions=(Action.SPLIT,), danger=True,
    did=N_("Decided: shared between both"),
)  # fmt: skip


def decisions(back_to: str) -> tuple[Transition, ...]:
    """What may be decided: all to one side, a part to each, or let the work go on in ``back_to``."""
    return (
        Transition(
            "decide_release", N_("Release to the {freelancer}"), "deciding", "released", OPERATOR, asks=("note",),
            actions=(Action.RELEASE,), danger=True,
            did=N_("Decided: released to the {freelancer}"),
        ),
        DECIDE_REFUND,
        DECIDE_SPLIT,
        Transition(
            "decide_continue", N_("Let the work go on"), "deciding", back_to, OPERATOR, asks=("note",),
            actions=(Action.NOTIFY,),
            did=N_("Decided: the work goes on"),
        ),
    )  # fmt: skip


def offers(*states: str, back_to: str) -> tuple[Transition, ...]:
    """In ``states`` the freelancer may offer a part back; accepted, the rest is released. Else on in ``back_to``."""
    return (
        *(
            Transition(
                f"offer_back_{state}", N_("Offer a part back"), state, "offered", FREELANCER, asks=("amount", "note"),
                actions=(Action.NOTIFY,), danger=True,
                did=N_("A part was offered back"),
            )
            for state in states
        ),
        Transition(
            "accept_offer", N_("Accept"), "offered", "agreed", CLIENT, actions=(Action.SPLIT,),
            measure=Measure.OFFERED,
            did=N_("Agreed: released in part"),
        ),
        Transition(
            "decline_offer", N_("Ask for the work as agreed"), "offered", back_to, CLIENT, asks=("note",),
            actions=(Action.NOTIFY,),
            did=N_("The offer was declined"),
        ),
        Transition(
            "offer_lapses", N_("The offer lapses"), "offered", back_to, TIMER, timer_days=10, remind_days=(3, 1),
            actions=(Action.NOTIFY,),
            did=N_("The offer lapsed"),
        ),
    )  # fmt: skip


def call_off(state: str) -> tuple[Transition, ...]:
    """Before the work has begun either side may call paid-in work off, at what the rules of cancellation say."""
    return (
        Transition(
            "call_off", N_("Call it off before the start"), state, "called_off", CLIENT, asks=("note",),
            actions=(Action.SPLIT,), measure=Measure.CANCELLATION, danger=True,
            did=N_("Called off before the start"),
        ),
    )  # fmt: skip


def run_out(
    ways: Mapping[str, tuple[Action, str]], measures: Mapping[str, Measure] | None = None
) -> tuple[Transition, ...]:
    """What the clock does in each state when the provider may no longer hold the money: (action, the state after)."""
    measured = measures or {}
    return tuple(
        Transition(
            f"run_out_{state}", N_("The time to hold the money is over"), state, target, TIMER, actions=(action,),
            measure=measured.get(state, Measure.WHOLE), expiry=True,
            did=N_("Decided by the clock: the money could be held no longer"),
        )
        for state, (action, target) in ways.items()
    )  # fmt: skip
