"""Ending a contract early: what has not begun is cancelled in one step, what runs goes on to its own end."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts import course, registry
from marketwright.features.contracts.service import get
from marketwright.features.contracts.standing import roles_of
from marketwright.features.contracts.steps import Ask, take
from marketwright.features.contracts.tables import Milestone
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import HoldState, Process, Role, Transition

SIDES = (Role.CLIENT, Role.FREELANCER)


def way_out(process: Process, state: str, pending: str, roles: Sequence[Role]) -> Transition | None:
    """The step by which one of ``roles`` ends a milestone that has not begun and holds no money, or ``None``."""
    if state != process.start:
        return None
    place = course.Place(state, pending)
    ways = (way for role in roles for way in course.ways(process, place, role))
    return next((w for w in ways if course.money_action(w) is None and process.state(w.target).end
                 and process.state(w.target).hold is HoldState.NONE), None)  # fmt: skip


def not_begun(session: Session, contract: str, process: Process, roles: Sequence[Role]) -> list[tuple[Milestone, str]]:
    """Milestones that ending early would cancel, with the step that does it; the last one first.

    Where work starts without money held, the one whose turn it is has begun and is left alone.
    """
    rows = session.scalars(
        select(Milestone).where(Milestone.contract_id == contract).order_by(Milestone.number.desc())
    ).all()
    found: list[tuple[Milestone, str]] = []
    for row in rows:
        way = way_out(process, row.state, row.pending, roles)
        begun = not process.holds and row.entered_at is not None
        if way is not None and not begun:
            found.append((row, way.name))
    return found


def end_early(uow: UnitOfWork, *, contract: str, note: str) -> int:
    """Cancel everything that has not begun, as one side; returns how many. The contract ends with what still runs."""
    row = get(uow.session, contract)
    roles = [r for r in roles_of(uow.session, row, uow.actor) if r in SIDES]
    if not roles:
        raise NotFound("There is no such {contract}.")
    if row.state != "ACTIVE":
        raise Conflict("The {contract} is not under way.", state=row.state)
    if not note.strip():
        raise InvalidInput({"note": [say("Please say why, in a sentence or two: the other side reads it.")]})
    process = registry.pinned(uow.session, row.process, row.process_version)
    rest = not_begun(uow.session, contract, process, roles)
    if not rest:
        raise Conflict("Everything has begun already; what runs is ended step by step.", state=row.state)
    for milestone, way in rest:
        take(uow, milestone=milestone.id, transition=way, ask=Ask(note=note))
    uow.audit("contract.ended_early", contract, cancelled=len(rest))
    return len(rest)
