"""When the last milestone has ended, so has the contract."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from marketwright.features.contracts import events
from marketwright.features.contracts.log import Entry, lock, step
from marketwright.features.contracts.tables import Amendment, Contract, Milestone
from marketwright.features.payments.tables import Hold
from marketwright.features.pricing import vouchers
from marketwright.kernel.errors import Conflict
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Action, Process


def _was_paid(session: Session, contract: str, process: Process, states: Iterable[str]) -> bool:
    """Whether the freelancer was paid, in full or in part: out of a hold, or a bill that counts as paid.

    A split says nothing by itself: it may have given everything back.
    """
    paid = {t.target for t in process.transitions if Action.PAID in t.actions}
    released = exists().where(Hold.contract_id == contract, Hold.paid > 0)
    return not paid.isdisjoint(states) or bool(session.scalar(select(released)))


def refuse_unsigned_end(state: str, signed_at: datetime | None) -> None:
    """``Conflict`` for what ended before both had signed: nothing is changed about it, nor ordered beside it."""
    if state == "ENDED" and signed_at is None:
        raise Conflict("This {contract} has ended without being signed; nothing can be changed any more.", state=state)


def end_when_all_ended(uow: UnitOfWork, contract: Contract, process: Process, role: str) -> None:
    """End an active contract whose milestones all have; an open amendment falls with it.

    Of two milestones that end at the same moment one waits here for the other, and sees that it was the last.
    """
    lock(uow, contract)
    states = uow.session.scalars(select(Milestone.state).where(Milestone.contract_id == contract.id)).all()
    if contract.state != "ACTIVE" or not all(process.state(s).end for s in states):
        return
    reason = "completed" if _was_paid(uow.session, contract.id, process, states) else "cancelled"
    end(uow, contract, reason, role)


def end(uow: UnitOfWork, contract: Contract, reason: str, role: str, note: str = "") -> None:
    """Bring ``contract`` to its end: its row, its log, its open amendments, its event."""
    entry = Entry("entered", "ENDED", role, source=contract.state, cause=reason, note=note)
    step(uow, contract, entry, state="ENDED", end_reason=reason, ended_at=uow.now, deadline_at=None)
    uow.session.execute(
        update(Amendment)
        .where(Amendment.contract_id == contract.id, Amendment.state == "sent")
        .values(state="withdrawn", closed_at=uow.now)
    )
    if contract.signed_at is None:
        vouchers.give_back(uow, deal=contract.proposal_id)
    uow.emit(events.ENDED, contract.id, reason=reason)
    uow.audit("contract.ended", contract.id, reason=reason)


