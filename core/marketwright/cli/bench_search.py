"""``marketwright bench search``: the search page over HTTP beside a bare 'hello' under the same server, in one run."""

import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

import click

from marketwright.cli.shared import as_json, print_json

HOST, START, LONGEST = "127.0.0.1", 120.0, 600.0  # seconds a server may take to start; an index is rebuilt at most
FILE = "matching.index"
HELLO = """import sys
from flask import Flask
from waitress.server import create_server
app = Flask("hello")
app.add_url_rule("/", view_func=lambda: "hello")
create_server(app, host="127.0.0.1", port=int(sys.argv[1]), threads=4, ident=None).run()
"""
KINDS = ("whole", "cached", "uncached")
PAGES = ("/freelancers", "/freelancers?sort=rate_up", "/freelancers?lang=fr", "/missions", "/how-we-rank")


@click.command("search")
@as_json
@click.option("--profiles", default=50_000, show_default=True, type=click.IntRange(60, 2_000_000), help="In the base.")
@click.option("--requests", "count", default=200, show_default=True, type=click.IntRange(5, 5000), help="Of each kind.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Of the synthetic base.")
@click.option("--rebuild/--no-rebuild", default=True, show_default=True, help="Ask for pages during a rebuild too.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the site here for other runs.")
def command(*, profiles: int, count: int, seed: int, rebuild: bool, folder: Path | None, as_json: bool) -> None:
    """Search pages a second as a share of a bare Flask 'hello', memory of a web worker, and pages during a rebuild."""
    found = measure(profiles, count, seed, folder, rebuild=rebuild)
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name}: {value}")


def measure(profiles: int, count: int, seed: int, folder: Path | None, *, rebuild: bool = True) -> dict[str, Any]:
    """All figures of one run."""
    from marketwright.cli.bench_site import make_site

    with ExitStack() as stack:
        root = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site = root / f"site-{profiles}-{seed}"
        made = make_site(site, profiles, seed)
        hello = stack.enter_context(_serving(["-c", HELLO], "/", root))
        ours = stack.enter_context(_serving(["-m", "marketwright", "-C", str(site), "run", "--port"], "/sign-in", site))
        before = _own(ours.process)["own"]
        began = perf_counter()
        _get(ours, "/freelancers")
        first = perf_counter() - began
        times = _race(hello, ours, count, profiles)
        found: dict[str, Any] = {
            "profiles": profiles, "requests": count, "seed": seed, **made, "first_s": round(first, 2),
            **{f"{name}_p50_ms": round(_middle(some) * 1000, 3) for name, some in times.items()},
        }  # fmt: skip
        held = _own(ours.process)
        found |= {"own_mb": round((held["own"] - before) / 1e6, 1), "mapped_mb": round(held["mapped"] / 1e6, 1)}
        if rebuild:
            found |= _during_rebuild(ours, site)
        middle = {name: _middle(some) for name, some in times.items()}
        return {**found, "ratios": {n: round(middle["hello"] / middle[n], 3) for n in KINDS}}


class _Server:
    """One process that answers, and one connection to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port
        self.connection = HTTPConnection(HOST, port, timeout=START)


def _get(server: _Server, path: str) -> int:
    server.connection.request("GET", path, headers={"Accept-Language": "en"})
    answer = server.connection.getresponse()
    answer.read()
    return answer.status


def _race(hello: _Server, ours: _Server, count: int, profiles: int) -> dict[str, list[float]]:
    """Seconds of each request, the kinds in turn.

    ``whole`` is one page again and again, as visitors see it; ``cached`` the same cards on a page that nobody asked for
    before (a word that means nothing keeps the whole page from being found), as members see it; ``uncached`` are pages
    whose cards nobody saw.
    """
    times: dict[str, list[float]] = {kind: [] for kind in ("hello", *KINDS)}
    last = max(profiles // 20 - 1, 1)
    for k in range(-3, count):
        asked = {"hello": (hello, "/"), "whole": (ours, "/freelancers"), "cached": (ours, f"/freelancers?x={k}"),
                 "uncached": (ours, f"/freelancers?page={2 + (k + 3) % last}")}  # fmt: skip
        for name, (server, path) in asked.items():
            began = perf_counter()
            status = _get(server, path)
            took = perf_counter() - began
            if status != 200:
                msg = f"{path} answers {status}"
                raise click.ClickException(msg)
            if k >= 0:
                times[name].append(took)
    return times


def _during_rebuild(ours: _Server, site: Path) -> dict[str, Any]:
    """Whether every page answers while the index is made anew, and how long the slowest took."""
    words = [sys.executable, "-m", "marketwright", "-C", str(site), "index", "build", "--fresh"]
    slowest, answered, failed = 0.0, 0, 0
    began = monotonic()
    building = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  our own
    try:
        while building.poll() is None and monotonic() - began < LONGEST:
            for path in PAGES:
                asked = perf_counter()
                failed += _get(ours, path) != 200
                slowest = max(slowest, perf_counter() - asked)
                answered += 1
        whole = building.poll() == 0
    finally:
        if building.poll() is None:
            building.terminate()
        building.wait(timeout=30)
    failed += sum(_get(ours, path) != 200 for path in PAGES)
    return {"rebuild_finished": whole, "rebuild_answers": answered, "rebuild_failures": failed,
            "rebuild_slowest_ms": round(slowest * 1000, 1)}  # fmt: skip


@contextmanager
def _serving(words: list[str], path: str, folder: Path) -> Iterator[_Server]:
    """``words`` and a free port as a process of this interpreter, once it answers at ``path``."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    log = folder / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, *words, str(port)], stdout=said, stderr=said)  # noqa: S603  our own
    server = _Server(process, port)
    try:
        ends = monotonic() + START
        while True:
            try:
                if _get(server, path) == 200:
                    break
            except OSError:
                server.connection.close()
            if process.poll() is not None or monotonic() > ends:
                msg = f"a server did not start: {log.read_text('utf-8', 'replace')[-500:]}"
                raise click.ClickException(msg)
            sleep(0.1)
        yield server
    finally:
        server.connection.close()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _own(process: "subprocess.Popen[bytes]") -> dict[str, int]:
    """Bytes of memory that are a process's own; 0 where the system does not say.

    ``mapped`` are pages of the index file as it lies on the disk: all workers of the machine have them in common, and
    the system takes them back when it needs them. Those that a worker wrote to are its own.
    """
    found, name = {"own": 0, "mapped": 0}, ""
    try:
        said = Path(f"/proc/{process.pid}/smaps").read_text("utf-8", "replace")
    except OSError:
        return found
    for line in said.splitlines():
        head, _, rest = line.partition(" ")
        if not head.endswith(":"):
            name = rest
        elif head == "Private_Dirty:" or (head == "Private_Clean:" and not name.endswith(FILE)):
            found["own"] += 1024 * int(rest.split()[0])
        elif head in ("Private_Clean:", "Shared_Clean:") and name.endswith(FILE):
            found["mapped"] += 1024 * int(rest.split()[0])
    return found


def _middle(some: list[float]) -> float:
    return sorted(some)[len(some) // 2]


__all__ = ["command", "measure"]
