"""Races: two or more hands on one deal at the same moment. Of steps that exclude each other one may be granted.

A deal is raced at each stage of its life: the money that went through one race is what the next one is about.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from threading import Barrier, BrokenBarrierError, Event, RLock, Thread
from time import monotonic

from sqlalchemy import select

from marketwright.features.payments.tables import PaymentFact
from marketwright.testing.drill.banks import SCRIPTS
from marketwright.testing.drill.double import Silent
from marketwright.testing.drill.lanes import AT_MOST, SWIFT, Heat, Lane, bank, pay, told_all
from marketwright.testing.drill.messages import Post
from marketwright.testing.drill.people import PAUSE, Answer
from marketwright.testing.drill.play import Play
from marketwright.testing.drill.site import Deal
from marketwright.testing.drill.standing import Standing
from marketwright.testing.drill.story import refusals, story
from marketwright.testing.drill.table import RACES, Race, rounds_of
from marketwright.testing.drill.waits import sweep

TRACKS = 6  # deals that are raced at a time
AHEAD = 1.3  # times as long as the favourite needs, at most, do the others wait
LONGEST = 90.0  # seconds for which a deal is brought from stage to stage
BATCH = 10  # deals of one contract
MANY = 20  # runs in which each hand of a race must have been first once
VAIN = 4  # runs in vain after which the others wait twice as long for a hand that was never first
SWEPT = 3.0  # seconds between two sweeps
IDLE = 40  # deals in a row on which no race could be run: the rest cannot be
NOT_FIRST = ("messages", "other worker")  # hands that only carry what others did
WAYS = {"message": ("message", "messages"), "reconcile": ("reconcile",), "lookup": ("redirect", "lookup", "pay later")}


@dataclass
class Known:
    """What is known of hands from all parts of a drill: how often each was first, and the seconds that it needs."""

    firsts: dict[str, Counter[str]] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)

    def learn(self, firsts: Mapping[str, Mapping[str, int]]) -> None:
        """Take in who was first in a part."""
        for name, seen in firsts.items():
            self.firsts.setdefault(name, Counter()).update(seen)


KNOWN = Known()


class Races:
    """What is still to be run, and how each race went: which hand was first, and what was refused."""

    def __init__(self, play: Play, rounds: int, only: Sequence[str] = ()) -> None:
        can = set(play.site.double.deeds)
        self.left = Counter({
            n: rounds if only else rounds_of(n, rounds) for n in only or RACES if RACES[n].deeds <= can
        })  # fmt: skip
        self.ran, self.outcomes = Counter[str](), dict[str, Counter[str]]()
        self.firsts: dict[str, Counter[str]] = {name: Counter() for name in self.left}
        self.play, self.idle = play, 0
        self.trouble: list[BaseException] = []
        self._fresh: dict[bool, list[Deal]] = {False: [], True: []}
        self._lock = RLock()

    @property
    def over(self) -> bool:
        """Whether there is nothing left that can be run."""
        return not any(self.left.values()) or self.idle > IDLE or bool(self.trouble)

    def favourite(self, name: str) -> str:
        """The hand that the others let go first this time: every other time the one that was first least."""
        with self._lock:
            hands = hands_of(name)
            seen = KNOWN.firsts.get(name, Counter())
            return min(hands, key=lambda hand: seen[hand]) if hands and self.ran[name] % 2 else ""

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

    def note(self, name: str, ran: "Run | None") -> None:
        """Count one run of ``name``; ``None``: it could not begin after all."""
        with self._lock:
            if ran is None:
                self.left[name] += 1
                return
            self.ran[name] += 1
            self.outcomes.setdefault(name, Counter())[ran.outcome] += 1
            self.firsts[name][ran.first] += 1
            KNOWN.learn({name: {ran.first: 1}})
            for hand, seconds in ran.took.items():
                for key in (hand, f"{name}: {hand}"):  # the same step takes longer where it meets what is under way
                    KNOWN.took[key] = KNOWN.took.get(key, seconds) * 0.8 + seconds * 0.2

    def rest(self, *deals: Deal) -> None:
        """What was begun is ended by the people who stroll."""
        with self._lock:
            loose = [d for some in self._fresh.values() for d in some] if not deals else []
        with self.play.lock:
            self.play.active += [*deals, *loose]


def never_first(ran: Mapping[str, int], firsts: Mapping[str, Mapping[str, int]]) -> dict[str, list[str]]:
    """By race that ``ran`` often enough to tell: the hands that were never the first."""
    found = {name: [hand for hand in hands_of(name) if not seen.get(hand)] for name, seen in firsts.items()
             if ran.get(name, 0) >= MANY}  # fmt: skip
    return {name: hands for name, hands in found.items() if hands}


def race(play: Play, rounds: int, only: Sequence[str] = ()) -> Races:
    """Run each race as often as ``rounds`` says (or those in ``only``, so many times)."""
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
            while thread.is_alive():
                thread.join(timeout=SWEPT)
                sweep(play.site)
                play.progress(f"{races.ran.total()} races so far, {races.left.total()} left")
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
            run = _run(races, post, deal, name)
            races.note(name, run)
            ran, last = ran + (run is not None), stage
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


@dataclass
class Run:
    """One run of a race: which hands came when, with what answer, and how long each took."""

    name: str
    came: list[tuple[Lane, Answer | None]] = field(default_factory=list)
    took: dict[str, float] = field(default_factory=dict)
    way: str = ""  # by which way in the money's news had its effect, where that decides

    @property
    def granted(self) -> list[str]:
        """The hands whose step was taken."""
        return [lane.name for lane, answer in self.came if answer is not None and answer.done]

    @property
    def first(self) -> str:
        """By whom the news came, or who was back first of those who were not refused."""
        hands = hands_of(self.name)
        inside = [lane.name for lane, answer in self.came if lane.name in hands and (answer is None or answer.done)]
        inside = inside or [lane.name for lane, _ in self.came if lane.name in hands]
        brought = [name for name in inside if name in WAYS.get(self.way, ())]
        return (brought or inside or [""])[0]

    @property
    def outcome(self) -> str:
        """Who was first and second, in words, and whose step was refused: that one was not first."""
        seen: dict[str, str] = {}
        rated = [(lane, answer is not None and not answer.done) for lane, answer in self.came]
        for lane, refused in sorted(rated, key=lambda r: (r[0].name in NOT_FIRST, r[1])):
            if lane.name not in seen or (not refused and seen[lane.name]):
                seen[lane.name] = " refused" if refused else ""
        return ", ".join(f"{name}{how}" for name, how in list(seen.items())[:2]) or "nothing"


def hands_of(name: str) -> list[str]:
    """The different hands of a race that stand in an order; none where there is only one."""
    never = (*NOT_FIRST, *RACES[name].refused)
    found = [hand for hand in dict.fromkeys(lane.name for lane in RACES[name].lanes) if hand not in never]
    return found if len(found) > 1 else []


def _run(races: Races, post: Post, deal: Deal, name: str) -> Run | None:
    """One race; ``None`` when it could not begin. Findings: two granted steps, and a hand that fails."""
    this, play = RACES[name], races.play
    now = play.look(deal)
    if this.start not in starts_of(now):
        return None
    heat = Heat(play, post, deal, now, Random(f"{play.seed}:{deal.hold}:{name}"))
    if this.start == "paid":
        pay.go(heat)
    elif this.start == "debit" and not _under_way(heat):
        return None
    elif this.start == "returned":
        bank("return_payout").go(heat)
        told_all.go(heat)
        _wait_for_return(play, deal)
    run, began = Run(name), datetime.now(UTC)
    _at_once(heat, run, this, _hesitations(races, heat, name, this))
    granted = len(run.granted)
    if granted > 1 and granted > 1 + play.read(lambda session: refusals(session, deal.hold, began)):
        many = f"{name}: {len(run.granted)} were granted for {deal.hold}: {', '.join(run.granted)}"
        play.acked.wrongly.append(f"{many} ({play.read(lambda session: story(session, deal.hold))})")
    if this.start == "paid":
        run.way = way_of(play, now.command)
    return run


def way_of(play: Play, command: str) -> str:
    """By which way in the news of ``command`` had its effect, '' while it has none."""
    f = PaymentFact
    query = select(f.way).where(f.command_id == command, f.kind == "answer", f.had_effect.is_(True)).limit(1)
    return str(play.read(lambda session: session.scalar(query)) or "")


def _hesitations(races: Races, heat: Heat, name: str, this: Race) -> list[float]:
    """Seconds that each hand waits: none for the favourite of this time, about as long as that one needs for others."""
    first, pace, dice = races.favourite(name), heat.play.pace, heat.dice
    if not first:
        return [dice.uniform(0.0, pace * (SWIFT if lane.swift else AT_MOST)) for lane in this.lanes]
    ahead = KNOWN.took.get(f"{name}: {first}", KNOWN.took.get(first, pace)) * AHEAD
    seen, least = KNOWN.firsts.get(name, Counter()), 0.0
    if seen and not seen[first]:  # it was let go first in vain so far
        ahead *= 1 + seen.total() / VAIN
        least = ahead / 2
    return [0.0 if lane.name == first else dice.uniform(least, ahead) for lane in this.lanes]


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


def _at_once(heat: Heat, run: Run, this: Race, waits: Sequence[float]) -> None:
    """Let every lane go at about the same moment, and wait for all."""
    gate = Barrier(len(this.lanes))

    def go(lane: Lane, hesitates: float) -> None:
        try:
            gate.wait(timeout=30)
        except BrokenBarrierError:
            return
        PAUSE.wait(hesitates)
        began = monotonic()
        try:
            answer = lane.go(heat)
        except Exception as error:  # noqa: BLE001  whatever it is, it is a finding
            heat.play.acked.wrongly.append(f"{run.name}: {type(error).__name__}: {str(error)[:300]}")
            return
        run.came.append((lane, answer))
        run.took[lane.name] = monotonic() - began

    threads = [Thread(target=go, args=given, daemon=True) for given in zip(this.lanes, waits, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
