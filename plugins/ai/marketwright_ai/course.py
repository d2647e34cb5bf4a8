"""The course of an AI deal: framed, baseline, candidate, measured by whoever holds the test set, accepted by it."""

from marketwright.plugin import (
    N_,
    Action,
    CancellationRule,
    HoldState,
    Judged,
    Measure,
    Process,
    Role,
    State,
    Transition,
)

C, F, OP, T, P = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER, Role.PLUGIN
NONE, FUNDED, SETTLED = HoldState.NONE, HoldState.FUNDED, HoldState.SETTLED

SEALED = "ai.test_set_sealed"
LICENCES = "ai.training_data_allowed"
RISKS = "ai.risk_file"

STATES = (
    State(
        "framed", N_("Framed"), C, N_("Seal the test set, then pay the {milestone} in"), hold=NONE, deadline_days=14,
        remind_days=(7, 3, 1), after=N_("If nobody does anything, nothing is paid and nothing is trained."),
        done=N_("Framed and paid in"),
    ),
    State(
        "baselining", N_("Baseline being made"), F, N_("Measure something simple, and hand it over"), hold=FUNDED,
        deadline_days=14, remind_days=(5, 1), after=N_("The money stays held until the baseline is handed over."),
        done=N_("Baseline known"),
    ),
    State(
        "baseline_known", N_("Baseline known"), C, N_("Read the baseline, then let a candidate be trained"),
        hold=FUNDED, deadline_days=7, after=N_("If nobody does anything, the work goes on."),
    ),
    State(
        "stop_offered", N_("Stopping is offered"), C, N_("Stop at the baseline for what is offered, or go on"),
        hold=FUNDED, after=N_("If nobody does anything, the offer lapses and the work goes on."),
    ),
    State(
        "training", N_("Candidate being trained"), F, N_("Train, then hand the candidate over with its card"),
        hold=FUNDED, deadline_days=45, until_due=True, remind_days=(7, 1),
        after=N_("The money stays held until a candidate is handed over."), done=N_("Candidate handed over"),
    ),
    State(
        "to_measure", N_("Candidate waits for its measure"), C, N_("Run the test set, and hand the report over"),
        hold=FUNDED, after=N_("If nothing is measured, the candidate counts as accepted and the money is released."),
        done=N_("Measured"),
    ),
    State("measured", N_("Measured"), C, N_("Look at the report"), hold=FUNDED, deadline_days=1,
          after=N_("The figure decides at once.")),
    State(
        "threshold_met", N_("Threshold met"), C, N_("Release the money, or contest the measure"), hold=FUNDED,
        after=N_("If nobody contests the measure, the money is released."), done=N_("Threshold met"),
    ),
    State(
        "threshold_missed", N_("Threshold missed"), F, N_("Train on, or contest the measure"), hold=FUNDED,
        deadline_days=21, remind_days=(7, 1),
        after=N_("The money stays held; nothing is accepted below the threshold."),
    ),
    State(
        "to_rerun", N_("Measure is contested"), C,
        N_("Run the same weights again with the {freelancer} watching, and hand the report over"), hold=FUNDED,
        after=N_("If it is not run again, the candidate counts as accepted and the money is released."),
    ),
    State("rerun", N_("Measured twice"), C, N_("Look at the second report"), hold=FUNDED, deadline_days=1,
          after=N_("The figure decides at once.")),
    State(
        "met_twice", N_("Met in the second run"), C, N_("Release the money"), hold=FUNDED,
        after=N_("If nobody does anything, the money is released."),
    ),
    State(
        "missed_twice", N_("Missed in the second run"), F, N_("Train on, give the money back, or ask us to decide"),
        hold=FUNDED, deadline_days=14, remind_days=(3,),
        after=N_("The money stays held; nothing is accepted below the threshold."),
    ),
    State(
        "arbitrating", N_("Waits for an arbiter"), OP, N_("Read protocol and reports, then decide"), hold=FUNDED,
        deadline_days=10, remind_days=(3,), after=N_("The money stays held until the decision."),
    ),
    State("accepted_by_measure", N_("Accepted by its measure"), C, "", hold=SETTLED, end=True),
    State("stopped_at_baseline", N_("Stopped at the baseline"), C, "", hold=SETTLED, end=True),
    State("withdrawn_candidate", N_("Given up, money back"), C, "", hold=SETTLED, end=True),
    State("arbitrated", N_("Decided by an arbiter"), OP, "", hold=SETTLED, end=True),
    State("never_begun", N_("Never begun"), C, "", hold=NONE, end=True),
)  # fmt: skip
_RUNNING = ("baselining", "baseline_known", "training", "to_measure", "measured", "threshold_met", "threshold_missed",
            "to_rerun", "rerun", "met_twice", "missed_twice")  # fmt: skip
