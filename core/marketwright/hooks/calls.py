"""Calling a plugin so that whatever it does costs only itself: a thread of its own, a time limit, counters.

A call that hangs is left behind in its thread, and the caller goes on. A plugin with several calls left behind is not
called again until one of them comes back.
"""

import os
import queue
import threading
from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import field
from datetime import UTC, datetime
from time import perf_counter, sleep
from typing import Any

from marketwright.kernel.errors import MarketwrightError, PluginFailed
from marketwright.kernel.frozen import dataclass

LIMIT = 5.0  # seconds for a call that people wait for
LIMITS: dict[str, float] = {
    # what may ask an outside service
    "execute": 20.0, "lookup": 20.0, "objects": 45.0, "balance": 20.0, "check": 20.0, "read": 10.0, "start": 20.0,
    "resume": 20.0,
    # what runs in the worker, within the lease of its job
    "on_event": 45.0, "job": 45.0, "export": 45.0, "erase": 45.0, "send": 45.0,
}  # fmt: skip
QUICK, TRUSTED = 0.2, 40  # seconds of a quick call; calls in a row after which it is not watched any more
MOST_LEFT = 4  # calls of one plugin that may hang at the same time


@dataclass
class Meter:
    """How often one hook of one plugin was called, how long it took in all and at most (seconds), how it failed."""

    calls: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    errors: int = 0
    last_error: str = ""
    last_error_at: datetime | None = None


