"""The course ``incident_response``: called out with a severity, contained, investigated, reported, learned from."""

from marketwright.plugin import N_, Action, HoldState, Measure, Process, State, Transition
from marketwright_cybersecurity.authority import AUTHORITY
from marketwright_cybersecurity.decided import CLIENT, ENDS, FREELANCER, FUNDED, TIMER, TOLD, decisions, hold_ends
from marketwright_cybersecurity.incident import CALL_OUT, CONTAINMENT, INCIDENT, LESSONS

CALLED_WITHIN, UNANSWERED, READ, LAST = 60, 2, 10, 7  # days: a call may come, go unanswered, the report read, objected
STANDBY_BPS = 2500  # of the price: what standing by is worth where no call comes

STATES = (
    State("agreed", N_("Agreed, not on call yet"), CLIENT,
          N_("Have the authority to act signed, then pay the budget of a call-out in; from then on you may call"),
          hold=HoldState.NONE, deadline_days=21, remind_days=(10, 3),
          after=N_("Nobody is on call before."), done=N_("On call")),
    State("on_call", N_("On call"), CLIENT, N_("Call out when something happens: what you see, and how bad it is"),
          hold=FUNDED, after=N_("If no call comes, a quarter of the budget pays for standing by; the rest goes back "
                               "to the {client}."), done=N_("Called")),
    State("called", N_("Called out"), FREELANCER, N_("Answer the call within the time agreed, and begin"),
          hold=FUNDED, after=N_("Where nobody answers, the marketplace decides."), done=N_("Answered")),
    State("containing", N_("Being contained"), FREELANCER,
          N_("Preserve evidence first, propose measures, and hand over what was done with the register of evidence"),
          hold=FUNDED, deadline_days=5, remind_days=(2,), after=N_("The budget stays held."), done=N_("Contained")),
    State("contained", N_("Said to be contained"), CLIENT, N_("Say whether it is contained, or what still goes on"),
          hold=FUNDED, after=N_("If nobody objects, the investigation begins."), done=N_("Containment confirmed")),
    State("investigating", N_("Under investigation"), FREELANCER,
          N_("Find how it began and what was reached, then hand over the report"), hold=FUNDED, deadline_days=30,
          until_due=True, remind_days=(7, 2), after=N_("The budget stays held."), done=N_("Investigated")),
    State("reported", N_("Incident reported"), CLIENT, N_("Read the report, then accept it or ask for more"),
          hold=FUNDED, after=N_("If nobody does anything, it counts as accepted."), done=N_("Report accepted")),
    State("learning", N_("Lessons to be learned"), FREELANCER,
          N_("Hold the review with those who were there, then hand over the measures"), hold=FUNDED,
          deadline_days=21, remind_days=(7, 2), after=N_("The budget stays held."), done=N_("Review held")),
    State("learned", N_("Lessons handed over"), CLIENT, N_("Read the measures, then release the budget"), hold=FUNDED,
          after=N_("If nobody does anything, the budget is released.")),
    State("stood_by", N_("Stood by, no call came"), CLIENT, "", hold=HoldState.SETTLED, end=True),
    *ENDS,
)  # fmt: skip
WORKING = ("called", "containing", "contained", "investigating")
HANDED = ("reported", "learning", "learned")
WAYS = (
    Transition("fund_call", N_("Pay the budget in"), "agreed", "on_call", CLIENT, needs=(AUTHORITY,),
               actions=(Action.HOLD,), did=N_("Budget paid in: on call")),
    Transition("abandon", N_("Abandon it"), "agreed", "abandoned", CLIENT, also=(FREELANCER,), asks=("note",),
               actions=TOLD, danger=True, did=N_("Abandoned")),
    Transition("call_out", N_("Call out"), "on_call", "called", CLIENT, delivers=CALL_OUT, asks=("files",),
               actions=TOLD, did=N_("Called out")),
    Transition("call_ends", N_("No call came"), "on_call", "stood_by", TIMER, timer_days=CALLED_WITHIN,
               remind_days=(14, 3), actions=(Action.SPLIT,), measure=Measure.SHARE, share_bps=STANDBY_BPS,
               did=N_("No call came: standing by was paid, the rest returned")),
    Transition("end_watch", N_("End the standing by"), "on_call", "stood_by", CLIENT, asks=("note",),
               actions=(Action.SPLIT,), measure=Measure.SHARE, share_bps=STANDBY_BPS, danger=True,
               did=N_("Ended by the {client}: standing by was paid, the rest returned")),
    Transition("leave_call", N_("Stand down, give the budget back"), "on_call", "returned", FREELANCER,
               asks=("note",), actions=(Action.REFUND,), danger=True, did=N_("No longer on call: budget returned")),
    Transition("answer_call", N_("Answer the call"), "called", "containing", FREELANCER, asks=("note",), actions=TOLD,
               did=N_("Call answered")),
    Transition("unanswered", N_("Nobody answered the call"), "called", "arbitration", TIMER, timer_days=UNANSWERED,
               remind_days=(1,), actions=TOLD, did=N_("Call unanswered: the marketplace decides")),
    Transition("report_containment", N_("Hand over the containment"), "containing", "contained", FREELANCER,
               delivers=CONTAINMENT, asks=("files",), actions=TOLD, did=N_("Containment handed over")),
    Transition("confirm_contained", N_("It is contained"), "contained", "investigating", CLIENT, actions=TOLD,
               did=N_("Containment confirmed")),
    Transition("still_active", N_("It still goes on"), "contained", "containing", CLIENT, asks=("note",), actions=TOLD,
               did=N_("The incident still goes on")),
    Transition("counts_contained", N_("Nobody objected"), "contained", "investigating", TIMER, timer_days=3,
               remind_days=(1,), actions=TOLD, did=N_("Counts as contained: nobody objected")),
    Transition("report_incident", N_("Hand over the report"), "investigating", "reported", FREELANCER,
               delivers=INCIDENT, asks=("files",), actions=TOLD, did=N_("Incident reported")),
    Transition("accept_report", N_("Accept the report"), "reported", "learning", CLIENT, actions=TOLD,
               did=N_("Report accepted")),
    Transition("ask_more", N_("Ask for more"), "reported", "investigating", CLIENT, asks=("note",), actions=TOLD,
               did=N_("More was asked for")),
    Transition("report_stands", N_("The report counts as accepted"), "reported", "learning", TIMER, timer_days=READ,
               remind_days=(5, 2), actions=TOLD, did=N_("Report accepted by silence")),
    Transition("hand_lessons", N_("Hand over the lessons"), "learning", "learned", FREELANCER, delivers=LESSONS,
               asks=("files",), actions=TOLD, did=N_("Lessons handed over")),
    Transition("close", N_("Release the budget"), "learned", "closed", CLIENT, actions=(Action.RELEASE,),
               did=N_("Budget released")),
    Transition("closes", N_("Released by silence"), "learned", "closed", TIMER, timer_days=LAST, remind_days=(3, 1),
               actions=(Action.RELEASE,), did=N_("Released by silence")),
    *decisions((*WORKING, *HANDED), on="investigating"),
    Transition("hold_ends_on_call", N_("The time to hold the budget is over"), "on_call", "stood_by", TIMER,
               actions=(Action.SPLIT,), measure=Measure.SHARE, share_bps=STANDBY_BPS, expiry=True,
               did=N_("Decided by the clock: the budget could be held no longer")),
    *hold_ends((*WORKING, "arbitration"), HANDED),
)  # fmt: skip

RESPONSE = Process(
    name="incident_response",
    version=2,
    label=N_("Incident response, from the call to the lessons"),
    summary=N_(
        "Terms and response time are agreed, and the authority to act is signed, before anything happens. The "
        "{client} calls out with a severity; evidence is preserved under a register before anything is mended. "
        "Containment, report and lessons are handed over sealed; the budget is released after the lessons. Where no "
        "call comes a quarter of it pays for standing by."
    ),
    holds=True,
    start="agreed",
    states=STATES,
    transitions=WAYS,
    fits={"engagement": ("incident_response",)},
)
