"""The other way round in ``bench matching``: missions for a freelancer, beside counting over all postings."""

from time import perf_counter

import numpy as np

from marketwright.cli.bench_base import TODAY, Bench
from marketwright.cli.bench_rivals import Scan
from marketwright.features.matching.batch import Asked, Best, Crowd, best_missions, candidates_of, scored
from marketwright.features.matching.columns import Person, SkillRows
from marketwright.features.matching.lists import spans
from marketwright.features.matching.pairs import missions_for
from marketwright.features.matching.ranking import rank
from marketwright.features.matching.selecting import bounds_of, mission_rows
from marketwright.features.matching.ties import seeds, tie_mixed
from marketwright.strategies.matching import Array

SLICE = 256  # freelancers of one product: it has an entry for nearly every pair


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
        person = Person(side.ids[row], side.one(TODAY, row), SkillRows.made(rows_of),
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


def batch(bench: Bench, seed: int, freelancers: int = 10_000, most: int = 10) -> dict[str, float]:
    """Many freelancers against all missions: a sparse product of SciPy that finds the pairs, and the engine.

    Pairs are scored by the same criteria on both sides; ``differing`` counts freelancers whose best are not the same.
    """
    index = bench.index
    count = min(freelancers, index.people.size)
    people = np.sort(np.random.default_rng(seed).choice(index.people.size, count, replace=False)).astype(np.uint32)
    among = np.ones(index.missions.size, dtype=bool)
    began = perf_counter()
    ours = best_missions(index, people, bench.criteria, among, TODAY, most)
    engine_s = perf_counter() - began
    began = perf_counter()
    theirs = _by_product(bench, people, most)
    product_s = perf_counter() - began
    same = [ours.of(k) == theirs.of(k) for k in range(count)]
    return {"engine_s": round(engine_s, 2), "scipy_s": round(product_s, 2), "pairs": len(ours.row),
            "differing": same.count(False), "ratio": round(product_s / engine_s, 2)}  # fmt: skip


def _by_product(bench: Bench, people: Array, most: int) -> Best:
    """Must-haves met of every pair by a product of two sparse matrices; those with all of them are scored."""
    from scipy.sparse import csr_matrix

    index, missions = bench.index, bench.index.missions
    skills, every = len(index.taxonomy.ids), np.arange(missions.size, dtype=np.uint32)
    owner, asked = missions.side.skills.many(every)
    must = asked.must
    ones = np.ones(int(must.sum()), dtype=np.float32)
    wants = csr_matrix((ones, (asked.skill[must], owner[must])), shape=(skills, missions.size))
    musts = np.bincount(owner[must], minlength=missions.size)
    table = Asked(index, every)
    parts: list[tuple[Array, Array, Array]] = []
    for first in range(0, len(people), SLICE):
        crowd = Crowd(index, people[first : first + SLICE])
        held = csr_matrix((crowd.codes[:-1, : len(crowd.rows)] > 0).T.astype(np.float32))
        met = (held @ wants).tocoo()
        all_met = met.data >= musts[met.col]
        person, mission = met.row[all_met].astype(np.int64), met.col[all_met].astype(np.int64)
        speaks = crowd.speaks[person].astype(np.uint64)
        asks = table.languages[mission].astype(np.uint64)
        speaking = (speaks & asks) == asks
        person, mission = person[speaking], mission[speaking]
        scores, passes = scored(bench.criteria, candidates_of(crowd, table, mission, person, TODAY))
        person, mission, scores = person[passes], mission[passes], scores[passes]
        starts = seeds(index.people.side.ids.texts(crowd.rows))
        ties = tie_mixed(starts[person], missions.side.ids.at(mission))
        order = np.lexsort((ties, -scores, person))
        place = np.arange(len(order)) - np.searchsorted(person[order], person[order])
        order = order[place < most]
        parts.append((person[order] + first, mission[order], scores[order]))
    person, mission, scores = (np.concatenate([p[k] for p in parts]) for k in range(3))
    return Best(person, mission, scores)
