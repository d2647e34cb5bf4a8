"""``marketwright bench matching``: the engine as the site runs it beside a full scan and SQL, in one run."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli.shared import as_json, print_json
from marketwright.kernel.frozen import dataclass

if TYPE_CHECKING:
    from marketwright.cli.bench_base import Base
    from marketwright.features.matching.index import Index
    from marketwright.features.matching.parts import Part
    from marketwright.features.matching.ranking import Criterion

TOP, FINENESS, WARM = 20, 3e-6, 45
# Processor time where something is ranked, not the clock on the wall: other work on the machine changes neither side.
Answer = list[tuple[str, list[float]]]  # ids best first, each with the contribution of every criterion


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured."""

    base: "Base"
    index: "Index"
    criteria: "tuple[Criterion, ...]"
    rows: list[int]


@click.command("matching")
@as_json
@click.option("--profiles", default=50_000, show_default=True, type=click.IntRange(100), help="People in the base.")
@click.option("--missions", default=200, show_default=True, type=click.IntRange(1), help="Missions ranked for.")
@click.option("--seed", default=1, show_default=True, help="Of the synthetic base.")
@click.option("--growth", default=0, help="Measure the engine with so many people too, and how it grows.")
@click.option("--sql/--no-sql", default=True, show_default=True, help="Fill and time SQLite too.")
def command(*, as_json: bool, profiles: int, missions: int, seed: int, growth: int, sql: bool) -> None:
    """Rank people for missions in every engine alike; the JSON has ``mismatches`` and ``ratios``."""
    found = measure(profiles, missions, seed, growth=growth, sql=sql)
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name}: {value}")


def measure(profiles: int, missions: int, seed: int, *, growth: int, sql: bool) -> dict[str, Any]:
    """All figures of one run."""
    from marketwright.cli import bench_rivals

    with tempfile.TemporaryDirectory() as scratch:
        bench, found = _open(Path(scratch), profiles, max(missions, 2), seed)
        rivals: dict[str, Callable[[int], Answer]] = {
            "engine": lambda row: engine(bench, row), "fused": bench_rivals.Fused(bench).answer,
            "scan": bench_rivals.Scan(bench).answer,
        }  # fmt: skip
        if sql:
            rivals |= bench_rivals.sqlite(bench, Path(scratch))
        times, mismatches = _race(rivals, bench.rows)
        found["mismatches"] = mismatches
        found["engines"] = {name: _spread(some) for name, some in times.items()}
        found["reasons_ms"] = _reasons(bench)
        ratios = {"mismatches": mismatches, "door": _ratio(times, "fused", "engine", 50, inverse=True)}
        rivals_of_sql = [n for n in times if n.startswith("sqlite")]
        if rivals_of_sql:
            ratios["sql_p50"] = min(_ratio(times, n, "engine", 50) for n in rivals_of_sql)
            ratios["sql_p99"] = min(_ratio(times, n, "engine", 99) for n in rivals_of_sql)
        ratios |= {k: found[k] for k in ("bytes_per_posting", "bytes_per_profile", "open_ms")}
        ratios["pending"], found["update_ms"] = _pending(bench, seed)
        ratios["reverse"] = bench_rivals.reverse(bench, seed)
        if growth:
            big, grown = _open(Path(scratch) / "more", growth, max(missions, 2), seed)
            more, _ = _race({"engine": lambda row: engine(big, row)}, big.rows)
            found["growth"] = {"engine": _spread(more["engine"]), **grown}
            for at in (50, 99):
                ratios[f"growth_p{at}"] = round(_percentile(more["engine"], at) / _percentile(times["engine"], at), 2)
        found["ratios"] = ratios
        found["plans"] = bench_rivals.PLANS
        return found


def _open(folder: Path, profiles: int, missions: int, seed: int) -> tuple[Bench, dict[str, Any]]:
    from marketwright.cli.bench_base import make_base
    from marketwright.features.matching.flatfile import open_file, write
    from marketwright.features.matching.index import index_of
    from marketwright.features.matching.parts import Part

    base = make_base(profiles, missions, seed)
    began = perf_counter()
    people, wanted = base.merged()
    merged = perf_counter() - began
    path = folder / "bench.index"
    arrays = {f"{k}/{n}": a for k, part in (("p", people), ("m", wanted)) for n, a in part.arrays.items()}
    write(path, {"p": people.meta, "m": wanted.meta}, arrays)
    built = perf_counter() - began
    began = perf_counter()
    flat = open_file(path)
    sides = [Part(flat.meta[k], {n[2:]: a for n, a in flat.arrays.items() if n[0] == k}) for k in "pm"]
    index = index_of(base.taxonomy, *sides)
    opened = (perf_counter() - began) * 1000
    figures = {
        "profiles": profiles, "missions": missions, "seed": seed, "build_s": round(built, 2),
        "merge_s": round(merged, 2), "open_ms": round(opened, 2), **_bytes(sides[0]),
    }  # fmt: skip
    return Bench(base, index, _criteria(), list(range(missions))), figures


