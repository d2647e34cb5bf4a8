"""Races: two or more hands on one deal at the same moment. Of steps that exclude each other one may be granted."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from threading import Barrier, BrokenBarrierError, Event, Thread

from marketwright.testing.drill.lanes import Heat, Lane, bank, pay, told_all
from marketwright.testing.drill.messages import Post
from marketwright.testing.drill.people import PAUSE, Answer
from marketwright.testing.drill.play import Play, Standing, standing
from marketwright.testing.drill.site import Deal
from marketwright.testing.drill.table import RACES, Race

COURSE = {"deciding": "refund", "delivered": "release"}


def race(play: Play, rounds: int, only: Sequence[str] = ()) -> Counter[str]:
    """Run each race (or those in ``only``) ``rounds`` times; how often each was run."""
    ran: Counter[str] = Counter()
    names = list(only or RACES)
    post, stop = Post(play), Event()
    play.site.double.keep_back(on=True)
    walking = [post.rounds(stop), *play.at_work(stop, 2)]
    try:
        for _ in range(rounds):
            deals = _deals(play, names)
            _line_up(play, [(d, RACES[n].start) for d, n in zip(deals, names, strict=True)])
            for deal, name in zip(deals, names, strict=True):
                if _run(play, post, deal, name):
                    ran[name] += 1
                with play.lock:
                    play.active.append(deal)
    finally:
        stop.set()
        for thread in walking:
            thread.join(timeout=120)
    return ran


def _deals(play: Play, names: Sequence[str]) -> list[Deal]:
    """A fresh deal for each race, of whom it takes."""
    some = {moves: [n for n in names if RACES[n].moves is moves] for moves in (False, True)}
    made = {moves: play.more(len(of), course="release", moves=moves) for moves, of in some.items() if of}
    for moves, deals in made.items():
        for deal, name in zip(deals, some[moves], strict=True):
            deal.course = COURSE.get(RACES[name].start, "release")
    return [made[RACES[name].moves].pop(0) for name in names]


def _line_up(play: Play, wanted: Sequence[tuple[Deal, str]]) -> None:
    """Bring each deal to where its race starts, several at a time."""
    left, threads = list(wanted), []

    def work(number: int) -> None:
        dice = Random(number)
        while left:
            try:
                deal, start = left.pop()
            except IndexError:
                return
            for _ in range(400):
                if _ready(play, deal, start, dice):
                    break
                PAUSE.wait(0.03)

    for number in range(4):
        threads.append(Thread(target=work, args=(number,), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join()


def _ready(play: Play, deal: Deal, start: str, dice: Random) -> bool:
    """Whether the deal stands at the start; else it is nudged on."""
    if _stands(play.read(lambda s: standing(s, deal)), start):
        return True
    play.nudge(deal, dice)
    return False


def _stands(now: Standing, start: str) -> bool:
    if start in ("page", "paid"):
        return now.pending == "fund" and now.command_state == "PAGE"
    if start in ("paid_out", "returned"):
        return now.over and bool(now.payout)
    return now.state == start and not now.pending


def _run(play: Play, post: Post, deal: Deal, name: str) -> bool:
    """One race; false when the deal was not where it starts. Findings: two granted steps, and a hand that fails."""
    this = RACES[name]
    now: Standing = play.read(lambda s: standing(s, deal))
    if not _stands(now, this.start):
        return False
    heat = Heat(play, post, deal, now, Random(f"{play.seed}:{deal.hold}"))
    if this.start == "paid":
        pay(heat)
    elif this.start == "returned":
        bank("return_payout")(heat)
        told_all(heat)
        _wait_for_return(play, deal)
    answers: list[Answer] = []
    _at_once(heat, name, this, answers)
    granted = sum(a.done for a in answers)
    if granted > 1:
        play.acked.wrongly.append(f"{name}: {granted} were granted for {deal.hold}")
    return True


def _wait_for_return(play: Play, deal: Deal) -> None:
    for _ in range(100):
        if play.read(lambda s: standing(s, deal)).refused:
            return
        PAUSE.wait(0.05)


def _at_once(heat: Heat, name: str, this: Race, answers: list[Answer]) -> None:
    """Let every lane go at the same moment, and wait for all."""
    gate = Barrier(len(this.lanes))

    def lane(go: Lane) -> None:
        try:
            gate.wait(timeout=30)
        except BrokenBarrierError:
            return
        try:
            answer = go(heat)
        except Exception as error:  # noqa: BLE001  whatever it is, it is a finding
            heat.play.acked.wrongly.append(f"{name}: {type(error).__name__}: {str(error)[:300]}")
            return
        if answer is not None:
            answers.append(answer)

    threads = [Thread(target=lane, args=(go,), daemon=True) for go in this.lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
