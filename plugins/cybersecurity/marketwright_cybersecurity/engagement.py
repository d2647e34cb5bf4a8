"""The course ``engagement``: authorised, tested, reported, mended, tested again, and only then released."""

from marketwright.plugin import N_, Action, HoldState, Judged, Process, Role, State, Transition
from marketwright_cybersecurity.authorisation import AUTHORISATION
from marketwright_cybersecurity.findings import FINDINGS, REMEDIATION, RETEST

CLIENT, FREELANCER, OPERATOR, TIMER, PLUGIN = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER, Role.PLUGIN
NONE, FUNDED, SETTLED = HoldState.NONE, HoldState.FUNDED, HoldState.SETTLED
WINDOW, READ, LAST = 45, 10, 7  # days: of the retest window, to read the report, to object before the release
TOLD = (Action.NOTIFY,)
TESTED = ("pentest", "red_team", "audit")

STATES = (
    State("scoping", N_("Scope and authorisation"), CLIENT,
          N_("Obtain the authorisations of whoever owns and hosts the targets, then pay the budget in"),
          hold=NONE, deadline_days=21, remind_days=(10, 3),
          after=N_("Without them nothing is paid in and no system is touched."), done=N_("Authorised")),
    State("authorised", N_("Waits for its window"), FREELANCER, N_("Open the tests once the window has begun"),
          hold=FUNDED, deadline_days=30, until_due=True, remind_days=(7, 1),
          after=N_("The budget stays held; no system is touched before."), done=N_("Window opened")),
    State("testing", N_("Under test"), FREELANCER,
          N_("Test within the authorisation, then hand over the findings; tell at once what puts people at risk"),
          hold=FUNDED, deadline_days=30, until_due=True, remind_days=(5, 1),
          after=N_("The budget stays held until the findings are handed over."), done=N_("Tested")),
    State("halted", N_("Tests halted"), CLIENT, N_("Say that the tests may go on, or ask for a decision"),
          hold=FUNDED, remind_days=(), after=N_("Nobody tests meanwhile; after two weeks the marketplace decides.")),
    State("reported", N_("Findings reported"), CLIENT, N_("Read the findings, then open the retest window"),
          hold=FUNDED, after=N_("If nobody does anything, the retest window opens by itself."),
          done=N_("Findings read")),
    State("remediating", N_("Being mended"), CLIENT, N_("Mend what was found, then say what is to be tested again"),
          hold=FUNDED, after=N_("When the window ends, the budget is released without a retest."), done=N_("Mended")),
    State("retest", N_("To be tested again"), FREELANCER,
          N_("Open the retest once a window has begun; where all are over, the {client} has new ones signed"),
          hold=FUNDED, deadline_days=30, remind_days=(5, 2),
          after=N_("The budget stays held until the retest; no system is touched before."), done=N_("Retest opened")),
    State("retesting", N_("Being tested again"), FREELANCER,
          N_("Test again what was mended, with a verdict on each"),
          hold=FUNDED, deadline_days=10, remind_days=(5, 2), after=N_("The budget stays held until the retest."),
          done=N_("Tested again")),
    State("verified", N_("Retest done"), CLIENT, N_("Read the retest, then release the budget"),
          hold=FUNDED, after=N_("If nobody does anything, the budget is released.")),
    State("reopened", N_("Not all of it is fixed"), CLIENT,
          N_("Mend what the retest found and have it tested again, or release the budget"),
          hold=FUNDED, after=N_("When the window ends, the budget is released.")),
    State("arbitration", N_("Waits for a decision"), OPERATOR, N_("Hear both sides, then decide where the budget goes"),
          hold=FUNDED, deadline_days=10, remind_days=(3,), after=N_("The budget stays held until the decision.")),
    State("closed", N_("Closed, budget released"), CLIENT, "", hold=SETTLED, end=True),
    State("returned", N_("Budget returned"), CLIENT, "", hold=SETTLED, end=True),
    State("apportioned", N_("Budget apportioned"), OPERATOR, "", hold=SETTLED, end=True),
    State("abandoned", N_("Abandoned before the start"), CLIENT, "", hold=NONE, end=True),
)  # fmt: skip
CONTESTED = ("testing", "halted", "reported", "remediating", "retest", "retesting", "verified", "reopened")
REFUNDED = ("authorised", "testing", "halted", "arbitration")  # when the provider may hold the budget no longer
RELEASED = ("reported", "remediating", "retest", "retesting", "verified", "reopened")
WAYS = (
    Transition("commit_budget", N_("Pay the budget in"), "scoping", "authorised", CLIENT, actions=(Action.HOLD,),
               needs=(AUTHORISATION,), did=N_("Budget paid in")),
    Transition("abandon", N_("Abandon it"), "scoping", "abandoned", CLIENT, also=(FREELANCER, OPERATOR),
               asks=("note",), actions=TOLD, danger=True, did=N_("Abandoned")),
    Transition("open_tests", N_("Open the tests"), "authorised", "testing", FREELANCER, asks=("note",), actions=TOLD,
               needs=(AUTHORISATION,), did=N_("Tests opened")),
    Transition("report_findings", N_("Hand over the findings"), "testing", "reported", FREELANCER,
               needs=(AUTHORISATION,), delivers=FINDINGS, asks=("files",), actions=TOLD,
               did=N_("Findings handed over")),
    Transition("halt", N_("Halt the tests at once"), "testing", "halted", CLIENT, also=(FREELANCER,), asks=("note",),
               actions=TOLD, danger=True, did=N_("Tests halted")),
    Transition("resume", N_("Let the tests go on"), "halted", "testing", CLIENT, asks=("note",), actions=TOLD,
               needs=(AUTHORISATION,), did=N_("Tests resumed")),
    Transition("halt_ends", N_("Nobody resumed the tests"), "halted", "arbitration", TIMER, timer_days=14,
               remind_days=(7, 2), actions=TOLD, did=N_("Halted for two weeks: the marketplace decides")),
    Transition("open_window", N_("Open the retest window"), "reported", "remediating", CLIENT, actions=TOLD,
               did=N_("Retest window opened")),
    Transition("waive_retest", N_("Release without a retest"), "reported", "closed", CLIENT,
               actions=(Action.RELEASE,), danger=True, did=N_("Released without a retest")),
    Transition("window_opens", N_("The retest window opens"), "reported", "remediating", TIMER, timer_days=READ,
               remind_days=(5, 2), actions=TOLD, did=N_("Retest window opened by the clock")),
    Transition("ask_retest", N_("Say what was mended"), "remediating", "retest", CLIENT, delivers=REMEDIATION,
               asks=("files",), actions=TOLD, did=N_("Retest asked for")),
    Transition("window_ends", N_("The retest window is over"), "remediating", "closed", TIMER, timer_days=WINDOW,
               remind_days=(14, 7, 2), actions=(Action.RELEASE,), did=N_("Window over: released without a retest")),
    Transition("nothing_mended", N_("Nothing to test again"), "retest", "verified", PLUGIN, judged=Judged.MISSED,
               actions=TOLD, did=N_("Nothing was marked as mended")),
    Transition("open_retest", N_("Open the retest"), "retest", "retesting", FREELANCER, asks=("note",), actions=TOLD,
               needs=(AUTHORISATION,), did=N_("Retest opened")),
    Transition("halt_retest", N_("Halt the retest at once"), "retesting", "retest", CLIENT, also=(FREELANCER,),
               asks=("note",), actions=TOLD, danger=True, did=N_("Retest halted")),
    Transition("report_retest", N_("Hand over the retest"), "retesting", "verified", FREELANCER, delivers=RETEST,
               needs=(AUTHORISATION,), asks=("files",), actions=TOLD, did=N_("Retest handed over")),
    Transition("not_fixed", N_("Not all of it is fixed"), "verified", "reopened", PLUGIN, judged=Judged.MISSED,
               actions=TOLD, did=N_("Not all of it is fixed")),
    Transition("close", N_("Release the budget"), "verified", "closed", CLIENT, actions=(Action.RELEASE,),
               did=N_("Budget released after the retest")),
    Transition("closes", N_("Released by silence"), "verified", "closed", TIMER, timer_days=LAST, remind_days=(3, 1),
               actions=(Action.RELEASE,), did=N_("Released by silence after the retest")),
    Transition("ask_again", N_("Say what was mended since"), "reopened", "retest", CLIENT, delivers=REMEDIATION,
               asks=("files",), actions=TOLD, did=N_("Another retest asked for")),
    Transition("accept_rest", N_("Release, and live with the rest"), "reopened", "closed", CLIENT,
               actions=(Action.RELEASE,), danger=True, did=N_("Released; the rest is accepted")),
    Transition("second_window_ends", N_("The retest window is over"), "reopened", "closed", TIMER, timer_days=30,
               remind_days=(14, 7, 2), actions=(Action.RELEASE,), did=N_("Window over: released")),
    Transition("withdraw", N_("Give the budget back"), "authorised", "returned", FREELANCER,
               asks=("note",), actions=(Action.REFUND,), danger=True, did=N_("Budget given back")),
    *(
        Transition(f"contest_{state}", N_("Ask us to decide"), state, "arbitration", CLIENT,
                   also=(FREELANCER, OPERATOR), asks=("note",), actions=TOLD, danger=True,
                   did=N_("A decision was asked for"))
        for state in ("authorised", *CONTESTED)
    ),
    Transition("award_tester", N_("Release to the {freelancer}"), "arbitration", "closed", OPERATOR, asks=("note",),
               actions=(Action.RELEASE,), danger=True, did=N_("Decided: released to the {freelancer}")),
    Transition("award_client", N_("Return to the {client}"), "arbitration", "returned", OPERATOR, asks=("note",),
               actions=(Action.REFUND,), danger=True, did=N_("Decided: returned to the {client}")),
    Transition("apportion", N_("Apportion it"), "arbitration", "apportioned", OPERATOR, asks=("amount", "note"),
               actions=(Action.SPLIT,), danger=True, did=N_("Decided: apportioned")),
    Transition("go_on", N_("Let the tests go on"), "arbitration", "testing", OPERATOR, asks=("note",), actions=TOLD,
               did=N_("Decided: the tests go on")),
    *(
        Transition(f"hold_ends_{state}", N_("The time to hold the budget is over"), state, target, TIMER,
                   actions=(action,), expiry=True, did=N_("Decided by the clock: the budget could be held no longer"))
        for states, target, action in ((REFUNDED, "returned", Action.REFUND), (RELEASED, "closed", Action.RELEASE))
        for state in states
    ),
)  # fmt: skip

ENGAGEMENT = Process(
    name="engagement",
    version=1,
    label=N_("Security engagement, with a retest before the release"),
    summary=N_(
        "The budget is paid in once the owner and the host of the targets have authorised the tests. Findings are "
        "handed over sealed and scored; what the {client} mends is tested again, and only then, or when the retest "
        "window ends, is the budget released."
    ),
    holds=True,
    start="scoping",
    states=STATES,
    transitions=WAYS,
    fits={"engagement": TESTED},
)