def _criteria() -> "tuple[Criterion, ...]":
    """The bundled criteria, each an entry of the door as in a site of its own."""
    from importlib.metadata import entry_points

    from marketwright.hooks.manager import Entry

    (found,) = [e for e in entry_points(group="marketwright.plugins") if e.name == "core_matching"]
    plugin = found.load()
    settings = plugin.manifest.settings().load({})
    desk: Any = type("Desk", (), {"currency": "EUR"})()
    return tuple(Entry("core_matching", c(settings, desk)) for c in plugin.register_matching_criteria(settings))


def _bytes(people: "Part") -> dict[str, float]:
    a, n = people.arrays, people.size
    postings = len(a["list.rows"])
    room = len(a["id"])
    columns = [name for name, array in a.items() if "." not in name and len(array) == room]
    each = sum(a[name].dtype.itemsize for name in columns) + 4  # and the order of ids
    lists = a["list.rows"].nbytes + a["list.words"].nbytes
    return {
        "postings": postings, "bytes_per_posting": round(lists / postings, 2), "bytes_per_profile": each,
        "dense_bytes_per_profile": len(a["list.dense"]), "size_of_file_columns": int(each * n),
    }  # fmt: skip


def engine(bench: Bench, row: int) -> Answer:
    """The best for one mission, as its page asks for them."""
    from marketwright.cli.bench_base import TODAY
    from marketwright.features.matching.columns import wanted_of
    from marketwright.features.matching.relaxing import matches_of

    ranking = matches_of(bench.index, wanted_of(bench.index.missions.side, row, TODAY), bench.criteria, TODAY, TOP)
    best = ranking.best(TOP)
    return list(zip(ranking.texts(best), ranking.contributions(best), strict=True))


def _race(rivals: dict[str, Callable[[int], Answer]], rows: Sequence[int]) -> tuple[dict[str, list[float]], int]:
    """Every rival ranks for every mission in turn; whoever differs from the scan is counted."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    mismatches = 0
    for rival in rivals.values():
        for row in rows[:WARM]:
            rival(row)
    for row in rows:
        answers: dict[str, Answer] = {}
        for name, rival in rivals.items():
            began = process_time()
            answers[name] = rival(row)
            times[name].append((process_time() - began) * 1000)
        if "scan" in answers:
            mismatches += sum(not _same(answers["scan"], answers[n]) for n in answers if n != "scan")
    return times, mismatches


def _same(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same to a few millionths: equal scores may stand in another order."""
    a, b = [sum(parts) for _, parts in one], [sum(parts) for _, parts in other]
    return len(a) == len(b) and all(abs(x - y) < FINENESS for x, y in zip(a, b, strict=True))


def _percentile(some: Sequence[float], at: int) -> float:
    ordered = sorted(some)
    return ordered[min(len(ordered) - 1, len(ordered) * at // 100)]


def _spread(some: Sequence[float]) -> dict[str, float]:
    return {f"p{at}_ms": round(_percentile(some, at), 3) for at in (50, 99)}


def _ratio(times: dict[str, list[float]], over: str, under: str, at: int, *, inverse: bool = False) -> float:
    found = _percentile(times[over], at) / _percentile(times[under], at)
    return round(1 / found if inverse else found, 2)


def _reasons(bench: Bench) -> float:
    """The reasons of the first twenty, milliseconds, the middle of all missions."""
    from marketwright.cli.bench_base import TODAY
    from marketwright.features.matching.columns import wanted_of
    from marketwright.features.matching.relaxing import matches_of

    times = []
    for row in bench.rows:
        ranking = matches_of(bench.index, wanted_of(bench.index.missions.side, row, TODAY), bench.criteria, TODAY)
        best = ranking.best(TOP).tolist()
        began = process_time()
        ranking.explain(best)
        times.append((process_time() - began) * 1000)
    return round(_percentile(times, 50), 3)


def _pending(bench: Bench, seed: int) -> tuple[float, float]:
    """The engine with 5,000 changes that are not merged against none, and what one change costs, milliseconds."""
    from marketwright.cli.bench_base import make_base
    from marketwright.features.matching.index import renewed

    count = min(5000, bench.index.people.size // 10, len(bench.index.people.all_shown) - bench.index.people.size)
    part = make_base(count, 2, seed + 7).people
    gone = bench.index.people.side.ids[: bench.index.people.size : max(1, bench.index.people.size // count)][:count]
    plain: list[float] = []
    times: list[float] = []
    for row in bench.rows:
        began = process_time()
        engine(bench, row)
        plain.append((process_time() - began) * 1000)
    began = process_time()
    people: Any = renewed(bench.index.people, set(gone), part)
    update = (process_time() - began) * 1000 / count
    changed = replace(bench, index=replace(bench.index, people=people))
    for row in bench.rows:
        began = process_time()
        engine(changed, row)
        times.append((process_time() - began) * 1000)
    return round(_percentile(times, 50) / _percentile(plain, 50), 2), round(update, 4)

