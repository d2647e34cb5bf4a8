"""The gate ``start``: what is still asked of either side before the work of a contract begins."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.ports import Gate
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.kernel.errors import Missing
from marketwright.strategies.processes import HoldState, Process


def has_begun(session: Session, contract: str, process: Process) -> bool:
    """Whether any milestone of ``contract`` has left the start of its course, other than to be called off."""
    idle = {process.start, *(s.name for s in process.states if s.end and s.hold is HoldState.NONE)}
    states = session.scalars(select(Milestone.state).where(Milestone.contract_id == contract))
    return any(state not in idle for state in states)


def missing_to_start(session: Session, gate: Gate, contract: Contract) -> dict[str, tuple[Missing, ...]]:
    """What the gate ``start`` still asks of each side of ``contract``; empty when it is open to both."""
    asked = {"client": ("organisation", contract.organisation_id), "freelancer": ("freelancer", contract.freelancer_id)}
    found = {side: gate.missing(session, "start", *whom) for side, whom in asked.items()}
    return {side: missing for side, missing in found.items() if missing}
