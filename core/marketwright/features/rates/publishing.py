"""Which groups have a published rate: eight people or more, and no two that only a few people tell apart.

Pure. A group is a skill, or two of the most widespread ones together, narrowed by any of seniority, country and mode;
the widest is everybody. Who did not say their seniority, country or mode is in no group that is narrowed by it. Rules:

- a group of fewer than :data:`LEAST` people is not published;
- two published groups are the same people, or at least :data:`LEAST` people are in one of them alone;
- what is left of a published group without all of its published parts is nobody or at least :data:`LEAST` people;
- a group in which fewer than :data:`LEAST` people came, went or have another rate since it was published keeps the
  figures that it had, even where nobody did: a rate of a newer day weighs more, which would tell of one person too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest
from itertools import combinations, product
from statistics import median

from marketwright.kernel.frozen import dataclass

LEAST = 8
HALF_LIFE = 365  # days after which a rate counts half
TENS = 1000  # minor units: ten of a currency with two digits behind the point
MOST_PAIRED = 60  # skills whose pairs are groups: those of most people
Key = tuple[str, str, str, str]  # skill or pair, seniority, country, mode; '' for any
EVERYBODY: Key = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class Observed:
    """One person's day rate, minor units: ``signed`` in a contract or declared on the profile.

    An empty ``seniority``, ``country`` or ``mode`` is one that is not known.
    """

    person: str
    rate: int
    day: date
    signed: bool
    skills: frozenset[str]
    seniority: str
    country: str
    mode: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One published group: median and middle half in minor units, of ``n`` people, by ``day``; ``signed`` or declared.

    ``weight`` is what the people count by recency, at most ``n``. ``members`` are the people, each with a mark that
    changes with their rate; not with its day, which is another after any edit of a profile.
    """

    key: Key
    low: int
    median: int
    high: int
    n: int
    weight: float
    signed: bool
    day: date
    members: Mapping[str, str]


def names_of(skills: Iterable[str]) -> list[str]:
    """Each of ``skills``, and each two of them as one name."""
    ordered = sorted(set(skills))
    return [*ordered, *map(" ".join, combinations(ordered, 2))]


def skills_of(key: Key) -> list[str]:
    """The skills of a group: none, one or two."""
    return key[0].split()


def chain(skill: str, seniority: str, country: str, mode: str) -> list[Key]:
    """From the narrowest group to everybody."""
    full = [(skill, seniority, country, mode), (skill, seniority, country, ""), (skill, seniority, "", "")]
    return list(dict.fromkeys([*full, (skill, "", "", ""), EVERYBODY]))


def parent(key: Key) -> Key:
    """The next wider group."""
    wider = chain(*key)
    return wider[min(1, len(wider) - 1)]


def around(key: Key) -> list[Key]:
    """The groups of the same skills that one narrowing less makes."""
    skill, *narrowing = key
    found = list[Key]()
    for k, word in enumerate(narrowing):
        if word:
            seniority, country, mode = ("" if k == at else one for at, one in enumerate(narrowing))
            found.append((skill, seniority, country, mode))
    return found


def publish(observed: Iterable[Observed], today: date, before: Mapping[Key, Cell] | None = None,
            tens: int = TENS) -> dict[Key, Cell]:  # fmt: skip
    """The groups that may be published, the widest first; ``before`` are those of the month before.

    ``tens`` are the minor units of ten of the currency: figures are whole tens.
    """
    groups = _grouped(observed)
    cells = {k: _cell(k, people, today, tens) for k, people in groups.items()}
    candidates = [_steady(c, (before or {}).get(k)) for k, c in cells.items() if c is not None]
    found = _Published()
    for cell in sorted(candidates, key=lambda c: (sum(map(bool, c.key)), -c.n, c.key)):
        if (cell.key == EVERYBODY or parent(cell.key) in found.cells) and found.may_have(cell):
            found.add(cell)
    return found.cells


