"""Races: two or more hands on one deal at the same moment. Of steps that exclude each other one may be granted.

A deal is raced at each stage of its life: the money that went through one race is what the next one is about.
"""

from collections import Counter
from collections.abc import Sequence
from random import Random
from threading import Barrier, BrokenBarrierError, Event, RLock, Thread
from time import monotonic

from marketwright.testing.drill.banks import SCRIPTS
from marketwright.testing.drill.double import Silent
from marketwright.testing.drill.lanes import AT_MOST, SWIFT, Heat, Lane, bank, pay, told_all
from marketwright.testing.drill.messages import Post
from marketwright.testing.drill.people import PAUSE, Answer
from marketwright.testing.drill.play import Play
from marketwright.testing.drill.site import Deal
from marketwright.testing.drill.standing import Standing
from marketwright.testing.drill.table import RACES, Race

TRACKS = 6  # deals that are raced at a time
LONGEST = 90.0  # seconds for which a deal is brought from stage to stage
BATCH = 10  # deals of one contract
MANY = 10  # runs after which a race that always goes the same way is told
IDLE = 40  # deals in a row on which no race could be run: the rest cannot be
NOT_FIRST = ("messages", "other worker")  # hands that only carry what others did


class Races:
    """What is still to be run, and how each race went: which hand was first, and what was refused."""

    def __init__(self, play: Play, rounds: int, only: Sequence[str] = ()) -> None:
        can = set(play.site.double.deeds)
        self.left = Counter({n: rounds for n in only or RACES if RACES[n].deeds <= can})
        self.ran, self.outcomes = Counter[str](), dict[str, Counter[str]]()
        self.play, self.idle = play, 0
        self.trouble: list[BaseException] = []
        self._fresh: dict[bool, list[Deal]] = {False: [], True: []}
        self._lock = RLock()

    @property
    def over(self) -> bool:
        """Whether there is nothing left that can be run."""
        return not any(self.left.values()) or self.idle > IDLE or bool(self.trouble)

    def one_sided(self) -> list[str]:
        """Races between different hands of which the same was first each time."""
        return [name for name, seen in self.outcomes.items()
                if seen.total() >= MANY and len({lane.name for lane in RACES[name].lanes} - {*NOT_FIRST}) > 1
                and len({how.partition(",")[0].removesuffix(" refused") for how in seen}) == 1]  # fmt: skip

    def deal(self, dice: Random) -> Deal:
        """A fresh deal, on its way to where most is left to run."""
        with self._lock:
            at = Counter[str]()
            for name, left in self.left.items():
                at["moves" if RACES[name].moves else RACES[name].start] += left
            moves = bool(at["moves"]) and (at["moves"] >= at.total() or dice.random() < at["moves"] / at.total())
            if not self._fresh[moves]:
                self._fresh[moves] = self.play.more(BATCH if at.total() > BATCH else 4, course="release", moves=moves)
            deal = self._fresh[moves].pop()
            if not moves and dice.random() < at["deciding"] / max(1, at["deciding"] + at["delivered"] + at["paid_out"]):
                deal.course = "refund"
            return deal

    def take(self, deal: Deal, starts: set[str], dice: Random) -> str:
        """A race of ``deal`` that begins at one of ``starts``, the one of which most is left; '' for none."""
        with self._lock:
            fits = [n for n, left in self.left.items()
                    if left and RACES[n].start in starts and RACES[n].moves is deal.moves]  # fmt: skip
            if not fits:
                return ""
            name = max(fits, key=lambda n: (self.left[n], dice.random()))
            self.left[name] -= 1
            return name

    def note(self, name: str, outcome: str) -> None:
        """Count one run of ``name``; without an ``outcome`` it could not begin after all."""
        with self._lock:
            if not outcome:
                self.left[name] += 1
                return
            self.ran[name] += 1
            self.outcomes.setdefault(name, Counter())[outcome] += 1

    def rest(self, *deals: Deal) -> None:
        """What was begun is ended by the people who stroll."""
        with self._lock:
            loose = [d for some in self._fresh.values() for d in some] if not deals else []
        with self.play.lock:
            self.play.active += [*deals, *loose]


