"""``kill -9`` of web, workers and double at random moments, while people go on; each is started again."""

from collections import Counter
from threading import Event

from sqlalchemy import func, select

from marketwright.features.payments.tables import SETTLED_STATES, PaymentCommand
from marketwright.testing.drill.people import PAUSE
from marketwright.testing.drill.play import AT_ONCE, Play

PEOPLE = 5
LONGEST = 0.8  # seconds between two kills, at most
VICTIMS = ("web", "worker1", "web", "worker1", "double")


def kill(play: Play, count: int, at: Counter[str]) -> Counter[str]:
    """Kill ``count`` times; by process. ``at`` counts what was under way at the moments of the kills."""
    killed: Counter[str] = Counter()
    stop = Event()
    at_once = min(AT_ONCE, count + 3)
    play.take_up(at_once)
    threads = play.at_work(stop, PEOPLE)
    try:
        while killed.total() < count:
            if len(play.active) < at_once // 2:
                play.take_up(at_once)
            PAUSE.wait(play.dice.uniform(0.02, LONGEST))
            name = play.dice.choice(VICTIMS)
            at.update(_moment(play))
            if play.site.kill(name):
                killed[name.rstrip("0123456789")] += 1
            PAUSE.wait(play.dice.choice((0.0, 0.0, 0.3)))
            play.site.start(name)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=120)
    return killed


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
