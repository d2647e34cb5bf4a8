"""Turns of writers on one SQLite file: a queue beside it, in the order in which they came.

SQLite makes a writer that finds the file busy sleep longer and longer, so that under load some wait for seconds. The
queue only orders the writers: whoever does not get its turn in time goes on, and SQLite decides as ever.
"""

import os
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

STEP = 0.0005  # seconds between two looks of whoever is next; who is further back looks less often
FURTHEST = 8  # places
_PLACES = 1 << 32  # where the bytes begin that stand for places in the queue
_LAST, _NOW = 0, 8  # where the file itself says which place was drawn last, and which has its turn


class Turns:
    """The queue of one database file, between threads and processes. Who dies leaves it: its locks die with it."""

    def __init__(self, database: str) -> None:
        self._file = Path(f"{database}-turns")
        self._threads = threading.Lock()

    def take(self, *, patience: float) -> Callable[[], None]:
        """Wait for a turn, at most ``patience`` seconds, and return what ends it; to be called once or more."""
        end = monotonic() + patience
        if not self._threads.acquire(timeout=patience):
            return _nothing
        stream = self._waited(end)
        over = threading.Lock()

        def finish() -> None:
            if over.acquire(blocking=False):
                if stream is not None:
                    os.close(stream)
                self._threads.release()

        return finish

    def _waited(self, end: float) -> int | None:
        """The open file with our place in it; ``None`` without a turn: the order of processes is then SQLite's."""
        if sys.platform == "win32":
            return None
        try:
            stream = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        try:
            if _had(stream, end):
                return stream
        except OSError:
            pass
        os.close(stream)
        return None


if sys.platform == "linux":
    from fcntl import F_OFD_SETLK, F_RDLCK, F_UNLCK, F_WRLCK, fcntl

    def _byte(stream: int, kind: int, at: int) -> bool:
        """Lock or free one byte for this open file alone; false while another holds it."""
        try:
            fcntl(stream, F_OFD_SETLK, struct.pack("hhqqi", kind, os.SEEK_SET, at, 1, 0))
        except (BlockingIOError, PermissionError):
            return False
        return True

    def _place(stream: int, at: int) -> int:
        return int.from_bytes(os.pread(stream, 8, at), "little") % _PLACES

    def _had(stream: int, end: float) -> bool:
        """Draw a number, hold its byte, and wait until the byte of the number before is free."""
        if not _until(lambda: _byte(stream, F_WRLCK, 0), end):
            return False
        before = _place(stream, _LAST)
        mine = (before + 1) % _PLACES
        os.pwrite(stream, mine.to_bytes(8, "little"), _LAST)
        _byte(stream, F_WRLCK, _PLACES + mine)
        _byte(stream, F_UNLCK, 0)
        if not _until(lambda: _byte(stream, F_RDLCK, _PLACES + before), end, lambda: mine - _place(stream, _NOW)):
            return False
        os.pwrite(stream, mine.to_bytes(8, "little"), _NOW)
        return _byte(stream, F_UNLCK, _PLACES + before)

elif sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, flock

    def _had(stream: int, end: float) -> bool:
        """One lock for all: whoever asks at the right moment has it."""

        def locked() -> bool:
            try:
                flock(stream, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                return False
            return True

        return _until(locked, end)


def _until(done: Callable[[], bool], end: float, places: Callable[[], int] = lambda: 1) -> bool:
    """Look until it is ``done``; the more ``places`` away, the less often, so that a queue costs little while it waits.
    """
    while not done():
        if monotonic() >= end:
            return False
        sleep(STEP * min(max(places(), 1), FURTHEST))
    return True


def _nothing() -> None:
    """No turn was had, none ends."""
