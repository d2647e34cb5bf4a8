"""Every fault on every call of the provider, while people go on; what was met is counted."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

from marketwright.kernel.errors import MarketwrightError
from marketwright.testing.drill.double import Silent
from marketwright.testing.drill.people import PAUSE, until
from marketwright.testing.drill.play import Play

PATIENCE = 45.0  # seconds in which a call that has a fault should have been made
AT_ONCE, WORKERS = 16, 6  # a call that is never answered keeps its worker for as long as it waits
WARM = 4  # deals that are over before: a double may know only then which calls a site makes
LOOK = 8.0  # seconds between two reconciliations


def break_calls(play: Play, only: tuple[str, ...] = ()) -> tuple[Counter[str], list[str]]:
    """Set each fault (or those in ``only``) on each call once; returns what was met by fault, and what was not."""
    double, stop = play.site.double, Event()
    before = play.finished
    met: Counter[str] = Counter()
    missed: list[str] = []
    at_once = 5 if only else AT_ONCE
    play.site.hire(1 if only else WORKERS)
    play.take_up(at_once)
    people = play.at_work(stop, 3)
    try:
        until(lambda: play.finished >= before + WARM and double.answers(), "a few deals are over before the faults",
              patience=PATIENCE * 4)  # fmt: skip
        for fault in only or tuple(double.faults):
            calls = double.calls
            for call in calls:
                double.fault(call, fault)
            fresh = [] if only else [Thread(target=_newcomers, args=(play,), daemon=True)]
            for thread in fresh:
                thread.start()
            left = _wait(play, at_once, PATIENCE / 5 if only else PATIENCE, looks=not only)
            met[fault] += len(calls) - len(left)
            missed += [f"{fault} on {call}" for call in left]
            double.calm()
            for thread in fresh:
                thread.join(timeout=120)
    finally:
        stop.set()
        for thread in people:
            thread.join(timeout=120)
    return met, missed


def _newcomers(play: Play) -> None:
    """What is only asked for people who are new: they come, too, and make deals."""
    with suppress(MarketwrightError):
        number = play.site.newcomers()
        fresh = play.more(3, of=number)
        with play.lock:
            play.active += fresh


def _wait(play: Play, at_once: int, patience: float, *, looks: bool) -> list[str]:
    """Wait until every call that has a fault was made; those that were not. With ``looks``, reconciliations run."""
    end, look = monotonic() + patience, monotonic() + LOOK
    left: list[str] = []
    while monotonic() < end:
        if len(play.active) < at_once // 2 + 1:
            play.take_up(at_once)
        if looks and monotonic() > look:
            play.site.reconcile(timedelta(seconds=20))
            look = monotonic() + LOOK
        with suppress(Silent):
            left = [f["call"] for f in play.site.double.ask("GET", "faults")["set"] if f["times"] > 0]
            if not left:
                return []
        PAUSE.wait(0.2)
    return left
