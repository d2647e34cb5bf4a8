"""The other way round in ``bench matching``: missions for a freelancer, beside counting over all postings."""

from time import perf_counter

import numpy as np

from marketwright.cli.bench_base import TODAY
from marketwright.cli.bench_matching import Bench
from marketwright.cli.bench_rivals import Scan
from marketwright.features.matching.columns import Person, SkillRows
from marketwright.features.matching.lists import spans
from marketwright.features.matching.pairs import missions_for
from marketwright.features.matching.ranking import rank
from marketwright.features.matching.selecting import bounds_of, mission_rows


def reverse(bench: Bench, seed: int) -> float:
    """Missions for a freelancer: counting must-haves met over all postings against the engine, the middle of 200."""
    index, missions = bench.index, bench.index.missions
    a, skills = missions.base.arrays, missions.side.skills
    owner = np.repeat(np.arange(missions.size), spans(skills.starts))
    must = a["asked.must"].astype(bool)
    musts = np.bincount(owner[must], minlength=missions.size)
    scan = Scan(bench)
    order = np.argsort(scan.rows, kind="stable")
    begins = np.searchsorted(scan.rows[order], np.arange(index.people.size + 1))
    skill = np.repeat(np.arange(len(scan.starts) - 1), spans(scan.starts))[order]
    among = np.ones(missions.size, dtype=bool)
    bounds = bounds_of(bench.criteria, None)
    ours: list[float] = []
    counted: list[float] = []
    for row in np.random.default_rng(seed).integers(0, index.people.size, 200).tolist():
        held = skill[begins[row] : begins[row + 1]]
        rows_of = [(int(s), 2, 3, False) for s in held]
        side = index.people.side
        person = Person(side.ids[row], side.columns(TODAY, np.array([row])), SkillRows.made(rows_of),
                        int(side.languages[row]))  # fmt: skip
        for times, how in ((ours, "lists"), (counted, "count")):
            began = perf_counter()
            if how == "lists":
                rows = mission_rows(index, person, bounds, among)
            else:
                mine = np.zeros(len(scan.starts) - 1, dtype=bool)
                mine[held] = True
                met = np.bincount(owner[must], weights=mine[skills.skill[must]], minlength=missions.size)
                rows = np.flatnonzero(met >= musts).astype(np.uint32)
            candidates = missions_for(missions.side, person, index.taxonomy, rows, TODAY)
            rank(bench.criteria, candidates, missions.side.ids.of(rows), person.id, rows=rows).best(10)
            times.append(perf_counter() - began)
    return round(sorted(counted)[100] / sorted(ours)[100], 2)
