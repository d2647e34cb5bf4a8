"""Which conditions a contract has: those of its process and marketplace that its mission turns on, now or later."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketwright.features.contracts import course, events, registry
from marketwright.features.contracts.standing import side_of
from marketwright.features.contracts.tables import Contract, ContractCondition, Declaration, Milestone
from marketwright.features.facets import forms
from marketwright.features.missions.tables import Mission
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.conditions import Condition
from marketwright.strategies.fields import Field
from marketwright.strategies.processes import Process


def add_conditions(uow: UnitOfWork, contract: Contract, process: Process, plugins: Plugins) -> list[str]:
    """One row for each condition that is on and each transition that waits for it; the names that are new."""
    brought = {name: entry.it for name, entry in plugins.conditions.items()}
    said = fields_of(uow.session, contract)
    rows = select(ContractCondition.name, ContractCondition.transition)
    there = {(r.name, r.transition) for r in uow.session.execute(rows.where(
        ContractCondition.contract_id == contract.id
    ))}  # fmt: skip
    last = _last(uow.session, contract.id)
    added: list[str] = []
    for transition in process.transitions:
        for name in course.needs_of(process, transition, brought.values()):
            condition = brought.get(name)
            if (name, transition.name) in there or (condition is not None and not condition.concerns(said)):
                continue
            uow.session.add(ContractCondition(
                id=new_id(), contract_id=contract.id, transition=transition.name, name=name, met_by="", met_name="",
                milestone_id=last if condition is not None and condition.only_last else "", evidence="", file_id="",
            ))  # fmt: skip
            added.append(name)
    uow.flush()
    return list(dict.fromkeys(added))


def _last(session: Session, contract: str) -> str:
    newest = select(Milestone.id).where(Milestone.contract_id == contract).order_by(Milestone.number.desc()).limit(1)
    return session.scalar(newest) or ""


def move_to_last(uow: UnitOfWork, contract: Contract) -> None:
    """Milestones were added: what the last one alone waits for waits for the new last one, unless it is met."""
    c = ContractCondition
    only = [n for n, e in uow.ports.get(Plugins).conditions.items() if e.it.only_last]
    uow.session.execute(
        update(c)
        .where(c.contract_id == contract.id, c.name.in_(only), c.milestone_id != "", c.met_at.is_(None))
        .values(milestone_id=_last(uow.session, contract.id))
    )


def fields_of(session: Session, contract: Contract) -> dict[str, Any]:
    """The mission's own fields but the sealed ones, with what either side declared since the contract was drawn up."""
    mission = session.get_one(Mission, contract.mission_id)
    said = session.scalars(
        select(Declaration.fields).where(Declaration.contract_id == contract.id).order_by(Declaration.seq)
    )
    found = forms.without_sealed(mission.fields or {})
    for later in said:
        found |= later
    return found


def declarable(plugins: Plugins) -> list[Field]:
    """The mission's fields that some condition depends on and that people are asked for, in the plugins' order."""
    named = {name for entry in plugins.conditions.values() for name in entry.it.when}
    return [f for f in forms.of(plugins, "mission") if f.name in named and f.asked]


def declare(uow: UnitOfWork, *, contract: str, values: Mapping[str, Any], note: str = "") -> list[str]:
    """Say as one side that the work is other than the mission said; the names of the conditions that this adds.

    ``values`` are new answers to fields that conditions depend on. ``Conflict`` once the contract has ended,
    ``InvalidInput`` where nothing changes.
    """
    row = uow.session.get(Contract, contract)
    side = side_of(uow.session, row, uow.actor.id) if row is not None else ""
    if row is None or not side:
        raise NotFound("There is no such {contract}.")
    if row.state == "ENDED":
        raise Conflict("This {contract} has ended.", state=row.state)
    fields = declarable(uow.ports.get(Plugins))
    checked = forms.check(fields, {n: v for n, v in values.items() if v not in (None, "", [])})
    before = fields_of(uow.session, row)
    told = {f.name: checked.get(f.name) for f in fields if f.name in values}
    changed = {name: value for name, value in told.items() if value != before.get(name)}
    if not changed:
        raise InvalidInput({"": [say("Nothing is other than what is known already.")]})
    declaration = Declaration(
        contract_id=contract, fields=changed, note=note, side=side, by=uow.actor.label, by_name=uow.actor.name,
        at=uow.now,
    )  # fmt: skip
    uow.session.add(declaration)
    uow.flush()
    uow.audit("contract.declared", contract, side=side, fields=sorted(changed))
    uow.emit(events.DECLARED, contract, side=side, fields=sorted(changed))
    return turn_on(uow, row)


def turn_on(uow: UnitOfWork, contract: Contract) -> list[str]:
    """Add the conditions that the mission's fields ask for by now; both sides are told of each. Returns their names."""
    if contract.state == "ENDED":
        return []
    process = registry.pinned(uow.session, contract.process, contract.process_version)
    added = add_conditions(uow, contract, process, uow.ports.get(Plugins))
    for name in added:
        uow.emit(events.CONDITION_ADDED, contract.id, condition=name)
        uow.audit("condition.added", contract.id, name=name)
    return added


def mission_changed(uow: UnitOfWork, mission: str) -> None:
    """The mission was edited: its running contracts get the conditions that it turns on now."""
    rows = uow.session.scalars(select(Contract).where(Contract.mission_id == mission, Contract.state != "ENDED"))
    for contract in rows.all():
        turn_on(uow, contract)


def known_conditions(plugins: Plugins, names: Iterable[str]) -> dict[str, Condition]:
    """Those of ``names`` that an enabled plugin brings."""
    return {n: plugins.conditions[n].it for n in names if n in plugins.conditions}
