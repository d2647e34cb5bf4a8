"""The transition log: every step of a contract or milestone, from which its state folds (C2)."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.tables import Contract, Milestone, TransitionLog
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
