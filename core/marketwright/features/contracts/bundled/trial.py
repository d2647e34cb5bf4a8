"""The course ``trial``: a short paid mission, after which both may go on in a longer contract."""

from dataclasses import replace

from marketwright.features.contracts.bundled.held import CLIENT
from marketwright.features.contracts.bundled.milestones import STATES, WAYS
from marketwright.kernel.text import N_
from marketwright.strategies.processes import CancellationRule, Process

SILENCE_DAYS = 7
NEXT = {
    "to_fund": N_("Pay the trial in, so that it can begin"),
    "work": N_("Do the work of the trial, then hand it over here"),
}

TRIAL = Process(
    name="trial",
    version=1,
    label=N_("A paid trial"),
    summary=N_(
        "A few days of real, paid work before a longer {contract}. The {client} pays them in, a payment provider holds "
        "the money and releases it once the work is accepted, by silence too. With one step, and new signatures, both "
        "go on in a longer {contract} at the same price a day."
    ),
    holds=True,
    start="to_fund",
    most_days=10,
    extends_to=("time_and_materials", "milestones", "time_and_invoice", "invoice"),
    states=tuple(replace(state, next=NEXT.get(state.name, state.next)) for state in STATES),
    transitions=tuple(
        replace(way, timer_days=SILENCE_DAYS, remind_days=(3, 1)) if way.name == "approve_by_silence" else way
        for way in WAYS
    ),
    cancellation=(CancellationRule(CLIENT, 2, 0), CancellationRule(CLIENT, 0, 2000)),
)