def race(play: Play, rounds: int, only: Sequence[str] = ()) -> Races:
    """Run each race (or those in ``only``) ``rounds`` times."""
    races = Races(play, rounds, only)
    post, stop = Post(play), Event()
    play.site.double.keep_back(on=True)
    walking = [post.rounds(stop), *play.at_work(stop, 2)]
    tracks = min(TRACKS, 1 + races.left.total() // 4)
    threads = [Thread(target=_track, args=(races, post, n), daemon=True) for n in range(tracks)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        stop.set()
        for thread in walking:
            thread.join(timeout=120)
    races.rest()
    if races.trouble:
        raise races.trouble[0]
    return races


def _track(races: Races, post: Post, number: int) -> None:
    """One of several hands that take deal after deal through their races."""
    dice = Random(f"{races.play.seed}:track {number}")
    try:
        while not races.over:
            deal = races.deal(dice)
            ran = _life(races, post, deal, dice)
            races.idle = 0 if ran else races.idle + 1
            races.rest(deal)
    except BaseException as error:  # noqa: BLE001  told by the thread that waits for this one
        races.trouble.append(error)


def _life(races: Races, post: Post, deal: Deal, dice: Random) -> int:
    """Take ``deal`` from stage to stage and race it at each; how many races that were."""
    play, ran, looks, end, last = races.play, 0, 0, monotonic() + LONGEST, set[str]()
    while monotonic() < end and not races.over and deal.course not in SCRIPTS and not (deal.moves and ran):
        now = play.look(deal)
        stage = starts_of(now)
        name = races.take(deal, stage, dice) if stage != last else ""
        if name:
            outcome = _run(play, post, deal, name)
            races.note(name, outcome)
            ran, last = ran + bool(outcome), stage
        elif now.over:
            break
        else:
            last, looks = (last, looks + 1) if stage == last else (set(), 0)
            play.nudge(deal, dice)
            PAUSE.wait(min(2.0, 0.08 + looks * play.pace / 4))
    return ran


def starts_of(now: Standing) -> set[str]:
    """Where races begin as a deal stands now."""
    if now.pending == "fund":
        return {"page", "paid", "debit"} if now.command_state == "PAGE" else set()
    if now.over and now.payout:
        return {"paid_out", "returned"}
    return {now.state} if not now.pending and not now.frozen and not now.disputed else set()


def _run(play: Play, post: Post, deal: Deal, name: str) -> str:
    """One race and how it went; '' when it could not begin. Findings: two granted steps, and a hand that fails."""
    this = RACES[name]
    now = play.look(deal)
    if this.start not in starts_of(now):
        return ""
    heat = Heat(play, post, deal, now, Random(f"{play.seed}:{deal.hold}:{name}"))
    if this.start == "paid":
        pay.go(heat)
    elif this.start == "debit" and not _under_way(heat):
        return ""
    elif this.start == "returned":
        bank("return_payout").go(heat)
        told_all.go(heat)
        _wait_for_return(play, deal)
    came: list[tuple[Lane, Answer | None]] = []
    _at_once(heat, name, this, came)
    granted = [lane.name for lane, answer in came if answer is not None and answer.done]
    if len(granted) > 1:
        play.acked.wrongly.append(f"{name}: {len(granted)} were granted for {deal.hold}: {', '.join(granted)}")
    return outcome_of(came)


def outcome_of(came: Sequence[tuple[Lane, Answer | None]]) -> str:
    """Who was first and second, in words, and whose step was refused: that one was not first."""
    seen: dict[str, str] = {}
    rated = [(lane, answer is not None and not answer.done) for lane, answer in came]
    for lane, refused in sorted(rated, key=lambda r: (r[0].name in NOT_FIRST, r[1])):
        if lane.name not in seen or (not refused and seen[lane.name]):
            seen[lane.name] = " refused" if refused else ""
    return ", ".join(f"{name}{how}" for name, how in list(seen.items())[:2]) or "nothing"


def _under_way(heat: Heat) -> bool:
    """Whether the payer's debit is under way, as the site knows it."""
    try:
        if not heat.play.site.double.deed("debit", heat.now.command):
            return False
    except Silent:
        return False
    heat.deal.visited = heat.now.command
    heat.deal.course = "debit"
    return True


def _wait_for_return(play: Play, deal: Deal) -> None:
    for _ in range(100):
        if play.look(deal).refused:
            return
        PAUSE.wait(0.05)


def _at_once(heat: Heat, name: str, this: Race, came: list[tuple[Lane, Answer | None]]) -> None:
    """Let every lane go at about the same moment, and wait for all."""
    gate = Barrier(len(this.lanes))
    waits = [heat.dice.uniform(0.0, heat.play.pace * (SWIFT if lane.swift else AT_MOST)) for lane in this.lanes]

    def run(lane: Lane, hesitates: float) -> None:
        try:
            gate.wait(timeout=30)
        except BrokenBarrierError:
            return
        PAUSE.wait(hesitates)
        try:
            answer = lane.go(heat)
        except Exception as error:  # noqa: BLE001  whatever it is, it is a finding
            heat.play.acked.wrongly.append(f"{name}: {type(error).__name__}: {str(error)[:300]}")
            return
        came.append((lane, answer))

    threads = [Thread(target=run, args=given, daemon=True) for given in zip(this.lanes, waits, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
