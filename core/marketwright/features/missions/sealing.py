"""Sealed answers of a brief: laid away when it is written, opened for whoever may read them, with a record of it.

In the mission's JSON such an answer is ``{"seal": <id>}``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.facets import forms as own_fields
from marketwright.features.files import queries as files
from marketwright.features.files.checks import Checked
from marketwright.features.files.ports import Storage
from marketwright.features.files.service import remove
from marketwright.features.missions.brief import Brief
from marketwright.features.missions.tables import ConfidentialPart, Mission
from marketwright.features.seals import queries as sealed_things
from marketwright.features.seals import service as seals
from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import system
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.store.database import Database
from marketwright.store.ring import Ring
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Field

JOB, EVERY = "missions.seal", 3600
BRIEF = "brief"  # what a record of a reading names
TEXT = "confidential"  # the confidential part among what is sealed


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed file of a brief: its own id, its seal, and its name and type, which are sealed with it."""

    id: str
    seal: str
    name: str
    media_type: str


def asked_by(fields: Iterable[Field]) -> bool:
    """Whether the niche seals briefs: then their confidential part and its files are sealed as well."""
    return any(f.sealed for f in fields)


def write_text(uow: UnitOfWork, mission: str, brief: Brief, fields: Iterable[Field]) -> bool:
    """Keep the confidential part of ``brief``, sealed where the niche asks for it; whether there is one."""
    row = uow.session.get(ConfidentialPart, mission)
    if row is not None and row.seal and row.seal == brief.secret_seal and not brief.confidential:
        return True
    if row is not None and row.seal:
        seals.delete(uow, [row.seal])
    if not brief.confidential:
        if row is not None:
            uow.session.delete(row)
        return False
    seal = seals.seal_value(uow, brief.confidential, mission=mission) if asked_by(fields) else ""
    row = row or ConfidentialPart(mission_id=mission)
    row.text, row.seal = ("" if seal else brief.confidential), seal
    uow.session.add(row)
    return True


def unchanged_text(uow: UnitOfWork, mission: str, brief: Brief) -> Brief:
    """``brief`` with the seal in place of a confidential part that says what stands there already."""
    row = uow.session.get(ConfidentialPart, mission)
    if row is None or not row.seal or not brief.confidential or not _same(uow, row.seal, brief.confidential):
        return brief
    return replace(brief, confidential="", secret_seal=row.seal)


def text_seal(session: Session, mission: str) -> str:
    """What the confidential part lies under, '' where it lies open or there is none."""
    return session.scalar(select(ConfidentialPart.seal).where(ConfidentialPart.mission_id == mission)) or ""


def keep_file(uow: UnitOfWork, mission: str, checked: Checked) -> None:
    """Keep a confidential file that ``files.service.prepare`` let through, sealed, its name too."""
    file = seals.seal_file(uow, checked=checked, mission=mission)
    said = {"file": file, "name": checked.name, "type": checked.media_type}
    seals.seal_value(uow, said, mission=mission, files=[file])


def files_of(session: Session, ring: Ring, mission: str) -> list[SealedFile]:
    """The sealed files of a brief, oldest first. Their names are open to whoever may read them alone."""
    found = []
    for seal in sealed_things.with_files(session, mission):
        said = seals.opened_value(session, ring, seal)
        if said is not None:
            found.append(SealedFile(said["file"], seal, said["name"], said["type"]))
    return found


def bytes_of(ring: Ring, storage: Storage, mission: str, file: SealedFile) -> bytes:
    """What is in a sealed file. Whoever shows it records the reading."""
    return seals.opened_file(ring, storage, file=file.id, mission=mission)


def remove_file(uow: UnitOfWork, mission: str, file: str) -> str:
    """Delete a sealed file of a brief; returns its name. The sweep removes its bytes."""
    found = next((f for f in files_of(uow.session, uow.ports.get(Ring), mission) if f.id == file), None)
    if found is None:
        raise NotFound("There is no such file.")
    seals.delete(uow, [found.seal])
    return found.name


def all_in(session: Session, mission: str, fields: Iterable[Field], stored: Mapping[str, Any]) -> dict[str, str]:
    """Everything sealed of a brief that is read on one page: its answers, and the confidential part as ``TEXT``."""
    text = text_seal(session, mission)
    return sealed_in(fields, stored) | ({TEXT: text} if text else {})


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
    return done + (_catch_up_parts(database) if fields else 0)


def _catch_up_parts(database: Database) -> int:
    """Seal confidential parts and files that were given before the niche sealed briefs."""
    part, storage = ConfidentialPart, database.ports.get(Storage)
    with database.reading() as session:
        texts = session.scalars(select(part.mission_id).where(part.seal == "", part.text != "")).all()
        open_files = files.all_of(session, "mission", TEXT)
    for mission in texts:
        with database.unit(system(JOB)) as uow:
            row = uow.session.get_one(part, mission, with_for_update=True)
            row.seal, row.text = seals.seal_value(uow, row.text, mission=mission), ""
            uow.flush()
            uow.commit()
    for file in open_files:
        with database.unit(system(JOB)) as uow:
            keep_file(uow, file.owner_id, Checked(file.name, file.media_type, storage.get(file.id)))
            remove(uow, file=file.id)
            uow.commit()
    return len(texts) + len(open_files)
