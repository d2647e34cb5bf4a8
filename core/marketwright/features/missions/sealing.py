"""Sealed answers of a brief: laid away when it is written, opened for whoever may read them, with a record of it.

In the mission's JSON such an answer is ``{"seal": <id>}``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.facets import forms as own_fields
from marketwright.features.missions.tables import Mission
from marketwright.features.seals import service as seals
from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import system
from marketwright.store.database import Database
from marketwright.store.ring import Ring
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Field

JOB, EVERY = "missions.seal", 3600
BRIEF = "brief"  # what a record of a reading names


def lay(uow: UnitOfWork, mission: Mission, fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` as they are stored: sealed answers under their seal. What stood there before and changed is deleted.

    An answer that comes as a seal stays only if it is the one that stands there.
    """
    stored: Mapping[str, Any] = mission.fields or {}
    found = dict(values)
    for field in (f for f in fields if f.sealed):
        before, now = stored.get(field.name), found.pop(field.name, None)
        known = own_fields.seal_of(before)
        if now is not None and known and (now == before or _same(uow, known, now)):
            found[field.name] = before
            continue
        if known:
            seals.delete(uow, [known])
        if now is not None and not own_fields.seal_of(now):
            found[field.name] = {own_fields.SEAL: seals.seal_value(uow, now, mission=mission.id)}
    return found


def _same(uow: UnitOfWork, seal: str, value: Any) -> bool:
    return bool(seals.opened_value(uow.session, uow.ports.get(Ring), seal) == value)


def unchanged(
    uow: UnitOfWork, mission: Mission, fields: Iterable[Field], values: Mapping[str, Any]
) -> dict[str, Any]:
    """``values`` where a sealed answer that says what stands there already is its seal."""
    stored: Mapping[str, Any] = mission.fields or {}
    there = sealed_in(fields, stored)
    same = [n for n, seal in there.items() if n in values and _same(uow, seal, values[n])]
    return {**values, **{name: stored[name] for name in same}}


def sealed_in(fields: Iterable[Field], stored: Mapping[str, Any]) -> dict[str, str]:
    """The seals of a brief's sealed answers, by field."""
    found = {f.name: own_fields.seal_of(stored.get(f.name)) for f in fields if f.sealed}
    return {name: seal for name, seal in found.items() if seal}


def opened(session: Session, ring: Ring, fields: Iterable[Field], stored: Mapping[str, Any]) -> dict[str, Any]:
    """``stored`` with its sealed answers opened; those that are deleted are left out. Whoever shows it records it."""
    found = dict(stored)
    for name, seal in sealed_in(fields, stored).items():
        value = seals.opened_value(session, ring, seal)
        found.pop(name)
        if value is not None:
            found[name] = value
    return found


def record(uow: UnitOfWork, mission: str, found: Mapping[str, str], *, role: str, case: str = "") -> None:
    """Write down that the actor reads the sealed answers ``found`` of ``mission``: before they are shown."""
    for seal in found.values():
        seals.record_reading(uow, seals.Reading(seal, BRIEF, role, case, mission=mission))


def catch_up(database: Database) -> int:
    """Seal the answers that were given before their field was sealed, each mission in its own commit; how many."""
    fields = [f for f in own_fields.of(database.ports.get(Plugins), "mission") if f.sealed]
    done = 0
    for field in fields:
        answer = Mission.fields[field.name]
        with database.reading() as session:
            open_ones = session.scalars(
                select(Mission.id).where(answer.as_string().is_not(None), answer[own_fields.SEAL].as_string().is_(None))
            ).all()
        for mission in open_ones:
            with database.unit(system(JOB)) as uow:
                row = uow.session.get_one(Mission, mission, with_for_update=True)
                row.fields = lay(uow, row, [field], row.fields)
                uow.flush()
                uow.commit()
                done += 1
    return done