@dataclass(slots=True)
class _Published:
    """The groups published so far, those of each person too, and who of each is in none of its parts."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    sets: list[tuple[frozenset[str], bool]] = field(default_factory=list)  # the people of each, and whether signed
    of: dict[str, list[int]] = field(default_factory=dict)  # places in ``sets``
    over: dict[tuple[Key, int], set[str]] = field(default_factory=dict)  # by group and what narrows it

    def add(self, cell: Cell) -> None:
        self.cells[cell.key] = cell
        for person in cell.members:
            self.of.setdefault(person, []).append(len(self.sets))
        self.sets.append((frozenset(cell.members), cell.signed))
        for key, above in self._above(cell):
            at = key, _narrowing(key, cell.key)
            if at not in self.over:
                self.over[at] = set(above.members)
            self.over[at].difference_update(cell.members)

    def may_have(self, cell: Cell) -> bool:
        return not any(0 < left < LEAST for left in self._left(cell)) and not self._near(cell)

    def _near(self, cell: Cell) -> bool:
        """Whether a group differs from ``cell`` by too few people.

        It would lack fewer than :data:`LEAST` of them, so it has one of any that many: of those in the fewest groups.
        """
        members = frozenset(cell.members)
        rare = nsmallest(LEAST, members, key=lambda person: len(self.of.get(person, ())))
        for k in {k for person in rare for k in self.of.get(person, ())}:
            other, signed = self.sets[k]
            if (signed is cell.signed and abs(len(other) - len(members)) < LEAST
                    and 0 < len(members ^ other) < LEAST):  # fmt: skip
                return True
        return False

    def _left(self, cell: Cell) -> Iterator[int]:
        """How many people of each group around ``cell`` are in none of its parts, ``cell`` among them."""
        for key, above in self._above(cell):
            over = self.over.get((key, _narrowing(key, cell.key)), above.members.keys())
            if len(over) - len(cell.members) < LEAST:
                yield sum(person not in cell.members for person in over)

    def _above(self, cell: Cell) -> Iterator[tuple[Key, Cell]]:
        """The groups around ``cell`` that are of the same kind of rates; all were looked at before it."""
        for key in around(cell.key):
            above = self.cells.get(key)
            if above is not None and above.signed is cell.signed:
                yield key, above


def _narrowing(above: Key, key: Key) -> int:
    """Which part of ``key`` narrows ``above``."""
    return next(k for k in range(len(key)) if key[k] != above[k])


@dataclass(frozen=True, slots=True)
class Backtest:
    """How far published medians are off: ``n`` people, their median error as a share, how many in the middle half."""

    n: int
    error: float | None
    within: int


def backtest(observed: Sequence[Observed], today: date, tens: int = TENS) -> Backtest:
    """Compare each rate with what its narrowest published group says without that person."""
    cells = publish(observed, today, tens=tens)
    newest = {o.person: o for o in sorted(observed, key=lambda o: (o.signed, o.day))}
    groups, errors, within = _grouped(observed), list[float](), 0
    for one in newest.values():
        keys = [k for name in names_of(one.skills) for k in chain(name, one.seniority, one.country, one.mode)]
        key = max((k for k in keys if k in cells), key=lambda k: (sum(map(bool, k)), len(skills_of(k)), k),
                  default=EVERYBODY)  # fmt: skip
        others = [o for o in groups.get(key, []) if o.person != one.person] if key in cells else []
        told = _cell(key, others, today, tens)
        if told is not None and told.median:
            errors.append(abs(told.median - one.rate) / one.rate)
            within += told.low <= one.rate <= told.high
    return Backtest(len(errors), median(errors) if errors else None, within)


def _grouped(observed: Iterable[Observed]) -> dict[Key, list[Observed]]:
    """The people of each group, those with the oldest rates first."""
    groups: dict[Key, list[Observed]] = {}
    observed = sorted(observed, key=_age)
    common = _common(observed)
    for one in observed:
        narrowings = list(product(*({word, ""} for word in (one.seniority, one.country, one.mode))))
        for name in {*one.skills, *names_of(one.skills & common)}:
            for seniority, country, mode in narrowings:
                groups.setdefault((name, seniority, country, mode), []).append(one)
        groups.setdefault(EVERYBODY, []).append(one)
    return groups


def _age(one: Observed) -> tuple[date, int]:
    return one.day, one.rate


def _common(observed: Iterable[Observed]) -> frozenset[str]:
    people: dict[str, set[str]] = {}
    for one in observed:
        for skill in one.skills:
            people.setdefault(skill, set()).add(one.person)
    enough = [skill for skill, who in people.items() if len(who) >= LEAST]
    return frozenset(sorted(enough, key=lambda skill: (-len(people[skill]), skill))[:MOST_PAIRED])


def _cell(key: Key, observed: Sequence[Observed], today: date, tens: int) -> Cell | None:
    """Of signed rates where enough people have one, else of declared ones; each person counts once, with the newest.

    ``observed`` come as :func:`_grouped` has them.
    """
    if len(observed) < LEAST:
        return None
    for signed in (True, False):
        newest = {o.person: o for o in observed if o.signed is signed}
        if len(newest) >= LEAST:
            weighed = sorted((o.rate, _weight(max((today - o.day).days, 0))) for o in newest.values())
            low, middle, high = (_quantile(weighed, q, tens) for q in (0.25, 0.5, 0.75))
            return Cell(key, low, middle, high, len(newest), round(sum(w for _, w in weighed), 1), signed, today,
                        {person: _mark(person, one.rate) for person, one in newest.items()})  # fmt: skip
    return None


@lru_cache(1 << 13)
def _weight(days: int) -> float:
    return float(0.5 ** (days / HALF_LIFE))


@lru_cache(1 << 16)
def _mark(person: str, rate: int) -> str:
    return blake2b(f"{person}:{rate}".encode(), digest_size=6).hexdigest()


def _quantile(weighed: Sequence[tuple[int, float]], share: float, tens: int) -> int:
    wanted, so_far = share * sum(w for _, w in weighed), 0.0
    for rate, weight in weighed:
        so_far += weight
        if so_far >= wanted:
            return round(rate / tens) * tens
    return round(weighed[-1][0] / tens) * tens


def _steady(cell: Cell, before: Cell | None) -> Cell:
    """``cell``, or the one of the month before where so few people changed that the change would tell of them."""
    if before is None or before.signed is not cell.signed:
        return cell
    changed = {person for person, _ in before.members.items() ^ cell.members.items()}
    return replace(before, key=cell.key) if len(changed) < LEAST else cell
