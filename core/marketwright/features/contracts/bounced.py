"""Held money that the payer's bank takes back: the milestone goes to where it is funded again, or ends as refunded."""

from marketwright.features.contracts import course, events
from marketwright.features.contracts.dues import owe_back
from marketwright.features.contracts.ending import end_when_all_ended
from marketwright.features.contracts.log import Entry, lock, step
from marketwright.features.contracts.registry import load
from marketwright.features.contracts.steps import begin, enter
from marketwright.features.contracts.tables import Milestone
from marketwright.features.payments.amounts import Amounts
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Action, Process, Role


def taken_back(uow: UnitOfWork, *, hold: str, settled: bool, reason: str) -> None:
    """Move the milestone of ``hold``, with ``reason`` for people; nothing where it stands on no held money.

    ``settled`` says that the hold is over, as after a refund; else it is empty and may be funded again.
    """
    if uow.session.get(Milestone, hold) is None:
        return
    row, contract, process = load(uow.session, hold)
    lock(uow, row)
    target = _after_refund(process) if settled else _before_funding(process)
    before = row.state
    if row.pending or target is None or process.state(before).end or before == target:
        return
    entry = Entry("returned", target, str(Role.PROVIDER), source=before, cause="provider:taken_back", note=reason)
    step(uow, row, entry, state=target, trouble=reason)
    if row.within_days and not settled:
        row.due_on = None  # its days count from the payment that is still to come
    enter(uow, row, process)
    uow.emit(events.RETURNED, row.id, contract=contract.id, transition="")
    if settled:
        begin(uow, contract, process)
        end_when_all_ended(uow, contract, process, str(Role.PROVIDER))


def credit(uow: UnitOfWork, *, hold: str, cause: tuple[str, str], parts: Amounts) -> None:
    """``parts`` of a milestone that was released and invoiced have gone back: credit notes for them are due."""
    if uow.session.get(Milestone, hold) is not None:
        row, contract, _process = load(uow.session, hold)
        owe_back(uow, contract, row, parts, cause_type=cause[0], cause_id=cause[1])


def _before_funding(process: Process) -> str | None:
    return next((t.source for t in process.transitions if course.money_action(t) is Action.HOLD), None)


def _after_refund(process: Process) -> str | None:
    """The end that a refund leads to, else the one that a split does."""
    ends = {
        course.money_action(t): t.target for t in reversed(process.transitions) if process.state(t.target).end
    }
    return ends.get(Action.REFUND) or ends.get(Action.SPLIT)
