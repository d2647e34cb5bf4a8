"""What opening one condition of a mission would bring: each alone, everything else kept. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from marketwright.features.matching.columns import Side, SkillRows, Taxonomy, people_for
from marketwright.features.matching.index import REMOTE, Index
from marketwright.features.matching.ranking import Criterion, rank

LATER_DAYS = 30


@dataclass(frozen=True, slots=True)
class Relaxed:
    """One condition opened: ``kind`` ``skill``, ``remote``, ``language`` or ``start``; ``gain`` more matches."""

    kind: str
    name: str
    gain: int


def relax(index: Index, mission: int, criteria: Sequence[Criterion], today: int) -> list[Relaxed]:
    """Conditions that bring matches when they are opened, the greatest gain first."""
    alone = _alone(index.missions.side, mission)
    now = _matches(index, alone, criteria, today)
    found = [
        Relaxed(kind, name, _matches(index, changed, criteria, today) - now)
        for kind, name, changed in _changes(index.taxonomy, index.languages, alone)
    ]
    return sorted((r for r in found if r.gain > 0), key=lambda r: (-r.gain, r.kind, r.name))


def _matches(index: Index, mission: Side, criteria: Sequence[Criterion], today: int) -> int:
    people = index.people
    candidates = people_for(mission, people.side, index.taxonomy, 0, today)
    return len(rank(criteria, candidates, people.side.ids, mission.ids[0], people.shown).order)


def _alone(missions: Side, row: int) -> Side:
    """The mission at ``row`` as a side of its own."""
    own = missions.skills.of(row)
    return Side(
        (missions.ids[row],), {missions.ids[row]: 0}, {n: c[row : row + 1] for n, c in missions.values.items()},
        {n: c[row : row + 1] for n, c in missions.known.items()},
        SkillRows(np.zeros_like(own.owner), own.skill, own.level, own.years, own.must),
        missions.languages[row : row + 1],
    )  # fmt: skip


def _changes(taxonomy: Taxonomy, languages: Mapping[str, int], mission: Side) -> Iterator[tuple[str, str, Side]]:
    asked = mission.skills
    for k in np.flatnonzero(asked.must).tolist():
        must = asked.must.copy()
        must[k] = False
        yield "skill", taxonomy.ids[int(asked.skill[k])], replace(mission, skills=replace(asked, must=must))
    if mission.values["remote"][0] != REMOTE["remote"]:
        remote = np.array([REMOTE["remote"]], dtype=np.int8)
        yield "remote", "", replace(mission, values={**mission.values, "remote": remote})
    for code, bit in languages.items():
        if int(mission.languages[0]) >> bit & 1:
            left = mission.languages & ~np.uint64(1 << bit)
            yield "language", code, replace(mission, languages=left)
    if mission.known["starts"][0]:
        later = mission.values["starts"] + np.int32(LATER_DAYS)
        yield "start", "", replace(mission, values={**mission.values, "starts": later})
