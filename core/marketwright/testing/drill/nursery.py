"""The nursery: one process that has everything imported and forks web, worker and double: a restart takes a moment.

What it forks are processes of their own, started with the command line's own arguments; each can be killed alone. A
fork does not show whether a start from nothing works: a share of the starts are cold ones (``Site.start``).

    python -m marketwright.testing.drill.nursery    reads one JSON a line
"""

import gc
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

PRELOADED = ("alembic", "waitress.server", "marketwright.app", "marketwright.tables", "marketwright.cli.run",
             "marketwright.cli.worker")  # fmt: skip


class Process(Protocol):
    """One process of the site."""

    def kill(self) -> bool:
        """``kill -9``, and wait until it is gone; false when it was gone already."""

    def lives(self) -> bool:
        """Whether it still runs."""


class Cold:
    """A process that was started from nothing."""

    def __init__(self, given: Sequence[str], log: Path, environment: dict[str, str]) -> None:
        with log.open("a") as out:
            self._process = subprocess.Popen(given, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environment)

    def kill(self) -> bool:
        """As in :class:`Process`."""
        there = self.lives()
        self._process.kill()
        self._process.wait()
        return there

    def lives(self) -> bool:
        """As in :class:`Process`."""
        return self._process.poll() is None


class Nursery:
    """The drill's side of it: starts, asks after and kills processes by their id."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with log.open("a") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "marketwright.testing.drill.nursery"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=errors, text=True, env=environment,
            )  # fmt: skip
        self._lock = Lock()

    def ask(self, **order: Any) -> int:
        """Send one order; what it says to it."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            said = self._process.stdout.readline()
        if not said:
            msg = "the nursery has died"
            raise RuntimeError(msg)
        return int(said)

    def warm(self, folder: Path, double: str = "") -> None:
        """Know the site in ``folder`` and the package ``double``: what is read once is not read in each fork."""
        self.ask(warm=str(folder), double=double)

    def start(self, module: str, arguments: Sequence[str], log: Path) -> "Forked":
        """Fork a process that is ``python -m MODULE ARGUMENTS``."""
        return Forked(self, self.ask(module=module, arguments=list(arguments), log=str(log)))

    def close(self) -> None:
        """End it, and with it whatever it forked that still runs."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


class Forked:
    """A process that the nursery has forked."""

    def __init__(self, nursery: Nursery, process: int) -> None:
        self._nursery, self._id = nursery, process

    def kill(self) -> bool:
        """As in :class:`Process`."""
        return bool(self._nursery.ask(kill=self._id))

    def lives(self) -> bool:
        """As in :class:`Process`."""
        return bool(self._nursery.ask(lives=self._id))


def _child(order: dict[str, Any]) -> None:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    silence = os.open(os.devnull, os.O_RDONLY)
    for stream, target in ((0, silence), (1, log), (2, log)):
        os.dup2(target, stream)
    sys.argv = [order["module"], *order["arguments"]]
    runpy.run_module(order["module"], run_name="__main__", alter_sys=True)  # this process is that program from here on


def _fork(order: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _child(order)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  the child ends here, whatever it was
        traceback.print_exc()
    finally:
        os._exit(code)


def _warm(folder: str, double: str) -> int:
    """Build the site once and let it go: its modules, catalogues and page templates stay."""
    from marketwright.app import create_app, open_house
    from marketwright.settings.loader import load_marketplace

    house = open_house(load_marketplace(Path(folder)))
    create_app(house.marketplace, house).test_client().get("/sign-in")
    house.database.dispose()
    if double:
        spec = find_spec(double)
        own = spec is not None and spec.submodule_search_locations is not None
        package = import_module(double if own else double.rpartition(".")[0])  # a module of its own runs afresh
        for found in pkgutil.walk_packages(package.__path__, f"{double}."):
            if own and not found.name.endswith("__main__"):
                with suppress(ImportError):
                    import_module(found.name)
    gc.collect()
    gc.freeze()
    return 1


def _gone(process: int, ours: set[int], *, wait: bool) -> bool:
    """Whether a child is gone. It keeps its id until it is asked after, so nobody else can be meant."""
    if process in ours and os.waitpid(process, 0 if wait else os.WNOHANG)[0]:
        ours.discard(process)
    return process not in ours


def _do(order: dict[str, Any], ours: set[int]) -> int:
    if "kill" in order:
        there = not _gone(order["kill"], ours, wait=False)
        if there:
            os.kill(order["kill"], signal.SIGKILL)
            _gone(order["kill"], ours, wait=True)
        return int(there)
    if "lives" in order:
        return int(not _gone(order["lives"], ours, wait=False))
    if "warm" in order:
        return _warm(order["warm"], order["double"])
    said = _fork(order)
    ours.add(said)
    return said


def serve() -> None:
    """Do what each line asks until there are no more, then end what was started."""
    for name in PRELOADED:
        import_module(name)
    ours: set[int] = set()
    for line in iter(sys.stdin.readline, ""):
        said = _do(json.loads(line), ours)
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()
    for process in list(ours):
        if not _gone(process, ours, wait=False):
            os.kill(process, signal.SIGKILL)
            _gone(process, ours, wait=True)


if __name__ == "__main__":
    serve()
