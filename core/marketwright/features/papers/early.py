"""Answers in confidence before any contract: under the confidentiality agreement, sealed, for the client alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts.confidentiality import signed
from marketwright.features.facets import forms
from marketwright.features.missions.tables import Mission
from marketwright.features.papers import events
from marketwright.features.papers.queries import Answer, asked
from marketwright.features.papers.tables import EarlyAnswer
from marketwright.features.seals import service as seals
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.store.ring import Ring
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.conditions import Condition, HandedIn

READ = "answer"  # what a record of a reading names


def opened(session: Session, ring: Ring, answer: Answer) -> dict[str, Any]:
    """What was answered, {} once it is deleted. Whoever shows it records the reading."""
    return dict(seals.opened_value(session, ring, answer.seal) or {})


def refusals(entry: Entry[Condition], given: HandedIn) -> dict[str, list[str]]:
    """What is wrong with an answer, by the form's fields. Asked before a unit of work opens."""
    found = entry.ask("check", lambda c: c.check(given) if c.check else {}, answers=Mapping)
    return {forms.PREFIX + name if name else "": [why] for name, why in found.items()}


def answer(uow: UnitOfWork, *, mission: str, name: str, values: Mapping[str, Any]) -> None:
    """Keep the actor's answer, checked before, in place of an earlier one; the client is told that there is one."""
    row = uow.session.get(Mission, mission)
    if row is None or name not in {e.it.name for e in asked(uow.ports.get(Plugins), row.fields or {})}:
        raise NotFound("This is not asked here.")
    if not signed(uow.session, mission, uow.actor.id):
        raise NotAllowed("Sign the confidentiality agreement of the {mission} first: your answer is covered by it.")
    if not values:
        raise InvalidInput({"": ["Please fill this in."]})
    a, seal = EarlyAnswer, seals.seal_value(uow, dict(values), mission=mission)
    found = uow.session.scalar(
        select(a).where(a.mission_id == mission, a.account_id == uow.actor.id, a.name == name).with_for_update()
    )
    if found is None:
        found = a(id=new_id(), mission_id=mission, account_id=uow.actor.id, name=name, seal=seal, at=uow.now)
        uow.session.add(found)
    else:
        seals.delete(uow, [found.seal])
        found.seal, found.at = seal, uow.now
    uow.flush()
    uow.audit("paper.answered", mission, condition=name)
    uow.emit(events.ANSWERED, mission, freelancer=uow.actor.id, condition=name)


def record(uow: UnitOfWork, found: Iterable[Answer], *, role: str) -> None:
    """Write down that the actor reads these answers: before they are shown.

    The record names no mission: other freelancers, who read the record of the brief, learn nothing of an answer.
    """
    for one in found:
        seals.record_reading(uow, seals.Reading(one.seal, READ, role))
