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
from hashlib import blake2b
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
    """The groups published so far, by the number of their people too, and the parts of each by what narrows them."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    sizes: dict[int, list[Cell]] = field(default_factory=dict)
    parts: dict[tuple[Key, int], list[Cell]] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        self.cells[cell.key] = cell
        self.sizes.setdefault(len(cell.members), []).append(cell)
        for above in around(cell.key):
            self.parts.setdefault((above, _narrowing(above, cell.key)), []).append(cell)

    def may_have(self, cell: Cell) -> bool:
        n = len(cell.members)
        alike = (other for size in range(n - LEAST + 1, n + LEAST) for other in self.sizes.get(size, ()))
        if any(0 < len(cell.members.keys() ^ other.members.keys()) < LEAST for other in alike
               if other.signed is cell.signed):  # fmt: skip
            return False
        return not any(0 < left < LEAST for left in self._left(cell))

    def _left(self, cell: Cell) -> Iterator[int]:
        """How many people of each group around ``cell`` are in none of its parts, ``cell`` among them."""
        for key in around(cell.key):
            above = self.cells.get(key)
            if above is not None and above.signed is cell.signed:
                parts = self.parts.get((key, _narrowing(key, cell.key)), ())
                others = (c.members for c in parts if c.signed is cell.signed)
                yield len(above.members.keys() - set(cell.members).union(*others))


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
    groups: dict[Key, list[Observed]] = {}
    observed = list(observed)
    common = _common(observed)
    for one in observed:
        narrowings = list(product(*({word, ""} for word in (one.seniority, one.country, one.mode))))
        for name in {*one.skills, *names_of(one.skills & common)}:
            for seniority, country, mode in narrowings:
                groups.setdefault((name, seniority, country, mode), []).append(one)
        groups.setdefault(EVERYBODY, []).append(one)
    return groups


def _common(observed: Iterable[Observed]) -> frozenset[str]:
    people: dict[str, set[str]] = {}
    for one in observed:
        for skill in one.skills:
            people.setdefault(skill, set()).add(one.person)
    enough = [skill for skill, who in people.items() if len(who) >= LEAST]
    return frozenset(sorted(enough, key=lambda skill: (-len(people[skill]), skill))[:MOST_PAIRED])


def _cell(key: Key, observed: Sequence[Observed], today: date, tens: int) -> Cell | None:
    """Of signed rates where enough people have one, else of declared ones; each person counts once, with the newest."""
    for signed in (True, False):
        newest: dict[str, Observed] = {}
        for one in sorted((o for o in observed if o.signed is signed), key=lambda o: (o.day, o.rate)):
            newest[one.person] = one
        if len(newest) >= LEAST:
            weighed = sorted((o.rate, 0.5 ** (max((today - o.day).days, 0) / HALF_LIFE)) for o in newest.values())
            low, middle, high = (_quantile(weighed, q, tens) for q in (0.25, 0.5, 0.75))
            return Cell(key, low, middle, high, len(newest), round(sum(w for _, w in weighed), 1), signed, today,
                        {person: _mark(one) for person, one in newest.items()})  # fmt: skip
    return None


def _mark(one: Observed) -> str:
    return blake2b(f"{one.person}:{one.rate}".encode(), digest_size=6).hexdigest()


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
