"""The course ``measured_delivery``: papers and access first, accepted by a figure, access withdrawn before the end."""

from marketwright.plugin import N_, Action, HoldState, Judged, Process, Role, State, Transition
from marketwright_data.measure import MEASURED
from marketwright_data.papers import ACCESS, PROCESSING, WITHDRAWN

CLIENT, FREELANCER, OPERATOR, TIMER, PLUGIN = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER, Role.PLUGIN
NONE, FUNDED, SETTLED = HoldState.NONE, HoldState.FUNDED, HoldState.SETTLED
TOLD = (Action.NOTIFY,)
SILENCE, PATIENCE = 10, 21  # days: to look at the withdrawal and release; to mend what missed the figure

STATES = (
    State("papers_due", N_("Papers of the data"), CLIENT, N_("Sign what the data asks for, then pay the amount in"),
          hold=NONE, deadline_days=14, remind_days=(7, 2),
          after=N_("Nothing is paid in and no source is opened before."), done=N_("Papers signed, paid in")),
    State("sources_closed", N_("Sources still closed"), CLIENT,
          N_("Write the access list, then open the sources to the {freelancer}"), hold=FUNDED, deadline_days=10,
          remind_days=(5, 1), after=N_("The amount stays held; days of waiting do not count against the {freelancer}."),
          done=N_("Sources open")),
    State("building", N_("Under construction"), FREELANCER,
          N_("Build, measure, and hand over with the counts of each check"), hold=FUNDED, deadline_days=45,
          until_due=True, remind_days=(7, 2), after=N_("The amount stays held until the work is handed over."),
          done=N_("Handed over")),
    State("measured", N_("Measured"), CLIENT, N_("Compare the counts with your own, or ask for a decision"),
          hold=FUNDED, deadline_days=3, after=N_("The figure decides at once; this is passed through.")),
    State("on_target", N_("Figure met"), FREELANCER,
          N_("Confirm that access is withdrawn and copies are gone, then clear it for release"), hold=FUNDED,
          deadline_days=7, remind_days=(3, 1), after=N_("The amount stays held until then."), done=N_("Figure met")),
    State("cleared", N_("Cleared for release"), CLIENT, N_("Look at the withdrawal, then release the amount"),
          hold=FUNDED, after=N_("If nobody does anything, the amount is released."), done=N_("Access withdrawn")),
    State("below_target", N_("Figure missed"), FREELANCER, N_("Mend what failed and hand over again"), hold=FUNDED,
          deadline_days=PATIENCE, remind_days=(7, 2),
          after=N_("The {client} may wait, accept it as it is, or ask for a decision.")),
    State("weighed", N_("Weighed by us"), OPERATOR, N_("Run the measure with both sides, then decide"), hold=FUNDED,
          deadline_days=10, remind_days=(3,), after=N_("The amount stays held until the decision.")),
    State("paid_out", N_("Paid out on the figure"), CLIENT, "", hold=SETTLED, end=True),
    State("paid_back", N_("Paid back"), CLIENT, "", hold=SETTLED, end=True),
    State("divided", N_("Divided by decision"), OPERATOR, "", hold=SETTLED, end=True),
    State("dropped", N_("Dropped before any access"), CLIENT, "", hold=NONE, end=True),
)  # fmt: skip
WORKING = ("sources_closed", "building", "measured", "on_target", "cleared", "below_target")
WAYS = (
    Transition("pay_amount_in", N_("Pay the amount in"), "papers_due", "sources_closed", CLIENT,
               actions=(Action.HOLD,), needs=(PROCESSING,), did=N_("Amount paid in")),
    Transition("drop", N_("Drop it"), "papers_due", "dropped", CLIENT, also=(FREELANCER, OPERATOR), asks=("note",),
               actions=TOLD, danger=True, did=N_("Dropped before any access")),
    Transition("open_sources", N_("Open the sources"), "sources_closed", "building", CLIENT,
               needs=(PROCESSING, ACCESS), actions=TOLD, did=N_("Sources opened")),
    Transition("hand_over_measured", N_("Hand over with the measure"), "building", "measured", FREELANCER,
               needs=(PROCESSING, ACCESS), delivers=MEASURED, asks=("files",), actions=TOLD,
               did=N_("Handed over with its measure")),
    Transition("figure_met", N_("Figure met"), "measured", "on_target", PLUGIN, judged=Judged.MET, actions=TOLD,
               did=N_("The figure is met")),
    Transition("figure_missed", N_("Figure missed"), "measured", "below_target", PLUGIN, judged=Judged.MISSED,
               actions=TOLD, did=N_("The figure is missed")),
    Transition("clear", N_("Clear it for release"), "on_target", "cleared", FREELANCER, needs=(WITHDRAWN,),
               actions=TOLD, did=N_("Access withdrawn, cleared for release")),
    Transition("release_on_figure", N_("Release the amount"), "cleared", "paid_out", CLIENT,
               actions=(Action.RELEASE,), did=N_("Released on the figure")),
    Transition("released_by_itself", N_("Released by silence"), "cleared", "paid_out", TIMER, timer_days=SILENCE,
               remind_days=(5, 1), actions=(Action.RELEASE,), did=N_("Released by silence")),
    Transition("hand_over_again", N_("Hand over again"), "below_target", "measured", FREELANCER,
               needs=(PROCESSING, ACCESS), delivers=MEASURED, asks=("files",), actions=TOLD,
               did=N_("Handed over again")),
    Transition("take_as_it_is", N_("Accept it as it is"), "below_target", "on_target", CLIENT, asks=("note",),
               actions=TOLD, danger=True, did=N_("Accepted below the figure")),
    Transition("hand_back", N_("Give the amount back"), "sources_closed", "paid_back", FREELANCER, asks=("note",),
               actions=(Action.REFUND,), danger=True, did=N_("Amount given back")),
    *(
        Transition(f"weigh_{state}", N_("Ask us to decide"), state, "weighed", CLIENT, also=(FREELANCER, OPERATOR),
                   asks=("note",), actions=TOLD, danger=True, did=N_("A decision was asked for"))
        for state in WORKING
    ),
    Transition("find_for_builder", N_("Release to the {freelancer}"), "weighed", "paid_out", OPERATOR, asks=("note",),
               actions=(Action.RELEASE,), danger=True, did=N_("Decided: released to the {freelancer}")),
    Transition("find_for_client", N_("Return to the {client}"), "weighed", "paid_back", OPERATOR, asks=("note",),
               actions=(Action.REFUND,), danger=True, did=N_("Decided: returned to the {client}")),
    Transition("divide", N_("Divide it"), "weighed", "divided", OPERATOR, asks=("amount", "note"),
               actions=(Action.SPLIT,), danger=True, did=N_("Decided: divided")),
    Transition("build_on", N_("Let the work go on"), "weighed", "building", OPERATOR, asks=("note",), actions=TOLD,
               did=N_("Decided: the work goes on")),
    *(
        Transition(f"time_is_up_{state}", N_("The time to hold the amount is over"), state, target, TIMER,
                   actions=(action,), expiry=True, did=N_("Decided by the clock: the amount could be held no longer"))
        for states, target, action in (
            (("sources_closed", "building", "below_target", "weighed"), "paid_back", Action.REFUND),
            (("measured", "on_target", "cleared"), "paid_out", Action.RELEASE),
        )
        for state in states
    ),
)  # fmt: skip

DELIVERY = Process(
    name="measured_delivery",
    version=1,
    label=N_("Data work, accepted on a measured figure"),
    summary=N_(
        "Papers of the data are signed and the amount is paid in, then the {client} opens the sources on an access "
        "list. The delivery is measured against the figure agreed beforehand; before the last release access is "
        "withdrawn and copies are gone."
    ),
    holds=True,
    start="papers_due",
    states=STATES,
    transitions=WAYS,
)
