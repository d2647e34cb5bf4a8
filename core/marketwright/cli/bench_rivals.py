"""What the engine is measured against: all criteria as one fused function, and a full scan in float64."""

from typing import Any

import numpy as np

from marketwright.cli.bench_base import TODAY, TOP, Bench
from marketwright.cli.bench_race import Answer
from marketwright.features.matching.columns import SkillRows, wanted_of
from marketwright.features.matching.lists import LEVEL, YEARS
from marketwright.features.matching.pairs import great_circle
from marketwright.features.matching.ranking import FINE
from marketwright.features.matching.relaxing import matches_of
from marketwright.features.matching.selecting import Bounds, people_chosen
from marketwright.features.matching.ties import tie_keys
from marketwright.strategies.matching import Array

WEIGHTS = (0.35, 0.15, 0.15, 0.08, 0.1, 0.05, 0.07, 0.05)
LATE_GATE, LATE_ENDS, NEAR_KM, FAR_KM, FULL_YEARS, RATE_ENDS = 120, 45, 50.0, 600.0, 10.0, 1.3


class Engine:
    """The engine as the page of matches asks it."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.missions = bench, bench.index.missions.side

    def answer(self, row: int) -> Answer:
        """The best for one mission."""
        wanted = wanted_of(self.missions, row, TODAY)
        ranking = matches_of(self.bench.index, wanted, self.bench.criteria, TODAY, TOP)
        best = ranking.best(TOP)
        return list(zip(ranking.texts(best), ranking.contributions(best), strict=True))


class Fused:
    """The same rows as the engine takes, and all criteria written out as one function."""

    kind: Any = np.float32

    def __init__(self, bench: Bench) -> None:
        self.bench, self.side = bench, bench.index.people.side
        self.a = bench.index.people.base.arrays
        self.towns = self.side.store.towns

    def answer(self, row: int) -> Answer:
        """The best for one mission."""
        wanted = wanted_of(self.bench.index.missions.side, row, TODAY)
        m = wanted.columns
        limits: dict[str, tuple[float | None, float | None]] = {
            "must_met": (1.0, None), "language_met": (1.0, None),
            "available_from": (None, float(m["starts"][0]) + LATE_GATE),
        }  # fmt: skip
        if m["remote"][0] == 0:
            limits["remote"] = (None, 1.0)
        return self.best(row, people_chosen(self.bench.index, wanted, Bounds(limits)).rows)

    def skill(self, skill: int, rows: Array) -> Array:
        """What is known of ``rows`` in a skill; 0 where it is not held."""
        return self.side.lists.at(skill, rows)

    def best(self, row: int, rows: Array) -> Answer:
        """The best of ``rows``."""
        missions, m = self.bench.index.missions.side, self.bench.index.missions.base.arrays
        asked = missions.skills.of(row)
        passes, skills, experience = self.of_skills(asked, rows)
        starts, remote = int(max(m["starts"][row], TODAY)), int(m["remote"][row])
        languages, open_ = self.of_languages(int(m["languages"][row]), rows)
        late, availability = self.of_dates(starts, float(m["days_a_week"][row]), rows)
        works = self.a["remote"][rows]
        passes &= open_ & (late <= LATE_GATE)
        if remote == 0:
            passes &= works != 2
        parts = (skills, self.of_rate(float(m["day_budget"][row]), rows), availability, experience,
                 self.of_place(int(m["place"][row]), remote, works, rows), languages, self.of_reviews(rows),
                 self.of_proof(rows))  # fmt: skip
        whole = sum(WEIGHTS)
        given = [w / whole * p.astype(np.float64) for w, p in zip(WEIGHTS, parts, strict=True)]
        scores = np.rint(np.sum(given, axis=0) * FINE).astype(np.int64)
        there = np.flatnonzero(passes)
        if len(there) > TOP * 2:
            least = np.partition(scores[there], len(there) - TOP)[len(there) - TOP]
            there = there[scores[there] >= least]
        ids = self.side.ids.at(rows[there])
        order = np.lexsort((tie_keys(missions.ids[row], ids), -scores[there]))[:TOP]
        return [(ids[k].decode(), [float(g[there[k]]) for g in given]) for k in order.tolist()]

    def of_skills(self, asked: SkillRows, rows: Array) -> tuple[Array, Array, Array]:
        """Who has all must-haves; skills; years in the trade and in the must-haves."""
        kind, n = self.kind, len(rows)
        passes, gap, nice = np.ones(n, dtype=bool), np.zeros(n, dtype=kind), np.zeros(n, dtype=kind)
        span, spans = np.zeros(n, dtype=kind), np.zeros(n, dtype=kind)
        for skill, level, must in zip(asked.skill.tolist(), asked.level.tolist(), asked.must.tolist(), strict=True):
            found = self.skill(skill, rows)
            if not must:
                nice += found > 0
                continue
            passes &= found > 0
            held = (found & LEVEL).astype(np.int16) - 1
            if level:
                gap += np.where(held > 0, np.maximum(level - held, 0), 0)
            years = (found >> YEARS).astype(np.int16)
            span += np.maximum(years - 1, 0)
            spans += years > 0
        musts = int(asked.must.sum())
        nices = len(asked.must) - musts
        skills = 0.7 + (0.2 * nice / nices if nices else 0.0) + 0.1 * (1.0 - gap / musts / 3.0)
        skills = (skills / (0.8 + (0.2 if nices else 0.0))).astype(kind)
        given = self.a["years"][rows]
        trade = np.minimum((given.astype(kind) - 1) / FULL_YEARS, 1.0)
        skilled = np.minimum(span / np.maximum(spans, 1) / FULL_YEARS, 1.0)
        both = np.where(spans > 0, (trade + skilled) / 2.0, trade)
        return passes, skills, np.where(given > 0, both, 0.5).astype(kind)

    def of_rate(self, budget: float, rows: Array) -> Array:
        """The day rate."""
        rate = self.a["day_rate"][rows].astype(self.kind)
        found = 1.0 - np.clip((rate / self.kind(budget) - 1.0) / (RATE_ENDS - 1.0), 0.0, 1.0)
        return np.where(rate > 0, found, 0.5).astype(self.kind)

    def of_dates(self, starts: int, days: float, rows: Array) -> tuple[Array, Array]:
        """Days late, and availability."""
        given = self.a["available_from"][rows].astype(np.int32)
        late = np.where(given > 0, np.maximum(np.maximum(given, TODAY) - starts, 0), 0)
        week = self.a["days_a_week"][rows].astype(self.kind)
        some = np.minimum(week / max(days, 1.0), 1.0)
        found = 0.7 * (1.0 - np.clip(late / LATE_ENDS, 0.0, 1.0)) + 0.3 * some
        return late, np.where(given > 0, found, 0.5).astype(self.kind)

    def of_place(self, place: int, remote: int, works: Array, rows: Array) -> Array:
        """Where the work is."""
        if remote == 2:
            return np.ones(len(rows), dtype=self.kind)
        here, table = self.a["place"][rows], self.towns.table
        theirs = self.bench.index.missions.side.store.towns
        km = great_circle(theirs.table("latitude")[place : place + 1], theirs.table("longitude")[place : place + 1],
                          table("latitude")[here], table("longitude")[here])  # fmt: skip
        km = km.astype(np.float32)
        found = 1.0 - np.clip((km - NEAR_KM) / (FAR_KM - NEAR_KM), 0.0, 1.0)
        return np.where(works == 2, np.minimum(found, 0.3), found).astype(self.kind)

    def of_languages(self, asks: int, rows: Array) -> tuple[Array, Array]:
        """Languages, and who speaks all of them."""
        spoken = self.a["languages"][rows]
        met = np.bitwise_count(spoken & spoken.dtype.type(asks))
        asked = asks.bit_count()
        share = met / asked if asked else np.ones(len(rows))
        return share.astype(self.kind), met == asked

    def of_reviews(self, rows: Array) -> Array:
        """Reviews, drawn towards four stars."""
        number = self.a["reviews"][rows].astype(np.float32)
        mean = (self.a["rating_sum"][rows].astype(np.float64) / np.maximum(number, 1)).astype(np.float32)
        drawn = (mean * number + 12.0) / (number + 3.0)
        return np.clip((drawn - 1.0) / 4.0, 0.0, 1.0).astype(self.kind)

    def of_proof(self, rows: Array) -> Array:
        """The share of claims that were compared with a source."""
        claimed = self.a["claimed"][rows]
        return (self.a["checked"][rows] / np.maximum(claimed, 1).astype(np.float64)).astype(self.kind)


class Scan(Fused):
    """Everybody, in float64, from the entries as they were drawn: no list of the index is read."""

    kind: Any = np.float64

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        drawn = bench.base.people.arrays
        order = np.argsort(drawn["entry.skill"], kind="stable")
        into = np.argsort(bench.index.people.base.arrays["by_id"])
        by_id = np.argsort(np.argsort(drawn["id"]))
        place = bench.index.people.base.arrays["by_id"][by_id]
        assert len(into) == len(place)
        self.rows = place[drawn["entry.row"][order]]
        self.payloads = drawn["entry.payload"][order]
        skills = bench.index.people.base.meta["skills"]
        self.starts = np.searchsorted(drawn["entry.skill"][order], np.arange(skills + 1))
        self.everybody = np.arange(bench.index.people.size, dtype=np.uint32)

    def answer(self, row: int) -> Answer:
        """The best for one mission."""
        return self.best(row, self.everybody)

    def skill(self, skill: int, rows: Array) -> Array:
        """What is known of everybody in a skill."""
        found = np.zeros(len(rows), dtype=np.uint16)
        a, b = self.starts[skill : skill + 2]
        found[self.rows[a:b]] = self.payloads[a:b]
        return found
