"""What the engine is measured against: one fused function, a full scan in float64, SQLite twice, counting over all."""

import sqlite3
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from marketwright.cli.bench_base import TODAY
from marketwright.cli.bench_matching import TOP, Answer, Bench
from marketwright.features.matching.columns import Person, SkillRows, wanted_of
from marketwright.features.matching.lists import LEVEL, YEARS, spans
from marketwright.features.matching.pairs import great_circle, missions_for
from marketwright.features.matching.ranking import FINE, rank, tie_keys
from marketwright.features.matching.selecting import Bounds, bounds_of, mission_rows, people_chosen
from marketwright.strategies.matching import Array

PLANS: dict[str, str] = {}
WEIGHTS = (0.35, 0.15, 0.15, 0.08, 0.1, 0.05, 0.07, 0.05)
LATE_GATE, LATE_ENDS, NEAR_KM, FAR_KM, FULL_YEARS, RATE_ENDS = 120, 45, 50.0, 600.0, 10.0, 1.3


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


_SCHEMA = """
CREATE TABLE p (row INTEGER PRIMARY KEY, id TEXT, rate REAL, free INTEGER, days REAL, years INTEGER, remote INTEGER,
  lat REAL, lon REAL, spoken INTEGER, stars REAL, proved REAL);
CREATE TABLE ps (skill INTEGER, row INTEGER, level INTEGER, years INTEGER, PRIMARY KEY (skill, row)) WITHOUT ROWID;
CREATE INDEX ps_row ON ps (row, skill, level, years);
CREATE VIRTUAL TABLE f USING fts5 (words, content='', columnsize=0, detail=none);
"""
_SCORED = """
SELECT p.id, {skills}, {rate}, {free}, {years}, {place}, {spoken}, p.stars * {w[6]}, p.proved * {w[7]}
FROM {people} WHERE {gates} ORDER BY {skills} + {rate} + {free} + {years} + {place} + {spoken}
  + p.stars * {w[6]} + p.proved * {w[7]} DESC LIMIT 20
"""


def sqlite(bench: Bench, folder: Path) -> dict[str, Any]:
    """SQLite with normalised tables and with FTS5, filled from the same base."""
    db = sqlite3.connect(folder / "rival.sqlite")
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;" + _SCHEMA)
    a, side, n = bench.index.people.base.arrays, bench.index.people.side, bench.index.people.size
    table, place = side.store.towns.table, a["place"][:n]
    fused = Fused(bench)
    every = np.arange(n, dtype=np.uint32)
    columns = (range(n), side.ids[:n], a["day_rate"][:n].tolist(), a["available_from"][:n].tolist(),
               a["days_a_week"][:n].tolist(), (a["years"][:n].astype(int) - 1).tolist(), a["remote"][:n].tolist(),
               table("latitude")[place].tolist(), table("longitude")[place].tolist(), a["languages"][:n].tolist(),
               fused.of_reviews(every).tolist(), fused.of_proof(every).tolist())  # fmt: skip
    db.executemany("INSERT INTO p VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", zip(*columns, strict=True))
    scan = Scan(bench)
    lengths = spans(scan.starts)
    skill = np.repeat(np.arange(len(lengths)), lengths)
    level, years = (scan.payloads & LEVEL).astype(int) - 1, (scan.payloads >> YEARS).astype(int) - 1
    db.executemany("INSERT INTO ps VALUES (?, ?, ?, ?)",
                   zip(*(c.tolist() for c in (skill, scan.rows, level, years)), strict=True))  # fmt: skip
    order = np.argsort(scan.rows, kind="stable")
    begins = np.searchsorted(scan.rows[order], np.arange(n + 1))
    held = skill[order].tolist()
    db.executemany("INSERT INTO f (rowid, words) VALUES (?, ?)", (
        (k, " ".join(f"s{s}" for s in held[begins[k] : begins[k + 1]])) for k in range(n)))  # fmt: skip
    db.execute("INSERT INTO f (f) VALUES ('optimize')")
    db.execute("ANALYZE")
    db.commit()

    def asked(how: str) -> Any:
        def answer(row: int) -> Answer:
            statement = _statement(bench, row, how)
            if how not in PLANS:
                PLANS[how] = "; ".join(r[3] for r in db.execute("EXPLAIN QUERY PLAN " + statement))
            return [(one, list(parts)) for one, *parts in db.execute(statement)]

        return answer

    return {how: asked(how) for how in ("sqlite_normalised", "sqlite_fts5")}


