"""Turns of writers on one SQLite file: a queue beside it, in the order in which they came.

SQLite makes a writer that finds the file busy sleep longer and longer, so that under load some wait for seconds. The
queue only orders the writers: whoever does not get its turn in time goes on, and SQLite decides as ever.
"""

import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic, sleep

STEP = 0.0005  # seconds between two looks where nobody is told that it is their turn
UNTOLD = 0.01  # seconds between two looks of whoever is told: the one before may have died
_PLACES = 1 << 32  # where the bytes begin that stand for places in the queue
_LAST = 0  # where the file itself says which place was drawn last


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
        leave = self._waited(end)
        over = threading.Lock()

        def finish() -> None:
            if over.acquire(blocking=False):
                leave()
                self._threads.release()

        return finish

    def _waited(self, end: float) -> Callable[[], None]:
        """What gives our place in the queue of processes up; without a turn there the order is SQLite's."""
        if sys.platform == "win32":
            return _nothing
        try:
            stream = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return _nothing
        try:
            leave = _queued(stream, end)
        except OSError:
            leave = None
        if leave is None:
            os.close(stream)
            return _nothing
        return leave


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

    def _queued(stream: int, end: float) -> Callable[[], None] | None:
        """Draw a number, hold its byte, and wait until the byte of the number before is free."""
        if not _until(lambda: _byte(stream, F_WRLCK, 0), end):
            return None
        before = _place(stream, _LAST)
        mine = (before + 1) % _PLACES
        os.pwrite(stream, mine.to_bytes(8, "little"), _LAST)
        _byte(stream, F_WRLCK, _PLACES + mine)
        _byte(stream, F_UNLCK, 0)

        def free() -> bool:
            return _byte(stream, F_RDLCK, _PLACES + before)

        if not free() and not _told(_bell(stream, mine), free, end):
            return None
        _byte(stream, F_UNLCK, _PLACES + before)
        after = _bell(stream, (mine + 1) % _PLACES)

        def leave() -> None:
            os.close(stream)
            _tell(after)

        return leave

    def _bell(stream: int, place: int) -> str:
        """Where whoever has ``place`` in the queue of this file listens: a name of the machine, no file."""
        file = os.fstat(stream)
        return f"\0marketwright-turn-{file.st_dev:x}-{file.st_ino:x}-{place}"

    def _told(bell: str, free: Callable[[], bool], end: float) -> bool:
        """Sleep until the one before tells, and look: what is told is a hint, the lock alone says whose turn it is."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            try:
                ear.bind(bell)
            except OSError:  # somebody took the name: no turn is lost by it
                return _until(free, end)
            while not free():
                left = end - monotonic()
                if left <= 0:
                    return False
                ear.settimeout(min(left, UNTOLD))
                with suppress(TimeoutError):
                    ear.recv(1)
        return True

    def _tell(bell: str) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as mouth:
            mouth.sendto(b".", bell)  # refused where nobody waits

elif sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, flock

    def _queued(stream: int, end: float) -> Callable[[], None] | None:
        """One lock for all: whoever asks at the right moment has it."""

        def locked() -> bool:
            try:
                flock(stream, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                return False
            return True

        return partial(os.close, stream) if _until(locked, end) else None


def _until(done: Callable[[], bool], end: float) -> bool:
    """Look again and again until it is ``done``; false where it was not by ``end``."""
    while not done():
        if monotonic() >= end:
            return False
        sleep(STEP)
    return True


def _nothing() -> None:
    """No turn was had, none ends."""
