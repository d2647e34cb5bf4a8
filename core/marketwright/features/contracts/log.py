"""The transition log: every step of a contract or milestone, from which its state folds (C2).

Here their versions are counted, and nowhere else: whoever acts on what somebody else has moved meanwhile is told so,
and what must not be told so (money that has moved, an end that follows from others) waits its turn with ``lock``.
"""

from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from marketwright.features.contracts.tables import Contract, Milestone, TransitionLog
from marketwright.kernel.errors import Conflict
from marketwright.kernel.frozen import dataclass
from marketwright.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Entry:
    """One step to write: ``step`` is ``entered``, ``taken`` or ``returned``; ``cause`` names what brought it about."""

    step: str
    target: str
    role: str
    source: str = ""
    transition: str = ""
    cause: str = ""
    note: str = ""


def lock(uow: UnitOfWork, row: Contract | Milestone) -> None:
    """Read ``row`` again as it is now, and let nobody move it before the commit."""
    table = type(row)
    wanted = select(table).where(table.id == row.id).with_for_update()
    uow.session.scalars(wanted.execution_options(populate_existing=True)).one()


def step(
    uow: UnitOfWork, row: Contract | Milestone, entry: Entry, *conditions: ColumnElement[bool], **values: Any
) -> None:
    """Move ``row`` on by one version, with ``values``, and write ``entry`` as that step.

    One conditional update from the version that was read, under ``conditions``: where somebody was first, nothing is
    written and ``Conflict`` says so (E3).
    """
    table = type(row)
    moved = uow.session.execute(
        update(table)
        .where(table.id == row.id, table.version == row.version, *conditions)
        .values(version=row.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        message = (
            "The {contract} has moved on in the meantime." if isinstance(row, Contract)
            else "This has moved on in the meantime, so it can no longer be done."
        )  # fmt: skip
        raise Conflict(message, state=row.state, code="E3")
    uow.session.refresh(row)
    whose = (row.id, None) if isinstance(row, Contract) else (row.contract_id, row.id)
    record(uow, entry, contract=whose[0], milestone=whose[1], version=row.version)


def record(uow: UnitOfWork, entry: Entry, *, contract: str, version: int, milestone: str | None = None) -> None:
    """Write ``entry`` as step number ``version`` of the milestone, or of the contract itself."""
    uow.session.execute(
        insert(TransitionLog).values(
            contract_id=contract, milestone_id=milestone, subject=milestone or contract, version=version,
            step=entry.step, transition=entry.transition, source=entry.source, target=entry.target,
            actor=uow.actor.label, actor_name=uow.actor.name, role=entry.role, cause=entry.cause, note=entry.note,
            at=uow.now, request_id=uow.actor.request_id,
        )
    )  # fmt: skip


def verify_log(session: Session) -> list[str]:
    """Sentences about every contract or milestone whose row is not what its log folds to; empty when all is well."""
    columns = (TransitionLog.subject, TransitionLog.version, TransitionLog.step, TransitionLog.source,
               TransitionLog.target, TransitionLog.transition)  # fmt: skip
    folded: dict[str, tuple[int, str, str]] = {}
    found: list[str] = []
    for row in session.execute(select(*columns).order_by(TransitionLog.subject, TransitionLog.version)):
        version, state, _pending = folded.get(row.subject, (0, "", ""))
        if row.version != version + 1:
            found.append(f"{row.subject}: step {row.version} follows step {version}")
        if row.source != state:
            found.append(f"{row.subject}: step {row.version} leaves {row.source!r}, the log stands at {state!r}")
        pending = row.transition if row.step == "taken" else ""
        folded[row.subject] = (row.version, row.source if row.step == "taken" else row.target, pending)
    milestones = session.execute(select(Milestone.id, Milestone.version, Milestone.state, Milestone.pending))
    rows: list[tuple[object, ...]] = [tuple(row) for row in milestones]
    contracts = session.execute(select(Contract.id, Contract.version, Contract.state))
    rows += [(*row, "") for row in contracts]
    for subject, *stands in rows:
        if folded.get(str(subject)) != tuple(stands):
            found.append(f"{subject}: its row says {tuple(stands)}, its log folds to {folded.get(str(subject))}")
    return found
