"""``marketwright bench``: the ledger, in files of its own; and what plugins cost, as ratios in one run.

Processor time, not the clock on the wall: other work on the machine changes neither side.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli import bench_ledger, bench_matching, bench_search, bench_verify
from marketwright.cli.shared import as_json, show

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from marketwright.web.house import House

FEW, MANY = 6, 20
PEOPLE = 60
OWN = ("core_matching", "commission", "standard_contracts", "evidence", "sandbox", "newcomers")
LIMITS = {"search": 1.05, "start": 1.6, "start_many": 1.5, "help": 8.0}
# The base dependencies that a start imports; alembic, rich and waitress are imported where they are used.
BASE = (
    "argon2, babel, click, flask, flask_sqlalchemy, flask_wtf, jinja2, limits, markdown_it, marshmallow, nh3, "
    "numpy, PIL.Image, pluggy, puremagic, pyotp, segno, sqlalchemy.orm, stdnum.iban"
)
_TOML = """plugins = [{plugins}]
[marketplace]
name = "Bench"
slug = "bench"
stage = "demo"
languages = ["en"]
country = "FR"
currency = "EUR"
[deal]
provider = "{provider}"
"""
_PLUGIN = '''"""A plugin of the bench."""
from datetime import timedelta

from marketwright.plugin import Job, Manifest, hookimpl

manifest = Manifest(name="{name}", summary="A plugin of the bench.", core=">=0.1")


@hookimpl
def register_jobs(settings):
    return [Job("tick", lambda payload, desk: None, every=timedelta(hours=1))]


@hookimpl
def on_event(event, desk):
    pass
'''


@click.group("bench")
def command() -> None:
    """Measure what costs time."""


command.add_command(bench_ledger.command)
command.add_command(bench_verify.command)
command.add_command(bench_matching.command)
command.add_command(bench_search.command)


@command.command()
@as_json
@click.option("--rounds", default=15, show_default=True, type=click.IntRange(3, 200), help="How often each runs.")
@click.pass_context
def plugins(ctx: click.Context, *, as_json: bool, rounds: int) -> None:
    """A search page and a start with 6 and with 20 plugins, `--help`; exit code 1 where a ratio is above its limit."""
    with tempfile.TemporaryDirectory() as scratch:
        measured = {**_search(Path(scratch), rounds), **_starts(Path(scratch), max(3, rounds // 3))}
    rows = [
        {"what": what, "ratio": round(ratio, 3), "limit": LIMITS[what], "good": ratio <= LIMITS[what],
         "milliseconds": round(ms, 1), "against": round(base, 1)}
        for what, (ratio, ms, base) in measured.items()
    ]  # fmt: skip
    show(rows, json_wanted=as_json, empty="")
    ctx.exit(0 if all(r["good"] for r in rows) else 1)


def _folder(root: Path, count: int) -> Path:
    """A marketplace with ``count`` plugins: core's own, and small ones in its folder."""
    folder = root / f"with-{count}"
    names = list(OWN)[:count] + [f"bench_{n}" for n in range(count - len(OWN))]
    for name in names[len(OWN):]:
        package = folder / "plugins" / name / f"marketwright_{name}"
        (package / "templates").mkdir(parents=True)
        (package / "__init__.py").write_text(_PLUGIN.format(name=name), "utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    listed = ", ".join(f'"{n}"' for n in names)
    provider = "sandbox" if "sandbox" in names else ""
    (folder / "marketplace.toml").write_text(_TOML.format(plugins=listed, provider=provider), "utf-8")
    return folder


def _search(root: Path, rounds: int) -> dict[str, tuple[float, float, float]]:
    """The page of freelancers with many plugins against few: one database, turn by turn, each first every other time.

    A page is two hundredths of a start: it is asked for ten times as often, so that its least is as sure.
    """
    with _site(root, FEW, root / "bench.sqlite") as few, _site(root, MANY, root / "bench.sqlite") as many:
        times: dict[int, list[float]] = {FEW: [], MANY: []}
        turn = [(FEW, few), (MANY, many)]
        for _ in range(10 * rounds + 3):
            for count, client in turn:
                times[count].append(_timed(lambda: client.get("/freelancers")))  # noqa: B023
            turn.reverse()
    a, b = min(times[FEW][3:]), min(times[MANY][3:])
    return {"search": (b / a, b * 1000, a * 1000)}


def _timed(work: Callable[[], Any]) -> float:
    began = process_time()
    answered = work()
    took = process_time() - began
    if answered.status_code != 200:
        msg = f"the page answers {answered.status_code}"
        raise click.ClickException(msg)
    return took


@contextmanager
def _site(root: Path, count: int, database: Path) -> "Iterator[FlaskClient]":
    from marketwright.app import build_house, create_app
    from marketwright.settings.loader import load_marketplace

    marketplace = replace(load_marketplace(_folder(root, count)), database_url=f"sqlite:///{database}")
    fresh = not database.is_file()
    house = build_house(marketplace)
    if fresh:
        import marketwright.tables  # noqa: F401  every room's tables

        house.database.create_schema()
        _people(house)
    app = create_app(marketplace, house)
    app.config["RATELIMIT_ENABLED"] = False
    yield app.test_client()
    house.database.dispose()


def _people(house: "House") -> None:
    from marketwright.features.accounts import service as accounts
    from marketwright.features.profiles import service as profiles
    from marketwright.kernel.actors import system

    with house.database.unit(system("bench")) as uow:
        for number in range(PEOPLE):
            account = accounts.create_account(
                uow, email=f"p{number}@example.org", name=f"Person {number}", locale="en", is_freelancer=True
            )
            profiles.create_profile(uow, account=account, headline=f"Does the work number {number}", visible=True)
        uow.commit()


def _starts(root: Path, rounds: int) -> dict[str, tuple[float, float, float]]:
    """Whole processes: importing the base dependencies, a start with core's own and with many plugins, `--help`."""
    start = "from marketwright import create_app; create_app({!r})"
    programs = {
        "bare": ["-c", "pass"], "base": ["-c", f"import {BASE}"], "help": ["-m", "marketwright", "--help"],
        "none": ["-c", start.format(str(_folder(root / "starts", 0)))],
        "many": ["-c", start.format(str(_folder(root / "starts", MANY)))],
    }  # fmt: skip
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds + 1):
        for name, words in programs.items():
            times[name].append(_processor_time(words, root / "bytecode"))
    least = {name: min(found[1:]) * 1000 for name, found in times.items()}
    return {
        "start": (least["none"] / least["base"], least["none"], least["base"]),
        "start_many": (least["many"] / least["none"], least["many"], least["none"]),
        "help": (least["help"] / least["bare"], least["help"], least["bare"]),
    }


def _processor_time(words: list[str], bytecode: Path) -> float:
    """Seconds of processor time of one process, with compiled modules at hand (the first round compiles them)."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = [sys.executable, *words]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603  our own interpreter
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
