"""``kill -9`` of web, workers and double at random moments, while people go on; each is started again."""

from collections import Counter
from random import Random
from threading import Event, RLock, Thread
from time import monotonic

from sqlalchemy import func, select

from marketwright.features.payments.tables import SETTLED_STATES, PaymentCommand
from marketwright.testing.drill.people import PAUSE
from marketwright.testing.drill.play import AT_ONCE, Play

PEOPLE = 5
LIVES = {"web": (0.02, 1.5), "worker": (0.02, 2.5), "double": (0.1, 3.0)}  # seconds between its start and its death
DOWN = (0.0, 0.0, 0.3)  # seconds for which it stays dead
PATIENCE = 20.0  # seconds that a kill waits for people to come on
EACH = 2  # kills, at most, for each step that people get through: what never moves proves nothing
AHEAD = 12  # kills before the first step


class Killer:
    """Kills the processes of a site ``count`` times in all, each of them by a hand of its own."""

    def __init__(self, play: Play, count: int) -> None:
        self.play, self.count = play, count
        self.killed, self.moments = Counter[str](), Counter[str]()
        self.trouble: list[BaseException] = []
        self._lock, self._wanted = RLock(), count

    def _take(self) -> bool:
        with self._lock:
            self._wanted -= 1
            return self._wanted >= 0 and not self.trouble

    def stop(self) -> None:
        """Kill no more: all is done, or the drill was cut off."""
        with self._lock:
            self._wanted = 0

    def _let_move(self) -> None:
        """Wait until people have come on since the last kills, for a while."""
        end = monotonic() + PATIENCE
        while self.killed.total() > AHEAD + EACH * len(self.play.acked.steps) and monotonic() < end:
            PAUSE.wait(0.05)

    def hunt(self, name: str) -> None:
        """Kill ``name`` and start it again, until all kills are done."""
        dice = Random(f"{self.play.seed}:{name}")
        try:
            while self._take():
                PAUSE.wait(dice.uniform(*LIVES[name.rstrip("0123456789")]))
                self._let_move()
                moment = _moment(self.play)
                there = self.play.site.kill(name)
                with self._lock:
                    self.moments.update(moment)
                    self.killed[name.rstrip("0123456789")] += there
                    self._wanted += not there
                PAUSE.wait(dice.choice(DOWN))
                self.play.site.start(name)
        except BaseException as error:  # noqa: BLE001  told by the thread that waits for this one
            self.trouble.append(error)


def kill(play: Play, count: int) -> Killer:
    """Kill ``count`` times; what was killed, and what was under way at the moments of the kills."""
    killer, stop = Killer(play, count), Event()
    at_once = min(AT_ONCE, count + 3)
    play.take_up(at_once)
    people = play.at_work(stop, PEOPLE)
    play.site.hunted = True
    hands = [Thread(target=killer.hunt, args=(name,), daemon=True) for name in play.site.names]
    try:
        for hand in hands:
            hand.start()
        while any(hand.is_alive() for hand in hands):
            if len(play.active) < at_once // 2:
                play.take_up(at_once)
            play.progress(f"{killer.killed.total()} of {count} kills so far")
            PAUSE.wait(0.05)
    finally:
        killer.stop()
        stop.set()
        for thread in (*hands, *people):
            thread.join(timeout=120)
        play.site.hunted = False
    if killer.trouble:
        raise killer.trouble[0]
    return killer


def _moment(play: Play) -> Counter[str]:
    """How many commands of each kind and state are on their way now."""
    c = PaymentCommand
    query = (
        select(c.kind, c.state, func.count())
        .where(c.state.not_in(SETTLED_STATES), c.given_up_at.is_(None))
        .group_by(c.kind, c.state)
    )
    rows = play.read(lambda session: session.execute(query).all())
    return Counter({f"{kind} {state}": 1 for kind, state, _number in rows})
