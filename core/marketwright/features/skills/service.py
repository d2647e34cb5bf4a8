"""Importing taxonomies."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from marketwright.features.skills.events import IMPORTED
from marketwright.features.skills.queries import merged_into, taxonomies
from marketwright.features.skills.tables import Skill, SkillLabel, SkillParent
from marketwright.features.skills.taxonomy import Entry, check, read_taxonomy
from marketwright.kernel.actors import system
from marketwright.kernel.rows import Report, Row
from marketwright.kernel.words import key
from marketwright.store.database import Database
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Taxonomy

_LOT = 500


def bring_taxonomies(database: Database, brought: Sequence[Taxonomy]) -> Mapping[str, Report]:
    """Import each of ``brought`` that has no skill yet, and say what came in, by its name.

    One that is there already is left alone: an operator may have renewed it with a file of their own.
    """
    with database.reading() as session:
        known = taxonomies(session)
    reports: dict[str, Report] = {}
    for taxonomy in brought:
        if taxonomy.name not in known:
            rows = read_taxonomy(taxonomy.path)
            with database.unit(system("skills")) as uow:
                reports[taxonomy.name] = import_taxonomy(uow, rows.rows, taxonomy=taxonomy.name)
                uow.commit()
    return reports


def import_taxonomy(
    uow: UnitOfWork, rows: Sequence[Row], *, taxonomy: str, skip_bad_rows: bool = False, notes: Sequence[str] = ()
) -> Report:
    """Write the skills of ``rows`` under the name ``taxonomy``: new keys are added, known ones renewed, none removed.

    One bad row refuses the whole import, and nothing is written; with ``skip_bad_rows`` the good ones are kept.
    """
    existing = {row.id: row.taxonomy for row in uow.session.execute(select(Skill.id, Skill.taxonomy))}
    merged = merged_into(uow.session)
    entries, faults = check(rows, existing, taxonomy, merged)
    if faults and not skip_bad_rows:
        return Report(len(rows), skipped=len(rows), refused=True, faults=tuple(faults), notes=tuple(notes))
    _write(uow, entries, existing, taxonomy)
    created = sum(e.key not in existing for e in entries)
    report = Report(
        len(rows), created=created, updated=len(entries) - created, skipped=len(rows) - len(entries),
        faults=tuple(faults), notes=tuple(notes),
    )  # fmt: skip
    uow.emit(IMPORTED, "", taxonomy=taxonomy, created=report.created, updated=report.updated)
    uow.audit("taxonomy.imported", taxonomy, created=report.created, updated=report.updated, skipped=report.skipped)
    return report


def _write(uow: UnitOfWork, entries: Sequence[Entry], existing: dict[str, str], taxonomy: str) -> None:
    run = uow.session.execute
    new = [e for e in entries if e.key not in existing]
    known = [e.key for e in entries if e.key in existing]
    for start in range(0, len(known), _LOT):
        lot = known[start : start + _LOT]
        run(delete(SkillLabel).where(SkillLabel.skill_id.in_(lot)))
        run(delete(SkillParent).where(SkillParent.skill_id.in_(lot)))
    if new:
        run(insert(Skill), [_skill(e, taxonomy) for e in new])
    if known:
        run(update(Skill), [_skill(e, taxonomy) for e in entries if e.key in existing])
    labels = [label for entry in entries for label in _labels(entry)]
    if labels:
        run(insert(SkillLabel), labels)
    parents = [{"skill_id": e.key, "parent_id": b} for e in entries for b in e.broader]
    if parents:
        run(insert(SkillParent), parents)


def _skill(entry: Entry, taxonomy: str) -> dict[str, Any]:
    return {"id": entry.key, "taxonomy": taxonomy, "label_en": entry.label_en, "label_fr": entry.label_fr}


def _labels(entry: Entry) -> list[dict[str, Any]]:
    names = [("en", entry.label_en, True), ("fr", entry.label_fr, True)]
    names += [("en", a, False) for a in entry.alt_en] + [("fr", a, False) for a in entry.alt_fr]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for language, label, preferred in names:
        if label:
            word = key(label)[:300]
            found.setdefault((language, word), {"skill_id": entry.key, "language": language, "label": label,
                                                "key": word, "preferred": preferred})  # fmt: skip
    return list(found.values())
