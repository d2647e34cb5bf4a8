"""The course ``governance``: gaps against a framework, applicability with a plan, the management decides."""

from marketwright.plugin import N_, Action, HoldState, Process, State, Transition
from marketwright_cybersecurity.decided import CLIENT, ENDS, FREELANCER, FUNDED, TIMER, TOLD, decisions, hold_ends
from marketwright_cybersecurity.governing import APPLICABILITY, GAPS, SIGN_OFF

STATES = (
    State("framed", N_("Framework agreed"), CLIENT, N_("Name who answers questions, then pay the budget in"),
          hold=HoldState.NONE, deadline_days=21, remind_days=(10, 3), after=N_("The assessment begins after that."),
          done=N_("Framed")),
    State("assessing", N_("Gaps being assessed"), FREELANCER,
          N_("Meet people, read documents, hand over each requirement with what was seen"), hold=FUNDED,
          deadline_days=45, until_due=True, remind_days=(7, 2), after=N_("The budget stays held."),
          done=N_("Assessed")),
    State("assessed", N_("Gaps assessed"), CLIENT, N_("Correct what is not so, or agree to the assessment"),
          hold=FUNDED, after=N_("If nobody does anything, the assessment stands."), done=N_("Assessment agreed")),
    State("planning", N_("Statement and plan under way"), FREELANCER,
          N_("Say what applies and why, plan what is missing, hand over the statement of applicability"), hold=FUNDED,
          deadline_days=30, remind_days=(7, 2), after=N_("The budget stays held."), done=N_("Planned")),
    State("planned", N_("Statement and plan handed over"), CLIENT,
          N_("Have the management decide on each open requirement, or ask for another plan"), hold=FUNDED,
          after=N_("After three weeks of silence the budget is released."),
          done=N_("Decided")),
    State("signed_off", N_("Signed off"), CLIENT, N_("Release the budget"), hold=FUNDED,
          after=N_("If nobody does anything, the budget is released.")),
    *ENDS,
)  # fmt: skip
WORKING, HANDED = ("assessing",), ("assessed", "planning", "planned", "signed_off")
WAYS = (
    Transition("fund_assessment", N_("Pay the budget in"), "framed", "assessing", CLIENT, actions=(Action.HOLD,),
               did=N_("Budget paid in")),
    Transition("abandon", N_("Abandon it"), "framed", "abandoned", CLIENT, also=(FREELANCER,), asks=("note",),
               actions=TOLD, danger=True, did=N_("Abandoned")),
    Transition("hand_gaps", N_("Hand over the assessment"), "assessing", "assessed", FREELANCER, delivers=GAPS,
               asks=("files",), actions=TOLD, did=N_("Gap assessment handed over")),
    Transition("agree_gaps", N_("Agree to the assessment"), "assessed", "planning", CLIENT, actions=TOLD,
               did=N_("Assessment agreed")),
    Transition("correct", N_("Correct what is not so"), "assessed", "assessing", CLIENT, asks=("note",), actions=TOLD,
               did=N_("Corrections were asked for")),
    Transition("gaps_stand", N_("The assessment stands"), "assessed", "planning", TIMER, timer_days=10,
               remind_days=(5, 2), actions=TOLD, did=N_("Assessment stands: nobody objected")),
    Transition("hand_statement", N_("Hand over the statement"), "planning", "planned", FREELANCER,
               delivers=APPLICABILITY, asks=("files",), actions=TOLD, did=N_("Statement of applicability handed over")),
    Transition("sign_off", N_("Hand over the decisions"), "planned", "signed_off", CLIENT, delivers=SIGN_OFF,
               asks=("files",), actions=TOLD, did=N_("Decisions of the management handed over")),
    Transition("plan_again", N_("Ask for another plan"), "planned", "planning", CLIENT, asks=("note",), actions=TOLD,
               did=N_("Another plan was asked for")),
    Transition("undecided", N_("Released without decisions"), "planned", "closed", TIMER, timer_days=21,
               remind_days=(14, 7, 2), actions=(Action.RELEASE,), did=N_("Released: the management did not decide")),
    Transition("close", N_("Release the budget"), "signed_off", "closed", CLIENT, actions=(Action.RELEASE,),
               did=N_("Budget released")),
    Transition("closes", N_("Released by silence"), "signed_off", "closed", TIMER, timer_days=7, remind_days=(3, 1),
               actions=(Action.RELEASE,), did=N_("Released by silence")),
    Transition("give_up", N_("Give the budget back"), "assessing", "returned", FREELANCER, asks=("note",),
               actions=(Action.REFUND,), danger=True, did=N_("Budget given back")),
    *decisions((*WORKING, *HANDED), on="planning"),
    *hold_ends((*WORKING, "arbitration"), HANDED),
)  # fmt: skip

GOVERNANCE = Process(
    name="governance",
    version=1,
    label=N_("Governance, from the gaps to the decisions of the management"),
    summary=N_(
        "Gaps are assessed against the framework agreed on; a statement of applicability says what applies and why, "
        "with a plan for what is missing. The management of the {client} decides on each open requirement; then the "
        "budget is released."
    ),
    holds=True,
    start="framed",
    states=STATES,
    transitions=WAYS,
    fits={"engagement": ("governance",)},
)
