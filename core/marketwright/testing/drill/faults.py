"""Every fault on every call of the provider, while people go on; what was met is counted.

What is asked only now and then is brought about: people who are new, refunds after the release, reconciliations, banks
of every kind. What no call met in its time is set once more at the end, alone.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic

from marketwright.kernel.errors import MarketwrightError
from marketwright.testing.drill.double import Double, Silent
from marketwright.testing.drill.lanes import Heat, refund_later
from marketwright.testing.drill.messages import Post
from marketwright.testing.drill.people import PAUSE, until
from marketwright.testing.drill.play import Play
from marketwright.testing.drill.waits import hasten

PATIENCE, LAST, SAMPLE = 45.0, 90.0, 9.0  # seconds in which a call with a fault should have been made; for what is left
A_DEAL = 300.0  # seconds within which one more deal is over, on however busy a machine
AT_ONCE, WORKERS, PEOPLE = 40, 6, 4  # a call that is never answered keeps its worker for as long as it waits
WARM = 4  # deals that are over before: a double may know only then which calls a site makes
ALL = 40  # the same, where every call is to be known
EVERY = 2.0  # seconds between two errands
RECENT = 300  # deals among which one is looked for that was released
Pairs = list[tuple[str, str]]


def break_calls(play: Play, only: tuple[str, ...] = ()) -> tuple[Counter[str], list[str]]:
    """Set each fault (or those in ``only``) on each call once; returns what was met by fault, and what was not."""
    double, stop = play.site.double, Event()
    play.in_turn = not only
    met: Counter[str] = Counter()
    left: Pairs = []
    at_once = 5 if only else AT_ONCE
    play.site.hire(1 if only else WORKERS)
    play.take_up(at_once)
    people = play.at_work(stop, PEOPLE)
    errands = None if only else Errands(play)
    try:
        _warm_up(play, WARM if only else ALL, partial(_keep_up, play, at_once, errands))
        for fault in only or tuple(double.faults):
            pairs = [(call, fault) for call in double.calls]
            for call, _ in pairs:
                double.fault(call, fault)
            missed = _wait(play, at_once, SAMPLE if only else PATIENCE, errands)
            met[fault] += len(pairs) - len(missed)
            play.progress(f"{met.total()} faults so far, the last one {fault!r}")
            left += missed
            double.calm()
        if left and not only:
            for call, fault in left:
                double.fault(call, fault)
            missed = _wait(play, at_once, LAST, errands)
            met.update(fault for call, fault in left if (call, fault) not in missed)
            left = missed
            double.calm()
    finally:
        play.in_turn = False
        stop.set()
        for thread in people:
            thread.join(timeout=120)
        if errands is not None:
            errands.end()
    return met, [f"{fault} on {call}" for call, fault in left]


def _warm_up(play: Play, deals: int, keep_up: Callable[[], None]) -> None:
    """Return once so many more deals are over and the double answers; each that is over may take its time."""
    begun = play.finished
    for number in range(deals + 1):
        def over(least: int = begun + number) -> bool:
            keep_up()
            return play.finished >= least and play.site.double.answers()

        until(over, f"deal {number} of {deals} is over before the faults", patience=A_DEAL, pause=0.2)
        play.progress(f"{number} of {deals} deals before the faults")


class Errands:
    """What is asked only of people who are new, of money that was released, of a window: one after the other."""

    def __init__(self, play: Play) -> None:
        self.play, self.post = play, Post(play)
        self._tasks = (self._newcomers, self._refund, self._window, self._refund)
        self._at, self._due = 0, 0.0
        self._running: dict[str, Thread] = {}

    def go_on(self) -> None:
        """Begin the next one when it is time, beside those that still wait for an answer."""
        if monotonic() < self._due:
            return
        self._due, self._at = monotonic() + EVERY, self._at + 1
        hasten(self.play.site)
        task = self._tasks[self._at % len(self._tasks)]
        before = self._running.get(task.__name__)
        if before is None or not before.is_alive():
            self._running[task.__name__] = thread = Thread(target=_quietly, args=(task,), daemon=True)
            thread.start()

    def _newcomers(self) -> None:
        fresh = self.play.more(3, of=self.play.site.newcomers())
        with self.play.lock:
            self.play.active += fresh

    def _refund(self) -> None:
        for deal in self.play.deals[-RECENT:]:
            now = self.play.look(deal)
            if now.state == "released" and now.over and not now.disputed and not deal.asked_back:
                deal.asked_back = True
                refund_later.go(Heat(self.play, self.post, deal, now))
                return

    def _window(self) -> None:
        self.play.site.reconcile(timedelta(seconds=20))

    def end(self) -> None:
        """Wait for those that still wait."""
        for thread in self._running.values():
            thread.join(timeout=120)


def _quietly(task: Callable[[], None]) -> None:
    with suppress(MarketwrightError, Silent):  # a fault hit it: that is what it is for
        task()


def _keep_up(play: Play, at_once: int, errands: Errands | None) -> None:
    """See to it that enough deals and errands are under way."""
    if len(play.active) < at_once // 2 + 1:
        play.take_up(at_once)
    if errands is not None:
        errands.go_on()


def _wait(play: Play, at_once: int, patience: float, errands: Errands | None) -> Pairs:
    """Wait until every fault that is set was met; those that were not."""
    end = monotonic() + patience
    left: Pairs = []
    while monotonic() < end:
        _keep_up(play, at_once, errands)
        with suppress(Silent):
            left = _set(play.site.double)
            if not left:
                return []
        PAUSE.wait(0.2)
    return left


def _set(double: Double) -> Pairs:
    rows: list[Mapping[str, str | int]] = double.ask("GET", "faults")["set"]
    return [(str(row["call"]), str(row["fault"])) for row in rows if int(row["times"]) > 0]