_ARBITER = tuple(
    Transition(
        f"ask_arbiter_{s}", N_("Ask us to decide"), s, "arbitrating", C, also=(F, OP), asks=("note",),
        actions=(Action.NOTIFY,), danger=True, did=N_("An arbiter was asked"),
    )
    for s in _RUNNING
)  # fmt: skip
# What the clock does before the provider may hold no longer: what was measured as met is paid, the rest goes back.
_PAID = ("to_measure", "threshold_met", "to_rerun", "met_twice")
_RUN_OUT = tuple(
    Transition(
        f"hold_ends_{s}", N_("The hold ends"), s, "accepted_by_measure" if s in _PAID else "withdrawn_candidate", T,
        actions=(Action.RELEASE if s in _PAID else Action.REFUND,), expiry=True,
        did=N_("The time for holding the money was over"),
    )
    for s in (*_RUNNING, "stop_offered", "arbitrating")
)  # fmt: skip
TRANSITIONS = (
    Transition("begin", N_("Pay in"), "framed", "baselining", C, actions=(Action.HOLD,), did=N_("Framed and paid in")),
    Transition("drop", N_("Drop the {milestone}"), "framed", "never_begun", C, also=(F, OP), asks=("note",),
               actions=(Action.NOTIFY,), danger=True, did=N_("Dropped before anything was paid")),
    Transition("hand_baseline", N_("Hand the baseline over"), "baselining", "baseline_known", F,
               delivers="ai.baseline", did=N_("Baseline handed over")),
    Transition("give_up", N_("Give the money back"), "baselining", "withdrawn_candidate", F, asks=("note",),
               actions=(Action.REFUND,), danger=True, did=N_("Given up, money back")),
    Transition("go_on", N_("Train a candidate"), "baseline_known", "training", C, needs=(LICENCES,),
               actions=(Action.NOTIFY,), did=N_("A candidate was asked for")),
    Transition("go_on_by_silence", N_("The work goes on"), "baseline_known", "training", T, timer_days=7,
               remind_days=(3, 1), actions=(Action.NOTIFY,), did=N_("The work goes on")),
    Transition("offer_to_stop", N_("Offer to stop here"), "baseline_known", "stop_offered", F,
               asks=("amount", "note"), actions=(Action.NOTIFY,), danger=True, did=N_("Stopping was offered")),
    Transition("stop_here", N_("Stop here"), "stop_offered", "stopped_at_baseline", C, actions=(Action.SPLIT,),
               measure=Measure.OFFERED, did=N_("Stopped at the baseline")),
    Transition("go_on_all_the_same", N_("Go on all the same"), "stop_offered", "training", C,
               actions=(Action.NOTIFY,), did=N_("The work goes on")),
    Transition("stop_lapses", N_("The offer lapses"), "stop_offered", "training", T, timer_days=5,
               actions=(Action.NOTIFY,), did=N_("The offer lapsed")),
    Transition("hand_candidate", N_("Hand the candidate over"), "training", "to_measure", F, delivers="ai.candidate",
               needs=(LICENCES,), did=N_("Candidate handed over")),
    Transition("stop_training", N_("Give the money back"), "training", "withdrawn_candidate", F, asks=("note",),
               actions=(Action.REFUND,), danger=True, did=N_("Given up, money back")),
    Transition("measure", N_("Hand the evaluation report over"), "to_measure", "measured", C,
               delivers="ai.evaluation", did=N_("Measured")),
    Transition("never_measured", N_("Accepted without a measure"), "to_measure", "accepted_by_measure", T,
               actions=(Action.RELEASE,), timer_days=14, remind_days=(7, 3, 1), did=N_("Nothing was measured in time")),
    Transition("is_met", N_("Threshold met"), "measured", "threshold_met", P, judged=Judged.MET,
               did=N_("Threshold met")),
    Transition("is_missed", N_("Threshold missed"), "measured", "threshold_missed", P, judged=Judged.MISSED,
               did=N_("Threshold missed")),
    Transition("release_measured", N_("Release"), "threshold_met", "accepted_by_measure", C,
               actions=(Action.RELEASE,), did=N_("Accepted by its measure")),
    Transition("uncontested", N_("Released, uncontested"), "threshold_met", "accepted_by_measure", T,
               actions=(Action.RELEASE,), timer_days=5, remind_days=(2,), did=N_("Released, uncontested")),
    Transition("contest_met", N_("Contest the measure"), "threshold_met", "to_rerun", C, asks=("note",),
               actions=(Action.NOTIFY,), danger=True, did=N_("The measure was contested")),
    Transition("train_on", N_("Hand another candidate over"), "threshold_missed", "to_measure", F,
               delivers="ai.candidate", did=N_("Another candidate handed over")),
    Transition("contest_missed", N_("Contest the measure"), "threshold_missed", "to_rerun", F, asks=("note",),
               actions=(Action.NOTIFY,), danger=True, did=N_("The measure was contested")),
    Transition("accept_below", N_("Accept all the same"), "threshold_missed", "accepted_by_measure", C,
               actions=(Action.RELEASE,), did=N_("Accepted below the threshold")),
    Transition("withdraw_candidate", N_("Give the money back"), "threshold_missed", "withdrawn_candidate", F,
               asks=("note",), actions=(Action.REFUND,), danger=True, did=N_("Given up, money back")),
    Transition("measure_again", N_("Hand the second report over"), "to_rerun", "rerun", C, delivers="ai.second_run",
               did=N_("Measured a second time")),
    Transition("never_rerun", N_("Accepted without a second run"), "to_rerun", "accepted_by_measure", T,
               actions=(Action.RELEASE,), timer_days=10, remind_days=(5, 2), did=N_("Nothing was run again in time")),
    Transition("is_met_twice", N_("Met in the second run"), "rerun", "met_twice", P, judged=Judged.MET,
               did=N_("Met in the second run")),
    Transition("is_missed_twice", N_("Missed in the second run"), "rerun", "missed_twice", P, judged=Judged.MISSED,
               did=N_("Missed in the second run")),
    Transition("release_rerun", N_("Release"), "met_twice", "accepted_by_measure", C, actions=(Action.RELEASE,),
               did=N_("Accepted by its measure")),
    Transition("rerun_uncontested", N_("Released"), "met_twice", "accepted_by_measure", T, actions=(Action.RELEASE,),
               timer_days=3, did=N_("Released after the second run")),
    Transition("train_after_rerun", N_("Hand another candidate over"), "missed_twice", "to_measure", F,
               delivers="ai.candidate", did=N_("Another candidate handed over")),
    Transition("withdraw_after_rerun", N_("Give the money back"), "missed_twice", "withdrawn_candidate", F,
               asks=("note",), actions=(Action.REFUND,), danger=True, did=N_("Given up, money back")),
    *_ARBITER,
    Transition("arbiter_releases", N_("Release to the {freelancer}"), "arbitrating", "arbitrated", OP, asks=("note",),
               actions=(Action.RELEASE,), danger=True, did=N_("Decided: released to the {freelancer}")),
    Transition("arbiter_refunds", N_("Refund to the {client}"), "arbitrating", "arbitrated", OP, asks=("note",),
               actions=(Action.REFUND,), danger=True, did=N_("Decided: refunded to the {client}")),
    Transition("arbiter_shares", N_("Share between both"), "arbitrating", "arbitrated", OP, asks=("amount", "note"),
               actions=(Action.SPLIT,), danger=True, did=N_("Decided: shared between both")),
    Transition("arbiter_reruns", N_("Have it run again"), "arbitrating", "to_rerun", OP, asks=("note",),
               actions=(Action.NOTIFY,), did=N_("Decided: it is run again")),
    *_RUN_OUT,
)  # fmt: skip

EVALUATION = Process(
    name="ai_evaluation",
    version=1,
    label=N_("Accepted by its measure"),
    summary=N_(
        "A baseline first, then a candidate; whoever holds the test set measures it, and the agreed threshold decides. "
        "A contested measure is run a second time. The money of each {milestone} is held meanwhile."
    ),
    holds=True,
    start="framed",
    states=STATES,
    transitions=TRANSITIONS,
    needs=(SEALED,),
    cancellation=(CancellationRule(C, 7, 0), CancellationRule(C, 0, 1500)),
)
