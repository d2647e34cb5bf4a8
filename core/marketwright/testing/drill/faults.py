"""Every fault on every call of the provider, while people go on; what was met is counted."""

from collections import Counter
from contextlib import suppress
from threading import Event
from time import monotonic

from marketwright.testing.drill.double import Silent
from marketwright.testing.drill.people import PAUSE, until
from marketwright.testing.drill.play import Play

PATIENCE = 45.0  # seconds in which a call that has a fault should have been made
AT_ONCE = 12
WARM = 4  # deals that are over before: a double may know only then which calls a site makes


def break_calls(play: Play, only: tuple[str, ...] = ()) -> tuple[Counter[str], list[str]]:
    """Set each fault (or those in ``only``) on each call once; returns what was met by fault, and what was not."""
    double, stop = play.site.double, Event()
    before = play.finished
    met: Counter[str] = Counter()
    missed: list[str] = []
    at_once = 5 if only else AT_ONCE
    play.take_up(at_once)
    people = play.at_work(stop, 3)
    try:
        until(lambda: play.finished >= before + WARM and double.answers(), "a few deals are over before the faults",
              patience=PATIENCE * 4)  # fmt: skip
        for fault in only or tuple(double.faults):
            for call in double.calls:
                double.fault(call, fault)
            left = _wait(play, at_once, PATIENCE / 5 if only else PATIENCE)
            met[fault] += len(double.calls) - len(left)
            missed += [f"{fault} on {call}" for call in left]
            double.calm()
    finally:
        stop.set()
        for thread in people:
            thread.join(timeout=120)
    return met, missed


def _wait(play: Play, at_once: int, patience: float) -> list[str]:
    """Wait until every call that has a fault was made; those that were not."""
    end = monotonic() + patience
    left: list[str] = []
    while monotonic() < end:
        if len(play.active) < at_once // 2 + 1:
            play.take_up(at_once)
        with suppress(Silent):
            left = [f["call"] for f in play.site.double.ask("GET", "faults")["set"] if f["times"] > 0]
            if not left:
                return []
        PAUSE.wait(0.2)
    return left
