"""The course ``detection``: logs cleared, rules as code replayed, tuned, accepted by what was measured."""

from marketwright.plugin import N_, Action, HoldState, Judged, Process, Role, State, Transition
from marketwright_cybersecurity.decided import CLIENT, ENDS, FREELANCER, FUNDED, TIMER, TOLD, decisions, hold_ends
from marketwright_cybersecurity.detecting import LOGS, RULES, TUNING

PLUGIN = Role.PLUGIN
STATES = (
    State("logs_due", N_("Logs to be cleared"), CLIENT,
          N_("Name the logs and the recorded events, then pay the budget in"), hold=HoldState.NONE, deadline_days=21,
          remind_days=(10, 3), after=N_("Nobody reads a log before."), done=N_("Logs cleared")),
    State("writing", N_("Rules being written"), FREELANCER,
          N_("Write the rules with their tests, replay the recorded events, hand over what they found"), hold=FUNDED,
          deadline_days=30, until_due=True, remind_days=(7, 2), after=N_("The budget stays held."),
          done=N_("Rules written")),
    State("replayed", N_("Replayed"), CLIENT, N_("Read the rules, then put them into production for tuning"),
          hold=FUNDED, after=N_("If nobody does anything, tuning begins."), done=N_("In production")),
    State("blind", N_("Replay fell short"), FREELANCER, N_("Mend the rules and hand them over with a new replay"),
          hold=FUNDED, deadline_days=14, remind_days=(5, 2), after=N_("The budget stays held.")),
    State("tuning", N_("Being tuned on real events"), FREELANCER,
          N_("Tune for the days agreed, then hand over what each rule raised and how much was false"), hold=FUNDED,
          deadline_days=35, remind_days=(7, 2), after=N_("The budget stays held."), done=N_("Tuned")),
    State("measured", N_("Measured on real events"), CLIENT,
          N_("Compare the figures with your console, then release the budget"), hold=FUNDED,
          after=N_("If nobody does anything, the budget is released.")),
    State("noisy", N_("Too many false positives"), FREELANCER, N_("Tune again and measure again"), hold=FUNDED,
          deadline_days=21, remind_days=(7, 2),
          after=N_("The {client} may also release the budget and live with the noise.")),
    *ENDS,
)  # fmt: skip
WORKING, HANDED = ("writing", "replayed", "blind"), ("tuning", "measured", "noisy")
WAYS = (
    Transition("fund_rules", N_("Pay the budget in"), "logs_due", "writing", CLIENT, actions=(Action.HOLD,),
               needs=(LOGS,), did=N_("Budget paid in")),
    Transition("abandon", N_("Abandon it"), "logs_due", "abandoned", CLIENT, also=(FREELANCER,), asks=("note",),
               actions=TOLD, danger=True, did=N_("Abandoned")),
    Transition("hand_rules", N_("Hand over the rules"), "writing", "replayed", FREELANCER, delivers=RULES,
               needs=(LOGS,), asks=("files",), actions=TOLD, did=N_("Rules handed over")),
    Transition("falls_short", N_("The replay falls short"), "replayed", "blind", PLUGIN, judged=Judged.MISSED,
               actions=TOLD, did=N_("The replay falls short of what was agreed")),
    Transition("hand_rules_again", N_("Hand over the mended rules"), "blind", "replayed", FREELANCER, delivers=RULES,
               needs=(LOGS,), asks=("files",), actions=TOLD, did=N_("Rules handed over again")),
    Transition("start_tuning", N_("Put them into production"), "replayed", "tuning", CLIENT, actions=TOLD,
               did=N_("Rules in production: tuning began")),
    Transition("tuning_starts", N_("Tuning begins"), "replayed", "tuning", TIMER, timer_days=7, remind_days=(3, 1),
               actions=TOLD, did=N_("Tuning began by the clock")),
    Transition("hand_figures", N_("Hand over the figures"), "tuning", "measured", FREELANCER, delivers=TUNING,
               needs=(LOGS,), asks=("files",), actions=TOLD, did=N_("Figures of the tuning handed over")),
    Transition("too_noisy", N_("Too many false positives"), "measured", "noisy", PLUGIN, judged=Judged.MISSED,
               actions=TOLD, did=N_("More false positives than agreed")),
    Transition("hand_figures_again", N_("Hand over new figures"), "noisy", "measured", FREELANCER, delivers=TUNING,
               needs=(LOGS,), asks=("files",), actions=TOLD, did=N_("New figures handed over")),
    Transition("close", N_("Release the budget"), "measured", "closed", CLIENT, actions=(Action.RELEASE,),
               did=N_("Budget released on the figures")),
    Transition("closes", N_("Released by silence"), "measured", "closed", TIMER, timer_days=7, remind_days=(3, 1),
               actions=(Action.RELEASE,), did=N_("Released by silence")),
    Transition("live_with_it", N_("Release, and live with the noise"), "noisy", "closed", CLIENT,
               actions=(Action.RELEASE,), danger=True, did=N_("Released; the noise is accepted")),
    Transition("give_up", N_("Give the budget back"), "writing", "returned", FREELANCER, asks=("note",),
               actions=(Action.REFUND,), danger=True, did=N_("Budget given back")),
    *decisions((*WORKING, *HANDED), on="tuning"),
    *hold_ends((*WORKING, "arbitration"), HANDED),
)  # fmt: skip

DETECTION = Process(
    name="detection",
    version=1,
    label=N_("Detection as code, accepted by what was measured"),
    summary=N_(
        "The {client} clears the logs first. Rules are handed over as code and replayed on recorded attacks; what "
        "falls short goes back at once. Then they are tuned on real events, and the budget is released on the false "
        "positives measured."
    ),
    holds=True,
    start="logs_due",
    states=STATES,
    transitions=WAYS,
    fits={"engagement": ("detection",)},
)
