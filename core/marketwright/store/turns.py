"""Turns of writers on one SQLite file: a queue beside it, in the order in which they came.

SQLite makes a writer that finds the file busy sleep longer and longer, so that under load some wait for seconds. The
queue only orders the writers: whoever does not get its turn in time goes on, and SQLite decides as ever.

A process that comes back at once may have a few turns in a row: what it has read of the file still holds for it, and
it need not be woken, while the next must be woken and read anew.
"""

import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

STEP = 0.0005  # seconds between two looks where nobody is told that it is their turn
UNTOLD = 0.05  # seconds between two looks of whoever is told: the one before may have died
FIRST = 0.002  # the same of whoever is first: one who did not tell because it meant to come back may be gone
ROW, ROW_SECONDS = 5, 0.002  # turns that a process may have while others wait, and for how long it may begin another
BACK = 0.0005  # seconds within which it has to come back for the next of them
_PLACES = 1 << 32  # where the bytes begin that stand for places in the queue
_LAST, _HEAD = 0, 8  # where the file itself says which place was drawn last, and which is first (0: none)
_DRAW, _FLOOR = 0, 16  # the bytes whose lock lets draw a place, and write


class Turn:
    """A turn that was had, or none: where there was none, nothing ends."""

    __slots__ = ("_over", "_stream", "_turns")

    def __init__(self, turns: "Turns | None" = None, stream: int | None = None) -> None:
        self._turns, self._stream, self._over = turns, stream, threading.Lock()

    def end(self) -> None:
        """Let the next have it; may be said again."""
        if self._turns is not None and self._over.acquire(blocking=False):
            self._turns.ended(self._stream)


class Turns:
    """The queue of one database file, between threads and processes. Who dies leaves it: its locks die with it."""

    def __init__(self, database: str) -> None:
        self._file = Path(f"{database}-turns")
        self._threads = threading.Lock()
        self._row, self._begun, self._end, self._quick = 0, 0.0, float("-inf"), False
        self._back = False  # whether nobody was told of the end of the last one

    def take(self, *, patience: float) -> Turn:
        """Wait for a turn, at most ``patience`` seconds; without one the order is SQLite's."""
        end = monotonic() + patience
        if not self._threads.acquire(timeout=patience):
            return Turn()
        self._quick = monotonic() - self._end < BACK
        return Turn(self, self._waited(end))

    def ended(self, stream: int | None) -> None:
        """The turn on ``stream`` is over."""
        self._back = stream is not None and self._may_go_on()
        try:
            if stream is not None:
                _leave(stream, back=self._back)
        finally:
            self._end = monotonic()
            self._threads.release()

    def _may_go_on(self) -> bool:
        return self._quick and self._row < ROW and monotonic() - self._begun < ROW_SECONDS

    def _waited(self, end: float) -> int | None:
        if sys.platform == "win32":
            return None
        try:
            stream = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        try:
            if self._back and self._quick and _floor(stream):
                self._row += 1
                return stream
            if self._back:
                _wake(stream)
            if _queued(stream, end):
                self._row, self._begun = 1, monotonic()
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

    def _note(stream: int, at: int, place: int) -> None:
        os.pwrite(stream, place.to_bytes(8, "little"), at)

    def _floor(stream: int) -> bool:
        """Whether we may write now."""
        return _byte(stream, F_WRLCK, _FLOOR)

    def _queued(stream: int, end: float) -> bool:
        """Draw a number, hold its byte, wait until the byte of the number before is free, and then for the floor."""
        if not _place(stream, _HEAD) and _floor(stream):
            return True
        if not _until(lambda: _byte(stream, F_WRLCK, _DRAW), end):
            return False
        before = _place(stream, _LAST)
        mine = before % (_PLACES - 1) + 1  # none is 0
        _note(stream, _LAST, mine)
        _byte(stream, F_WRLCK, _PLACES + mine)
        _byte(stream, F_UNLCK, _DRAW)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            told = _listening(ear, _bell(stream, mine))
            if not told(lambda: _byte(stream, F_RDLCK, _PLACES + before), end, UNTOLD):
                return False
            _note(stream, _HEAD, mine)
            had = told(lambda: _floor(stream), end, FIRST)
            _note(stream, _HEAD, 0)
            _byte(stream, F_UNLCK, _PLACES + mine)
            if _place(stream, _LAST) != mine:
                _tell(ear, _bell(stream, mine % (_PLACES - 1) + 1))
        return had

    def _leave(stream: int, *, back: bool) -> None:
        """Give the floor up and tell the first in the queue; if we are ``back`` at once, it looks soon enough."""
        _byte(stream, F_UNLCK, _FLOOR)
        if not back:
            _wake(stream)  # whoever is first from now on finds the floor free
        os.close(stream)

    def _wake(stream: int) -> None:
        """Tell the first in the queue, if there is one."""
        head = _place(stream, _HEAD)
        if head:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mouth:  # no file left: it looks
                _tell(mouth, _bell(stream, head))

    def _bell(stream: int, place: int) -> str:
        """Where whoever has ``place`` in the queue of this file listens: a name of the machine, no file."""
        file = os.fstat(stream)
        return f"\0marketwright-turn-{file.st_dev:x}-{file.st_ino:x}-{place}"

    def _listening(ear: socket.socket, bell: str) -> Callable[[Callable[[], bool], float, float], bool]:
        """What sleeps until it is told, and looks: what is told is a hint, the lock alone says whose turn it is."""
        try:
            ear.bind(bell)
        except OSError:  # somebody took the name: no turn is lost by it
            return _until

        def told(free: Callable[[], bool], end: float, step: float) -> bool:
            while not free():
                left = end - monotonic()
                if left <= 0:
                    return False
                ear.settimeout(min(left, step))
                with suppress(TimeoutError):
                    ear.recv(1)
            return True

        return told

    def _tell(mouth: socket.socket, bell: str) -> None:
        mouth.settimeout(0)
        with suppress(OSError):
            mouth.sendto(b".", bell)  # refused where nobody listens

elif sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, flock

    def _floor(stream: int) -> bool:
        """Whether we may write now: one lock for all, and whoever asks at the right moment has it."""
        try:
            flock(stream, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _queued(stream: int, end: float) -> bool:
        return _until(lambda: _floor(stream), end)

    def _leave(stream: int, *, back: bool) -> None:  # noqa: ARG001
        os.close(stream)

    def _wake(stream: int) -> None:
        """Nobody is told: all look."""


def _until(done: Callable[[], bool], end: float, step: float = STEP) -> bool:
    """Look again and again until it is ``done``; false where it was not by ``end``."""
    while not done():
        if monotonic() >= end:
            return False
        sleep(min(step, STEP))
    return True
