"""What a deal used, read from the database: two niches whose deals use the same differ in colour alone."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.handovers import handovers_of
from marketwright.features.contracts.tables import Contract, ContractCondition, ContractDocument, TransitionLog
from marketwright.features.missions.tables import Mission
from marketwright.features.vetting.tables import VerdictRow
from marketwright.hooks.manager import Plugins
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import House

SHARED_AT_MOST = 1 / 3  # of the smaller of two deals, for each kind


@dataclass(frozen=True, slots=True)
class Used:
    """Names of what one deal used, each kind sorted."""

    states: tuple[str, ...]
    conditions: tuple[str, ...]
    fields: tuple[str, ...]
    documents: tuple[str, ...]
    verdicts: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> "Used":
        """What :meth:`write` wrote."""
        return cls(**{kind: tuple(names) for kind, names in json.loads(path.read_text("utf-8")).items()})

    def write(self, path: Path) -> None:
        """Keep it, to be committed beside the test of the deal."""
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")

    def shared_with(self, other: "Used") -> dict[str, tuple[tuple[str, ...], float]]:
        """By kind: what both used, and how much of the smaller of the two that is (0 to 1)."""
        found: dict[str, tuple[tuple[str, ...], float]] = {}
        for kind, names in asdict(self).items():
            mine, theirs = set(names), set(getattr(other, kind))
            both = tuple(sorted(mine & theirs))
            found[kind] = (both, len(both) / min(len(mine), len(theirs)) if mine and theirs else 0.0)
        return found


def used_in(house: House, contract: str) -> Used:
    """What the deal of ``contract`` used so far.

    ``fields`` are those of the mission that are filled, what was agreed and handed over, and what conditions asked for;
    ``documents`` the kinds of papers kept, and ``annex:<deliverable>`` for each annex; ``verdicts`` the checks that
    freelancer, client and mission passed, and ``judged:<deliverable>`` for what a measure decided.
    """
    with house.database.reading() as session:
        row = session.get_one(Contract, contract)
        return Used(
            states=_sorted(session.scalars(select(TransitionLog.target).where(
                TransitionLog.contract_id == contract, TransitionLog.milestone_id.is_not(None)
            ))),
            conditions=_sorted(session.scalars(
                select(ContractCondition.name).where(ContractCondition.contract_id == contract)
            )),
            fields=_sorted(_fields(session, house.plugins, row)),
            documents=_sorted(_documents(session, row)),
            verdicts=_sorted(_verdicts(session, row)),
        )  # fmt: skip


def _sorted(names: Any) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def _fields(session: Session, plugins: Plugins, row: Contract) -> Iterator[str]:
    yield from session.get_one(Mission, row.mission_id).fields
    for agreed in row.terms.get("deliverables", ()):
        yield from agreed["values"]
    for handover in handovers_of(session, row.id).values():
        it = plugins.deliverables[handover.deliverable].it
        yield from (f.name for f in it.handed)
        yield from (f.name for rows in it.rows for f in (*rows.columns, *rows.derived))
    used = set(session.scalars(select(ContractCondition.name).where(ContractCondition.contract_id == row.id)))
    for name in used & plugins.conditions.keys():
        yield from (f.name for f in getattr(plugins.conditions[name].it, "fields", ()))


def _documents(session: Session, row: Contract) -> Iterator[str]:
    d = ContractDocument
    mine = or_(d.contract_id == row.id, (d.mission_id == row.mission_id) & (d.freelancer_id == row.freelancer_id))
    yield from session.scalars(select(d.kind).where(mine))
    yield from (f"annex:{agreed['name']}" for agreed in row.terms.get("deliverables", ()))


def _verdicts(session: Session, row: Contract) -> Iterator[str]:
    v = VerdictRow
    whom = (row.freelancer_id, row.organisation_id, row.mission_id)
    yield from session.scalars(select(v.check_name).where(v.subject_id.in_(whom), v.result == "passed"))
    judged = (h for h in handovers_of(session, row.id).values() if h.met is not None)
    yield from (f"judged:{h.deliverable}" for h in judged)
