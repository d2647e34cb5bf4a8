"""The course ``time_and_invoice``: periods with a timesheet, and nothing held; approved days are invoiced."""

from marketwright.features.contracts.bundled.invoice import INVOICE
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, Measure, Process, Role, State, Transition

_CLIENT, _FREELANCER, _OPERATOR, _TIMER = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER
_BILLED = ("billed", "confirming", "paid", "unpaid")

TIME_AND_INVOICE = Process(
    name="time_and_invoice",
    version=3,
    label=N_("By the day, invoiced after the work"),
    summary=N_(
        "The work is counted in days and half days, period by period, up to the days agreed. Nothing is held: the "
        "{freelancer} hands a timesheet in at the end of each period, and approved days are invoiced, by silence too. "
        "The {client} pays the {freelancer} within 30 days; the marketplace never touches the money."
    ),
    holds=False,
    start="work",
    by_day=True,
    ahead_days=1,
    states=(
        State(
            "work", N_("Under way"), _FREELANCER, N_("Note the days you worked, then hand the timesheet in"),
            after=N_("Without a timesheet it counts as late; nothing is invoiced."),
            done=N_("Timesheet handed in"),
        ),
        State(
            "late", N_("Timesheet late"), _FREELANCER, N_("Hand the timesheet in: without one nothing can be invoiced"),
            after=N_("If nobody does anything, no day counts as worked."),
        ),
        State(
            "submitted", N_("Timesheet handed in"), _CLIENT, N_("Look at the days, then approve or dispute them"),
            after=N_("If nobody does anything, the days count as approved and are invoiced."),
            done=N_("Days approved"),
        ),
        State(
            "disputed", N_("Days disputed"), _FREELANCER, N_("Answer for the disputed days, or correct the timesheet"),
            deadline_days=14, remind_days=(7, 3, 1, -7),
            after=N_(
                "Silence approves nothing while days are disputed; once their time is over the {client} may approve "
                "the other days alone. Where none is left, ask us."
            ),
        ),
        *(INVOICE.state(name) for name in _BILLED),
        State("nothing", N_("No day worked"), _FREELANCER, "", end=True),
        INVOICE.state("cancelled"),
    ),
    transitions=(
        Transition(
            "cancel", N_("Cancel the period"), "work", "cancelled", _CLIENT, also=(_FREELANCER,), asks=("note",),
            actions=(Action.NOTIFY,), danger=True, unbegun=True,
            did=N_("Cancelled"),
        ),
        *(
            Transition(
                name, N_("Hand the timesheet in"), state, "submitted", _FREELANCER, asks=("sheet", "note"),
                actions=(Action.NOTIFY,),
                did=N_("Timesheet handed in"),
            )
            for name, state in (("submit", "work"), ("submit_late", "late"), ("submit_again", "disputed"))
        ),
        Transition(
            "turn_late", N_("The timesheet is late"), "work", "late", _TIMER, timer_days=5, after_due=True,
            remind_days=(4, 2), actions=(Action.NOTIFY,),
            did=N_("The timesheet is late"),
        ),
        Transition(
            "lapse", N_("No timesheet came"), "late", "nothing", _TIMER, timer_days=30, remind_days=(14, 7, 3, 1),
            actions=(Action.NOTIFY,),
            did=N_("No timesheet came"),
        ),
        *(
            Transition(
                f"skip_{state}", N_("No day was worked"), state, "nothing", _FREELANCER, also=(_OPERATOR,),
                asks=("note",), actions=(Action.NOTIFY,), danger=True,
                did=N_("No day was worked"),
            )
            for state in ("work", "late", "disputed")
        ),
        Transition(
            "approve", N_("Approve the days"), "submitted", "billed", _CLIENT, actions=(Action.BILL,),
            measure=Measure.DAYS,
            did=N_("Days approved"),
        ),
        Transition(
            "approve_by_silence", N_("Approved by silence"), "submitted", "billed", _TIMER, actions=(Action.BILL,),
            measure=Measure.DAYS, timer_days=14, remind_days=(7, 3, 1),
            did=N_("Approved by silence"),
        ),
        Transition(
            "dispute", N_("Dispute single days"), "submitted", "disputed", _CLIENT, asks=("days", "note"),
            actions=(Action.NOTIFY,),
            did=N_("Days disputed"),
        ),
        Transition(
            "approve_after_all", N_("Approve all days after all"), "disputed", "billed", _CLIENT,
            actions=(Action.BILL,), measure=Measure.DAYS,
            did=N_("Days approved after all"),
        ),
        Transition(
            "approve_undisputed", N_("Approve the days without dispute"), "disputed", "billed", _CLIENT,
            actions=(Action.BILL,), measure=Measure.UNDISPUTED, danger=True, overdue=True,
            did=N_("Nobody answered: the days without dispute were approved"),
        ),
        *(way for way in INVOICE.transitions if way.source in _BILLED),
    ),
)  # fmt: skip
