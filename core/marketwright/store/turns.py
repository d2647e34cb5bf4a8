"""Turns of writers on one SQLite file: a lock beside it that is waited for in small steps.

SQLite makes a writer that finds the file busy sleep longer and longer, so that under load some wait for seconds. The
lock only orders the writers: whoever does not get it in time goes on, and SQLite decides as ever.
"""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

STEP = 0.0005  # seconds


class Turns:
    """The lock of one database file, between threads and processes. Nothing is kept in it, and it dies with them."""

    def __init__(self, database: str) -> None:
        self._file = Path(f"{database}-turns")
        self._threads = threading.Lock()

    def take(self, *, patience: float) -> Callable[[], None]:
        """Wait for a turn, at most ``patience`` seconds, and return what ends it; to be called once or more."""
        end = monotonic() + patience
        if not self._threads.acquire(timeout=patience):
            return _nothing
        stream = self._locked(end)
        over = threading.Lock()

        def finish() -> None:
            if over.acquire(blocking=False):
                if stream is not None:
                    os.close(stream)
                self._threads.release()

        return finish

    def _locked(self, end: float) -> int | None:
        """The open, locked file; ``None`` where it could not be locked: the order of processes is then SQLite's."""
        if sys.platform == "win32":
            return None
        from fcntl import LOCK_EX, LOCK_NB, flock

        try:
            stream = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        while True:
            try:
                flock(stream, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                if monotonic() >= end:
                    os.close(stream)
                    return None
                sleep(STEP)
            except OSError:
                os.close(stream)
                return None
            else:
                return stream


def _nothing() -> None:
    """No turn was had, none ends."""
