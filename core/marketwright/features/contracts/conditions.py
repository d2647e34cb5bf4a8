"""Conditions of a contract: rows that a person meets by handing something in, or a plugin through its desk."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from marketwright.features.contracts import events
from marketwright.features.contracts.service import get
from marketwright.features.contracts.standing import roles_of
from marketwright.features.contracts.tables import ContractCondition
from marketwright.features.contracts.waiting import is_over
from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import plugin_actor
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.text import say
from marketwright.kernel.time import iso
from marketwright.store.database import Database
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.conditions import Condition
from marketwright.strategies.processes import Role

Span = tuple[datetime, datetime]
_AND = ". "  # between the date and the words that were handed in


def may_hand_in(uow: UnitOfWork, *, contract: str, name: str) -> Condition:
    """The condition ``name``, where the actor is who its role says, or staff, and the contract waits for it."""
    row = get(uow.session, contract)
    roles = roles_of(uow.session, row, uow.actor)
    if not roles:
        raise NotFound("There is no such {contract}.")
    entry = uow.ports.get(Plugins).conditions.get(name)
    rows = uow.session.scalar(
        select(ContractCondition.id).where(ContractCondition.contract_id == contract, ContractCondition.name == name)
    )
    if entry is None or rows is None:
        raise NotFound("There is no such condition.")
    if entry.it.role not in roles and Role.OPERATOR not in roles:
        raise NotAllowed("The other side meets this condition.")
    return entry.it


def said_of(evidence: str) -> tuple[date | None, str]:
    """The date and the words that ``evidence`` was put together from when the condition was met."""
    begin, _, words = evidence.partition(_AND)
    try:
        return date.fromisoformat(begin), words
    except ValueError:
        return None, evidence


def meet(uow: UnitOfWork, *, contract: str, name: str, evidence: str, file: str = "", on: str = "") -> None:
    """Meet the condition ``name`` as the actor: who its role says, or staff. ``on`` is a date, ISO."""
    condition = may_hand_in(uow, contract=contract, name=name)
    given = {"text": evidence, "file": file, "date": on}
    wrong = {ask: [say("Please fill this in.")] for ask in condition.asks if not given.get(ask, "").strip()}
    if wrong:
        raise InvalidInput(wrong)
    said = _AND.join(part for part in (on, evidence) if part)
    if condition.fields or condition.paper:
        raise Conflict("This condition asks for more; hand it in on its own page.", state="paper")
    mark(uow, contract, name, said, file)


def meet_by_plugin(database: Database, *, plugin: str, contract: str, condition: str, evidence: str) -> None:
    """Meet a condition for the desk of ``plugin``; the desk has checked that it is the plugin's own."""
    with database.unit(plugin_actor(plugin)) as uow:
        get(uow.session, contract)
        mark(uow, contract, condition, evidence, "")
        uow.commit()


def is_met(uow: UnitOfWork, *, contract: str, name: str) -> bool:
    """Whether nothing waits for the condition ``name`` any more, and what it allows is not over."""
    rows = uow.session.scalars(
        select(ContractCondition).where(ContractCondition.contract_id == contract, ContractCondition.name == name)
    ).all()
    return all(row.met_at is not None for row in rows) and not any(is_over(row, uow.now) for row in rows)


def mark(
    uow: UnitOfWork, contract: str, name: str, evidence: str, file: str = "", spans: Sequence[Span] = ()
) -> None:
    """Note that the condition ``name`` is met, by the actor, with what shows it; ``Conflict`` where it is already.

    ``spans`` bound when the transitions that the condition names ``within`` may be taken.
    """
    rows = uow.session.scalars(
        select(ContractCondition).where(ContractCondition.contract_id == contract, ContractCondition.name == name)
    ).all()
    if not rows:
        raise NotFound("There is no such condition.")
    again = any(is_over(row, uow.now) for row in rows)
    if all(row.met_at is not None for row in rows) and not again:
        raise Conflict("This condition is met already.")
    condition = uow.ports.get(Plugins).conditions.get(name)
    for row in rows:
        if row.met_at is None or again:
            row.met_at, row.met_by, row.met_name = uow.now, uow.actor.label, uow.actor.name
            row.evidence, row.file_id = evidence, file
            bound = condition is not None and row.transition in condition.it.within
            row.spans = [[iso(start), iso(end)] for start, end in spans] if bound else None
    uow.flush()
    uow.emit(events.CONDITION_MET, contract, condition=name)
    uow.audit("condition.met", contract, name=name, file=file)
