"""The course of a deal in which the text is handed over: counted at once, invoiced once it is accepted."""

from marketwright.plugin import N_, Action, Judged, Process, Role, State, Transition

CLIENT, FREELANCER, TIMER, PLUGIN = Role.CLIENT, Role.FREELANCER, Role.TIMER, Role.PLUGIN
TEXT = "{{ cookiecutter.plugin_name }}.text"
TOLD = (Action.NOTIFY,)

COURSE = Process(
    name="{{ cookiecutter.plugin_name }}",
    version=1,
    label=N_("Text, accepted by its length"),
    summary=N_(
        "Nothing is held: the text is counted when it is handed over, invoiced once the {client} accepts it, and paid "
        "between the two."
    ),
    holds=False,
    start="writing",
    states=(
        State("writing", N_("Being written"), FREELANCER, N_("Write it, then hand it over here"), deadline_days=30,
              until_due=True, remind_days=(7, 1), done=N_("Handed over")),
        State("counted", N_("Counted"), CLIENT, N_("Look at the count"), deadline_days=1),  # passed through at once
        State("long_enough", N_("Long enough"), CLIENT, N_("Read it, then accept it"),
              after=N_("If nobody does anything, it counts as accepted and is invoiced."), done=N_("Accepted")),
        State("too_short", N_("Too short"), FREELANCER, N_("Lengthen it, then hand it over again"), deadline_days=14,
              remind_days=(3,)),
        State("billed", N_("Invoiced"), FREELANCER, N_("Confirm the payment once it has arrived"), deadline_days=30,
              remind_days=(0, -7, -15)),
        State("paid", N_("Paid"), FREELANCER, "", end=True),
        State("unpaid", N_("Closed unpaid"), FREELANCER, "", end=True),
        State("dropped", N_("Dropped"), CLIENT, "", end=True),
    ),
    transitions=(
        Transition("hand_over", N_("Hand over"), "writing", "counted", FREELANCER, delivers=TEXT, actions=TOLD,
                   did=N_("Handed over")),
        Transition("is_enough", N_("It is long enough"), "counted", "long_enough", PLUGIN, judged=Judged.MET,
                   actions=TOLD, did=N_("Long enough")),
        Transition("is_short", N_("It is too short"), "counted", "too_short", PLUGIN, judged=Judged.MISSED,
                   actions=TOLD, did=N_("Too short")),
        Transition("accept_unread", N_("Accept"), "counted", "billed", CLIENT, actions=(Action.BILL,),
                   did=N_("Accepted")),
        Transition("accept", N_("Accept"), "long_enough", "billed", CLIENT, actions=(Action.BILL,), did=N_("Accepted")),
        Transition("accept_by_silence", N_("Accepted by silence"), "long_enough", "billed", TIMER, timer_days=14,
                   remind_days=(7, 1), actions=(Action.BILL,), did=N_("Accepted by silence")),
        Transition("hand_again", N_("Hand over again"), "too_short", "counted", FREELANCER, delivers=TEXT,
                   actions=TOLD, did=N_("Handed over again")),
        Transition("accept_short", N_("Accept it as it is"), "too_short", "billed", CLIENT, actions=(Action.BILL,),
                   did=N_("Accepted")),
        Transition("confirm_paid", N_("The payment has arrived"), "billed", "paid", FREELANCER, also=(Role.OPERATOR,),
                   actions=(Action.PAID,), did=N_("Payment confirmed")),
        Transition("give_up", N_("Close it unpaid"), "billed", "unpaid", FREELANCER, also=(Role.OPERATOR,),
                   asks=("note",), actions=TOLD, danger=True, did=N_("Closed unpaid")),
        Transition("drop", N_("Drop it"), "writing", "dropped", FREELANCER, also=(CLIENT, Role.OPERATOR),
                   asks=("note",), actions=TOLD, danger=True, did=N_("Dropped")),
    ),
)
