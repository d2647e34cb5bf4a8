"""Pair columns made when a criterion reads them: words of the brief, the area of a mission. Pure."""

import numpy as np

from marketwright.features.matching.columns import Person
from marketwright.features.matching.index import Index
from marketwright.features.matching.pairs import Makers
from marketwright.features.matching.reach import reach_met
from marketwright.features.matching.said import missions_share, people_share
from marketwright.strategies.matching import Array, Columns


def people_further(index: Index, mission: str, rows: Array, *, area: bool = True, m: Columns | None = None) -> Makers:
    """For ``rows`` of people and one mission; without ``area`` everybody is near enough.

    ``m`` are its columns where they are not those in the index.
    """

    def share() -> tuple[Array, Array]:
        row = index.missions.side.number.get(mission)
        return people_share(index.people.words, index.missions.said.of(row) if row is not None else {}, rows)

    if not area or "reach" not in index.missions.base.arrays:
        return {"text_met": share}
    row = index.missions.side.number.get(mission)
    if row is None:
        return {"text_met": share}
    return {"text_met": share, **_area(index, np.array([row]), index.people.side.columns(0, rows), m)}


def missions_further(index: Index, person: Person, rows: Array) -> Makers:
    """For ``rows`` of missions and one freelancer."""
    said = index.missions.said
    return {
        "text_met": lambda: missions_share(index.people.words, said, person.words, rows),
        **_area(index, rows, person.columns),
    }


def _area(index: Index, missions: Array, p: Columns, m: Columns | None = None) -> Makers:
    """Nothing where none of ``missions``, whose columns may be ``m``, asks for an area."""
    stored = index.missions.stored
    if "reach" not in index.missions.base.arrays or not stored("reach")[missions].any():
        return {}
    reach, km = stored("reach")[missions], stored("within_km")[missions]
    here = index.missions.side.columns(0, missions) if m is None else m
    return {"reach_met": lambda: reach_met(here, p, reach, km, index.union)}
