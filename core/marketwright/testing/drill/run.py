"""One drill from an empty folder to its verdict."""

import logging
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import monotonic
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from marketwright.features.accounts import passwords
from marketwright.testing.databases import postgresql_server
from marketwright.testing.drill import faults, kills, messages, races
from marketwright.testing.drill.orders import Orders
from marketwright.testing.drill.people import PAUSE, Broken
from marketwright.testing.drill.play import Play
from marketwright.testing.drill.site import Site
from marketwright.testing.drill.table import OFTEN
from marketwright.testing.drill.told import Told
from marketwright.testing.drill.verdict import judge, stuck
from marketwright.testing.drill.waits import ask_about, hasten, let_leases_run_out

CALM = 60.0  # seconds of calm in which something more must have come to rest
CLIENT = 200  # kills, races and their like for which there is one client more, as in the field
RESERVE = 100_000_000  # minor units that the operator keeps at the provider: disputes are paid out of it
LAST = timedelta(minutes=2)  # of a reconciliation while things come to rest
LAST_STEPS = 180.0  # seconds in which people finish their deals before the calm, and some for each deal


def drill(orders: Orders, say: Callable[[str], None] = lambda _text: None, *, keep: bool = False) -> Told:
    """Everything in ``orders``, on a scratch site that is gone afterwards (unless ``keep``, or something was found)."""
    began, before = monotonic(), _processor_time()
    folder = Path(tempfile.mkdtemp(prefix="marketwright-drill-"))
    own = logging.FileHandler(folder / "drill.log", delay=True)  # what goes wrong on purpose is no news for a terminal
    logging.getLogger("marketwright").addHandler(own)
    usual = passwords.set_cost(passwords.CHEAP)  # staff types its password in every second race
    try:
        with _database(orders.database, folder) as url:
            size = orders.kills + orders.races * len(orders.only_races or OFTEN) + orders.webhooks // 20
            site = Site(folder, url, orders.provider, orders.double, workers=2 if orders.races else 1,
                        people=1 + min(7, size // CLIENT))  # fmt: skip
            try:
                site.open()
                told = _drill(site, orders, began, say)
            finally:
                site.close()
            told.processor = _processor_time() - before
            keep = keep or not told.clean
            return told
    except Broken:
        keep = True
        raise
    finally:
        passwords.set_cost(usual)
        logging.getLogger("marketwright").removeHandler(own)
        own.close()
        if keep:
            say(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _processor_time() -> float:
    """Seconds that this process and all that it has started and seen the end of have had of a core."""
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def _drill(site: Site, orders: Orders, began: float, say: Callable[[str], None]) -> Told:
    told = Told()

    def log(what: str) -> None:
        say(f"{monotonic() - began:6.1f} s  {what}; {play.finished} of {len(play.deals)} deals over")

    play = Play(site, orders.seed, banks=orders.banks, say=log)
    log("the site is at work")
    site.double.deed("top_up", amount=RESERVE, currency="EUR")
    if orders.kills:
        killer = kills.kill(play, orders.kills)
        told.kills, told.moments = killer.killed, killer.moments
        log(f"{told.kills.total()} kills")
    if orders.races:
        raced = races.race(play, orders.races, orders.only_races)
        told.races, told.outcomes, told.firsts = raced.ran, raced.outcomes, raced.firsts
        log(f"{told.races.total()} races")
    if orders.webhooks:
        told.webhooks = messages.confuse(play, orders.webhooks)
        log(f"{told.webhooks.total()} messages")
    if orders.faults:
        told.faults, told.missed = faults.break_calls(play, orders.only_faults)
        log(f"{told.faults.total()} faults")
    odd = _calm(play, orders, log)
    told.verdict, told.deals, told.cold = judge(site, play.acked, odd), len(play.deals), site.cold
    told.strange, told.crashes = site.strange, Counter(site.crashes)
    told.seconds = monotonic() - began
    return told


def _calm(play: Play, orders: Orders, log: Callable[[str], None]) -> list[str]:
    """Everything healthy: people end what they began, then nothing may be under way after 60 s at most.

    What no message told is found by the reconciliation, as in the field. Returns what its last run could not match.
    """
    site = play.site
    site.double.calm()
    if orders.hurry:
        let_leases_run_out(site)
    site.reconcile()
    ask_about(site)
    left = play.finish(LAST_STEPS, movers=False)
    if site.let_it_cool():
        left += play.finish(LAST_STEPS)
    log(f"calm: {len(left)} deals are not over")
    for _ in coming_to_rest(play):
        site.reconcile(LAST)
        ask_about(site)
        site.give_back()
        hasten(site)
        play.finish(0.0)  # what a bank did at last asks for a step of somebody's again
        PAUSE.wait(1.5)
    odd = site.reconcile()
    for _ in coming_to_rest(play):  # what that told once more is taken in as calmly
        PAUSE.wait(0.5)
    log("at rest" if not odd else f"{len(odd)} things do not match")
    return odd


def coming_to_rest(play: Play) -> Iterator[int]:
    """How much is under way, again and again, until nothing is, or nothing more came to rest for 60 s."""
    least, end = sys.maxsize, 0.0
    while left := play.read(lambda session: sum(1 for _ in stuck(session))):
        if left < least:
            least, end = left, monotonic() + CALM
        if monotonic() > end:
            return
        yield left


@contextmanager
def _database(asked: str, folder: Path) -> Iterator[str]:
    """The address of a database made for this drill alone; it is dropped afterwards."""
    if asked == "sqlite":
        (folder / "var").mkdir(parents=True)
        yield f"sqlite:///{folder / 'var' / 'marketplace.sqlite'}"
        return
    (folder / "var").mkdir(parents=True)
    if asked == "postgresql":
        with postgresql_server() as server, _own(server) as url:
            yield url
    else:
        with _own(asked) as url:
            yield url


@contextmanager
def _own(server: str) -> Iterator[str]:
    """A database of our own on ``server``: never the one that the address names."""
    address, name = make_url(server).set(drivername="postgresql+psycopg"), f"drill_{uuid4().hex[:12]}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()


__all__ = ["Orders", "Told", "drill"]