def _statement(bench: Bench, row: int, how: str) -> str:
    """The same gates and criteria in SQL, from the rarest must-have on."""
    missions, m = bench.index.missions.side, bench.index.missions.base.arrays
    asked, w = missions.skills.of(row), [x / sum(WEIGHTS) for x in WEIGHTS]
    wants = list(zip(asked.skill.tolist(), asked.level.tolist(), asked.must.tolist(), strict=True))
    musts = sorted(((s, lv) for s, lv, must in wants if must), key=lambda x: bench.index.people.side.lists.count(x[0]))
    nices = [s for s, _, must in wants if not must]
    joined = " ".join(f"JOIN ps s{k} ON s{k}.row = p.row AND s{k}.skill = {s}" for k, (s, _) in enumerate(musts))
    if how == "sqlite_fts5":
        words = " AND ".join(f"s{s}" for s, _ in musts)
        first = f"(SELECT rowid AS row FROM f WHERE f MATCH '{words}') c CROSS JOIN p ON p.row = c.row {joined}"  # noqa: S608
    else:
        rest = " ".join(f"CROSS JOIN ps s{k} ON s{k}.row = s0.row AND s{k}.skill = {s}"
                        for k, (s, _) in enumerate(musts) if k)  # fmt: skip
        first = f"ps s0 {rest} CROSS JOIN p ON p.row = s0.row"
    gaps = [f"iif(s{k}.level > 0, max({lv} - s{k}.level, 0), 0)" for k, (_, lv) in enumerate(musts) if lv]
    gap = " + ".join(gaps) or "0"
    nice = f"(SELECT count(*) FROM ps WHERE ps.row = p.row AND ps.skill IN ({','.join(map(str, nices))}))"  # noqa: S608
    spans = " + ".join(f"(s{k}.years >= 0)" for k in range(len(musts)))
    span = " + ".join(f"max(s{k}.years, 0)" for k in range(len(musts)))
    skilled = f"min(({span}) * 1.0 / max({spans}, 1) / 10, 1)"
    starts, remote, asks = int(max(m["starts"][row], TODAY)), int(m["remote"][row]), int(m["languages"][row])
    late = f"iif(p.free > 0, max(max(p.free, {TODAY}) - {starts}, 0), 0)"
    towns, at = missions.store.towns, int(m["place"][row])
    lat, lon = float(towns.table("latitude")[at]), float(towns.table("longitude")[at])
    km = (f"(12742.0 * asin(sqrt(min(1, pow(sin(radians(p.lat - {lat}) / 2), 2) + cos(radians({lat})) * "
          f"cos(radians(p.lat)) * pow(sin(radians(p.lon - {lon}) / 2), 2)))))")  # fmt: skip
    near = f"(1 - max(0, min(1, ({km} - {NEAR_KM}) / {FAR_KM - NEAR_KM})))"
    gates = [f"{late} <= {LATE_GATE}", f"(p.spoken & {asks}) = {asks}"]
    gates += [f"s0.skill = {musts[0][0]}"] if how != "sqlite_fts5" else []
    gates += ["p.remote <> 2"] if remote == 0 else []
    return _SCORED.format(
        w=w, people=first, gates=" AND ".join(gates),
        skills=f"{w[0]} * (0.7 + 0.2 * {nice} / {max(len(nices), 1)}.0 + 0.1 * (1 - ({gap}) * 1.0 / {len(musts)} / 3))",
        rate=f"{w[1]} * iif(p.rate > 0, 1 - max(0, min(1, (p.rate / {float(m['day_budget'][row])} - 1) / 0.3)), 0.5)",
        free=f"{w[2]} * iif(p.free > 0, 0.7 * (1 - min({late} / {LATE_ENDS}.0, 1)) + 0.3 * min(p.days / "
             f"{float(max(m['days_a_week'][row], 1))}, 1), 0.5)",
        years=f"{w[3]} * iif(p.years >= 0, iif({spans} > 0, (min(p.years / 10.0, 1) + {skilled}) / 2, "
              f"min(p.years / 10.0, 1)), 0.5)",
        place=f"{w[4]}" if remote == 2 else f"{w[4]} * iif(p.remote = 2, min({near}, 0.3), {near})", spoken=f"{w[5]}",
    )  # fmt: skip


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
            began = process_time()
            if how == "lists":
                rows = mission_rows(index, person, bounds, among)
            else:
                mine = np.zeros(len(scan.starts) - 1, dtype=bool)
                mine[held] = True
                met = np.bincount(owner[must], weights=mine[skills.skill[must]], minlength=missions.size)
                rows = np.flatnonzero(met >= musts).astype(np.uint32)
            candidates = missions_for(missions.side, person, index.taxonomy, rows, TODAY)
            rank(bench.criteria, candidates, missions.side.ids.of(rows), person.id, rows=rows).best(10)
            times.append(process_time() - began)
    return round(sorted(counted)[100] / sorted(ours)[100], 2)
