"""The nursery: one process that has everything imported and forks web and worker, so that a restart takes a moment.

What it forks are processes of their own, started with the command line's own arguments; each can be killed alone.

    python -m marketwright.testing.drill.nursery    reads one JSON a line
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

PRELOADED = ("alembic", "waitress.server", "marketwright.app", "marketwright.tables", "marketwright.cli.run",
             "marketwright.cli.worker")  # fmt: skip


class Nursery:
    """The drill's side of it: starts, asks after and kills processes by their id."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with log.open("a") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "marketwright.testing.drill.nursery"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=errors, text=True, env=environment,
            )  # fmt: skip
        self._lock = Lock()

    def _ask(self, **order: Any) -> int:
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

    def start(self, arguments: Sequence[str], log: Path) -> int:
        """Fork a process that runs ``marketwright ARGUMENTS``; returns its id."""
        return self._ask(arguments=list(arguments), log=str(log))

    def kill(self, process: int) -> bool:
        """``kill -9``, and wait until it is gone; false when it was gone already."""
        return bool(self._ask(kill=process))

    def lives(self, process: int) -> bool:
        """Whether it still runs."""
        return bool(self._ask(lives=process))

    def close(self) -> None:
        """End it, and with it whatever it forked that still runs."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


def _child(order: dict[str, Any]) -> None:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    silence = os.open(os.devnull, os.O_RDONLY)
    for stream, target in ((0, silence), (1, log), (2, log)):
        os.dup2(target, stream)
    sys.argv = ["marketwright", *order["arguments"]]
    import_module("marketwright.cli").main()  # this process is the command line from here on


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


def _gone(process: int, ours: set[int], *, wait: bool) -> bool:
    """Whether a child is gone. It keeps its id until it is asked after, so nobody else can be meant."""
    if process in ours and os.waitpid(process, 0 if wait else os.WNOHANG)[0]:
        ours.discard(process)
    return process not in ours


def serve() -> None:
    """Do what each line asks until there are no more, then end what was started."""
    for name in PRELOADED:
        import_module(name)
    ours: set[int] = set()
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        if "kill" in order:
            there = not _gone(order["kill"], ours, wait=False)
            if there:
                os.kill(order["kill"], signal.SIGKILL)
                _gone(order["kill"], ours, wait=True)
            said = int(there)
        elif "lives" in order:
            said = int(not _gone(order["lives"], ours, wait=False))
        else:
            said = _fork(order)
            ours.add(said)
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()
    for process in list(ours):
        if not _gone(process, ours, wait=False):
            os.kill(process, signal.SIGKILL)
            _gone(process, ours, wait=True)


if __name__ == "__main__":
    serve()