@dataclass
class Meters:
    """The counters of one application's plugins, by (plugin, what), and the calls that hang by plugin.

    ``hung`` are those of them that were made in turn, by (plugin, which).
    """

    by_hook: dict[tuple[str, str], Meter] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    hung: dict[tuple[str, str], int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    quick: dict[tuple[str, str], int] = field(default_factory=dict)  # calls in a row, by (plugin, which)
    troubled: bool = False  # whether something failed since they were last taken

    def note(self, plugin: str, what: str, seconds: float, error: str = "") -> None:
        """Count one call."""
        with self.lock:
            meter = self.by_hook.setdefault((plugin, what), Meter())
            meter.calls += 1
            meter.seconds += seconds
            meter.longest = max(meter.longest, seconds)
            if error:
                self.troubled = True
                meter.errors += 1
                meter.last_error, meter.last_error_at = error[:500], datetime.now(UTC)

    def note_quick(self, plugin: str, what: str, calls: int, seconds: float, longest: float) -> None:
        """Count several calls that all went well, ``seconds`` in all."""
        with self.lock:
            meter = self.by_hook.get((plugin, what))
            if meter is None:
                meter = self.by_hook[plugin, what] = Meter()
            meter.calls += calls
            meter.seconds += seconds
            if longest > meter.longest:
                meter.longest = longest

    def take(self) -> dict[tuple[str, str], Meter]:
        """What was counted since the last time this was asked."""
        with self.lock:
            found, self.by_hook, self.troubled = self.by_hook, {}, False
        return found

    def give_back(self, taken: dict[tuple[str, str], Meter]) -> None:
        """Count again what could not be kept."""
        with self.lock:
            for key, old in taken.items():
                new = self.by_hook.setdefault(key, Meter())
                new.calls, new.seconds, new.errors = (
                    new.calls + old.calls, new.seconds + old.seconds, new.errors + old.errors
                )
                new.longest = max(new.longest, old.longest)
                if not new.last_error_at:
                    new.last_error, new.last_error_at = old.last_error, old.last_error_at

    def hang(self, plugin: str, by: int, which: str = "") -> int:
        """Count calls that hang; returns how many of ``plugin`` do now."""
        with self.lock:
            self.left[plugin] = self.left.get(plugin, 0) + by
            if which:
                self.hung[plugin, which] = self.hung.get((plugin, which), 0) + by
            return self.left[plugin]


class Overdue(Exception):
    """The call did not come back in time."""


@dataclass
class _Call:
    work: Callable[[], Any]
    context: Context
    done: threading.Lock = field(default_factory=threading.Lock)
    result: Any = None
    error: BaseException | None = None
    late: Callable[[], None] | None = None
    guard: threading.Lock = field(default_factory=threading.Lock)
    over: bool = False


class _Threads:
    """Daemon threads that wait for calls; one that hangs is simply missing until it comes back."""

    def __init__(self) -> None:
        self._idle: list[queue.SimpleQueue[_Call]] = []

    def run(self, work: Callable[[], Any], limit: float, late: Callable[[], None]) -> Any:
        """The result of ``work`` within ``limit`` seconds, or :class:`Overdue`; ``late`` is called if it ends after."""
        call = _Call(work, copy_context())
        call.done.acquire()
        try:
            box = self._idle.pop()
        except IndexError:
            box = queue.SimpleQueue()
            threading.Thread(target=self._serve, args=(box,), daemon=True, name="plugin").start()
        box.put(call)
        if not call.done.acquire(timeout=limit):
            with call.guard:
                if not call.over:
                    call.late = late
                    raise Overdue
        if call.error is not None:
            raise call.error
        return call.result

    def _serve(self, box: "queue.SimpleQueue[_Call]") -> None:
        while True:
            call = box.get()
            try:
                call.result = call.context.run(call.work)
            except BaseException as error:  # noqa: BLE001  sys.exit() in a plugin ends the call, not the site
                call.error = error
            with call.guard:
                call.over, late = True, call.late
            if len(self._idle) < _KEPT:
                self._idle.append(box)
                box_kept = True
            else:
                box_kept = False
            call.done.release()
            if late is not None:
                late()
            del call
            if not box_kept:
                return


    def forget(self) -> None:
        """Know of no thread: those of a process are not in its forks."""
        self._idle = []


_KEPT = 16
_THREADS = _Threads()
os.register_at_fork(after_in_child=_THREADS.forget)


def call(meters: Meters, plugin: str, what: str, work: Callable[[], Any], limit: float | None = None) -> Any:
    """``work`` of ``plugin``, counted and within its limit; ``PluginFailed`` when it does not come back in time."""
    if meters.left.get(plugin, 0) >= MOST_LEFT:
        raise PluginFailed(plugin, what, f"{MOST_LEFT} of its calls hang; it is asked again when one comes back",
                           late=True)  # fmt: skip
    seconds = LIMITS.get(what.partition(" ")[0], LIMIT) if limit is None else limit
    began, error = perf_counter(), ""
    try:
        return _THREADS.run(work, seconds, lambda: _came_back(meters, plugin))
    except Overdue as late:
        error = f"no answer within {seconds:g} s"
        meters.hang(plugin, 1)
        raise PluginFailed(plugin, what, error, late=True) from late
    except MarketwrightError as raised:
        error = str(raised) if raised.status >= 500 else ""
        raise
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
        raise
    except BaseException as raised:
        error = f"{type(raised).__name__}: {raised}"
        raise PluginFailed(plugin, what, error) from raised
    finally:
        meters.note(plugin, what, perf_counter() - began, error)


def _came_back(meters: Meters, plugin: str) -> None:
    meters.hang(plugin, -1)


@dataclass(frozen=True, slots=True)
class Question:
    """One call of several that are made in turn."""

    meters: Meters
    plugin: str
    what: str
    which: str  # of the plugin's strategies
    work: Callable[[], Any]

    @property
    def trusted(self) -> bool:
        """Whether it was quick so often that nobody watches it."""
        return trusted(self.meters, self.plugin, self.which)

    def took(self, seconds: float, error: str) -> None:
        """Count the call; one slow or failed call, and it is watched again."""
        self.meters.note(self.plugin, self.what, seconds, error)
        key = (self.plugin, self.which)
        self.meters.quick[key] = 0 if error or seconds > QUICK else self.meters.quick.get(key, 0) + 1


def call_in_turn(questions: Sequence[Question], limit: float = LIMIT) -> list[Any]:
    """The result of each question, or the exception that it ended with, which is returned and not raised.

    All run in one thread, so that many short calls cost one hand-over; those that were always quick so far run in the
    caller's and cost none. One that takes longer than ``limit`` seconds is left behind in its thread, and those after
    it go on in another; it is not asked again before it has come back, so that a page that ranks several times waits
    for it once.
    """
    found: list[Any] = []
    while len(found) < len(questions):
        rest = questions[len(found):]
        turn = _Turn()
        if all(question.trusted for question in rest):
            return found + _take_quickly(rest)
        try:
            _THREADS.run(lambda: _take_turn(rest, turn), limit, lambda: None)  # noqa: B023
        except Overdue:
            _wait_on(turn, rest, limit)
        found += turn.results[: len(rest)]
        if len(found) < len(questions):
            late = questions[len(found)]
            late.meters.hang(late.plugin, 1, late.which)
            late.took(limit, f"no answer within {limit:g} s")
            turn.left = late
            found.append(PluginFailed(late.plugin, late.what, f"no answer within {limit:g} s", late=True))
    return found


def _take_quickly(questions: Sequence[Question]) -> list[Any]:
    return take_quickly([(q.meters, q.plugin, q.what, q.which, q.work) for q in questions])


def trusted(meters: Meters, plugin: str, which: str) -> bool:
    """Whether a call was quick so often that nobody watches it."""
    return meters.quick.get((plugin, which), 0) >= TRUSTED


def take_quickly(questions: Sequence[tuple[Meters, str, str, str, Callable[[], Any]]]) -> list[Any]:
    """In the caller's own thread: what is noted is the same, and the counters are locked once."""
    found: list[Any] = []
    times = [perf_counter()]
    failed: dict[int, str] = {}
    for place, (_, _, _, _, work) in enumerate(questions):
        try:
            found.append(work())
        except BaseException as raised:  # noqa: BLE001  sys.exit() in a plugin ends the call, not the site
            found.append(raised)
            failed[place] = f"{type(raised).__name__}: {raised}"
        times.append(perf_counter())
    with questions[0][0].lock:
        for place, (meters, plugin, what, _, _) in enumerate(questions):
            seconds = times[place + 1] - times[place]
            if place not in failed and seconds <= QUICK:
                meter = meters.by_hook.get((plugin, what))
                if meter is None:
                    meter = meters.by_hook[plugin, what] = Meter()
                meter.calls += 1
                meter.seconds += seconds
                if seconds > meter.longest:
                    meter.longest = seconds
    for place, (meters, plugin, what, which, work) in enumerate(questions):
        seconds = times[place + 1] - times[place]
        if place in failed or seconds > QUICK:
            Question(meters, plugin, what, which, work).took(seconds, failed.get(place, ""))
    return found


@dataclass
class _Turn:
    results: list[Any] = field(default_factory=list)
    began: float = 0.0
    left: Question | None = None


def _take_turn(questions: Sequence[Question], turn: _Turn) -> None:
    for question in questions:
        turn.began = began = perf_counter()
        error, result = "", None
        if question.meters.left.get(question.plugin, 0) >= MOST_LEFT:
            turn.results.append(PluginFailed(
                question.plugin, question.what,
                f"{MOST_LEFT} of its calls hang; it is asked again when one comes back", late=True,
            ))  # fmt: skip
            continue
        if question.meters.hung.get((question.plugin, question.which), 0) > 0:
            still = "its last call hangs; it is asked again when that comes back"
            turn.results.append(PluginFailed(question.plugin, question.what, still, late=True))
            continue
        try:
            result = question.work()
        except BaseException as raised:  # noqa: BLE001  sys.exit() in a plugin ends the call, not the site
            result, error = raised, f"{type(raised).__name__}: {raised}"
        if turn.left is not None:
            question.meters.hang(question.plugin, -1, question.which)
            return
        question.took(perf_counter() - began, error)
        turn.results.append(result)


def _wait_on(turn: _Turn, questions: Sequence[Question], limit: float) -> None:
    """Wait while the questions come along, each within its limit."""
    while len(turn.results) < len(questions):
        left = turn.began + limit - perf_counter()
        if left <= 0:
            return
        sleep(min(left, 0.05))
