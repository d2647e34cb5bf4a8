"""The gate ``start``: what is still asked of either side before the work of a contract begins."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from marketwright.features.accounts.ports import Gate
from marketwright.features.contracts.tables import Contract
from marketwright.kernel.errors import Missing
from marketwright.kernel.text import say
from marketwright.strategies.processes import HoldState, Process


def has_begun(states: Iterable[str], process: Process) -> bool:
    """Whether any milestone, by its state, has left the start of its course, other than to be called off."""
    idle = {process.start, *(s.name for s in process.states if s.end and s.hold is HoldState.NONE)}
    return any(state not in idle for state in states)


def as_told(missing: Mapping[str, Sequence[Missing]], side: str) -> list[Missing]:
    """What ``side`` is told of ``missing``: of the other side's checks that they are asked for, not how they stand."""
    theirs = say("They know what is asked of them.")
    return [m if of == side else Missing(m.check, m.label, theirs) for of, found in missing.items() for m in found]


def missing_to_start(session: Session, gate: Gate, contract: Contract) -> dict[str, tuple[Missing, ...]]:
    """What the gate ``start`` still asks of each side of ``contract``; empty when it is open to both."""
    asked = {"client": ("organisation", contract.organisation_id), "freelancer": ("freelancer", contract.freelancer_id)}
    found = {side: gate.missing(session, "start", *whom) for side, whom in asked.items()}
    return {side: missing for side, missing in found.items() if missing}
