"""The course ``time_and_materials``: periods with a timesheet; what is approved is released, the rest goes back."""

from marketwright.features.contracts.bundled import held
from marketwright.features.contracts.bundled.held import CLIENT, FREELANCER, FUNDED, NONE, OTHERS, SETTLED, TIMER
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, CancellationRule, Measure, Process, Role, State, Transition

TIME_AND_MATERIALS = Process(
    name="time_and_materials",
    version=1,
    label=N_("By the day, with timesheets"),
    summary=N_(
        "The work is counted in days and half days, period by period. The {client} pays each period in before it "
        "begins, up to the days agreed; the {freelancer} hands a timesheet in at its end. Approved days are released, "
        "by silence too, and what was not worked goes back."
    ),
    holds=True,
    start="to_fund",
    by_day=True,
    ahead_days=10,
    states=(
        State(
            "to_fund", N_("To be paid in"), CLIENT, N_("Pay the period in, so that the work can begin"),
            hold=NONE, deadline_days=10, remind_days=(7, 3, 1),
            after=N_("If nobody does anything, nothing is paid and no day of this period may be worked."),
            done=N_("Paid in"),
        ),
        State(
            "work", N_("Under way"), FREELANCER, N_("Note the days you worked, then hand the timesheet in"),
            hold=FUNDED,
            after=N_("Without a timesheet it counts as late; the money stays held."),
            done=N_("Timesheet handed in"),
        ),
        State(
            "late", N_("Timesheet late"), FREELANCER, N_("Hand the timesheet in: without one nothing can be released"),
            hold=FUNDED,
            after=N_("If nobody does anything, no day counts as worked and the money goes back to the {client}."),
        ),
        State(
            "submitted", N_("Timesheet handed in"), CLIENT, N_("Look at the days, then approve or dispute them"),
            hold=FUNDED,
            after=N_("If nobody does anything, the days count as approved and are released."),
            done=N_("Days approved"),
        ),
        State(
            "disputed", N_("Days disputed"), FREELANCER, N_("Answer for the disputed days, or correct the timesheet"),
            hold=FUNDED,
            after=N_("If nobody does anything, the other days are released and the disputed ones go back."),
        ),
        held.DECIDING,
        State("approved", N_("Approved and released"), CLIENT, "", hold=SETTLED, end=True),
        held.REFUNDED, held.SHARED, held.CALLED_OFF, held.CANCELLED,
    ),
    transitions=(
        Transition("fund", N_("Pay in"), "to_fund", "work", CLIENT, actions=(Action.HOLD,), did=N_("Paid in")),
        Transition(
            "cancel", N_("Cancel the period"), "to_fund", "cancelled", CLIENT, also=OTHERS, asks=("note",),
            actions=(Action.NOTIFY,), danger=True,
            did=N_("Cancelled"),
        ),
        *(
            Transition(
                name, N_("Hand the timesheet in"), state, "submitted", FREELANCER, asks=("sheet", "note"),
                actions=(Action.NOTIFY,),
                did=N_("Timesheet handed in"),
            )
            for name, state in (("submit", "work"), ("submit_late", "late"), ("submit_again", "disputed"))
        ),
        Transition(
            "turn_late", N_("The timesheet is late"), "work", "late", TIMER, timer_days=5, after_due=True,
            remind_days=(4, 2), actions=(Action.NOTIFY,),
            did=N_("The timesheet is late"),
        ),
        Transition(
            "lapse", N_("No timesheet came"), "late", "refunded", TIMER, timer_days=21, remind_days=(14, 7, 3, 1),
            actions=(Action.REFUND,),
            did=N_("No timesheet came: the money went back"),
        ),
        *(
            Transition(
                f"give_back_{state}", N_("No day was worked: give the money back"), state, "refunded", FREELANCER,
                asks=("note",), actions=(Action.REFUND,), danger=True,
                did=N_("Money given back"),
            )
            for state in ("work", "late")
        ),
        *held.call_off("work"),
        Transition(
            "approve", N_("Approve the days"), "submitted", "approved", CLIENT, actions=(Action.SPLIT,),
            measure=Measure.DAYS,
            did=N_("Days approved"),
        ),
        Transition(
            "approve_by_silence", N_("Approved by silence"), "submitted", "approved", TIMER, actions=(Action.SPLIT,),
            measure=Measure.DAYS, timer_days=14, remind_days=(7, 3, 1),
            did=N_("Approved by silence"),
        ),
        Transition(
            "dispute", N_("Dispute single days"), "submitted", "disputed", CLIENT, asks=("days", "note"),
            actions=(Action.NOTIFY,),
            did=N_("Days disputed"),
        ),
        Transition(
            "approve_after_all", N_("Approve all days after all"), "disputed", "approved", CLIENT,
            actions=(Action.SPLIT,), measure=Measure.DAYS,
            did=N_("Days approved after all"),
        ),
        Transition(
            "settle_undisputed", N_("Disputed days go back"), "disputed", "approved", TIMER, actions=(Action.SPLIT,),
            measure=Measure.UNDISPUTED, timer_days=14, remind_days=(7, 3, 1),
            did=N_("Nobody answered: the days without dispute were released"),
        ),
        *held.ask_decision("work", "late", "submitted", "disputed"),
        Transition(
            "decide_days", N_("Release every day of the timesheet"), "deciding", "approved", Role.OPERATOR,
            asks=("note",), actions=(Action.SPLIT,), measure=Measure.DAYS, danger=True,
            did=N_("Decided: every day released"),
        ),
        Transition(
            "decide_undisputed", N_("Release the days without dispute"), "deciding", "approved", Role.OPERATOR,
            asks=("note",), actions=(Action.SPLIT,), measure=Measure.UNDISPUTED, danger=True,
            did=N_("Decided: the days without dispute released"),
        ),
        held.DECIDE_REFUND,
        held.DECIDE_SPLIT,
        Transition(
            "decide_continue", N_("Let the timesheet be handed in again"), "deciding", "late", Role.OPERATOR,
            asks=("note",), actions=(Action.NOTIFY,),
            did=N_("Decided: the timesheet is handed in again"),
        ),
        *held.run_out(
            {
                "work": (Action.REFUND, "refunded"), "late": (Action.REFUND, "refunded"),
                "submitted": (Action.SPLIT, "approved"), "disputed": (Action.SPLIT, "approved"),
                "deciding": (Action.SPLIT, "approved"),
            },
            {"submitted": Measure.DAYS, "disputed": Measure.UNDISPUTED, "deciding": Measure.UNDISPUTED},
        ),
    ),
    cancellation=(CancellationRule(CLIENT, 7, 0), CancellationRule(CLIENT, 0, 2000)),
)  # fmt: skip
