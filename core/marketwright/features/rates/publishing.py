"""Which groups have a published rate: eight people or more, and nobody to be found by subtracting one from another.

Pure. A group is a skill, or two of the most widespread ones together, narrowed by seniority, then country, then mode;
the widest is everybody. Three rules:

- a group of fewer than :data:`LEAST` people is not published;
- what is left of a published group without one inside it, or without all of its published parts, is nobody or at least
  :data:`LEAST` people;
- a group that changed by fewer than :data:`LEAST` people since it was published keeps the figures that it had.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from statistics import median

from marketwright.kernel.frozen import dataclass

LEAST = 8
HALF_LIFE = 365  # days after which a rate counts half
ROUND = 1000  # minor units: figures are whole tens of the currency
MOST_PAIRED = 60  # skills whose pairs are groups: those of most people
Key = tuple[str, str, str, str]  # skill or pair, seniority, country, mode; '' for any
EVERYBODY: Key = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class Observed:
    """One person's day rate, minor units: ``signed`` in a contract or declared on the profile."""

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

    ``weight`` is what the people count by recency, at most ``n``.
    """

    key: Key
    low: int
    median: int
    high: int
    n: int
    weight: float
    signed: bool
    day: date
    members: frozenset[str]


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



def publish(observed: Iterable[Observed], today: date, before: Mapping[Key, Cell] | None = None) -> dict[Key, Cell]:
    """The groups that may be published, the widest first; ``before`` are those of the month before."""
    groups = _grouped(observed)
    cells = {k: _cell(k, people, today) for k, people in groups.items()}
    candidates = [_steady(c, (before or {}).get(k)) for k, c in cells.items() if c is not None]
    found: dict[Key, Cell] = {}
    for cell in sorted(candidates, key=lambda c: (sum(map(bool, c.key)), -c.n, c.key)):
        if cell.key != EVERYBODY and parent(cell.key) not in found:
            continue
        if _safe(cell, found):
            found[cell.key] = cell
    return found


@dataclass(frozen=True, slots=True)
class Backtest:
    """How far published medians are off: ``n`` people, their median error as a share, how many in the middle half."""

    n: int
    error: float | None
    within: int


def backtest(observed: Sequence[Observed], today: date) -> Backtest:
    """Compare each rate with what its narrowest published group says without that person."""
    cells = publish(observed, today)
    newest = {o.person: o for o in sorted(observed, key=lambda o: (o.signed, o.day))}
    groups, errors, within = _grouped(observed), list[float](), 0
    for one in newest.values():
        keys = [k for name in names_of(one.skills) for k in chain(name, one.seniority, one.country, one.mode)]
        key = max((k for k in keys if k in cells), key=lambda k: (sum(map(bool, k)), len(skills_of(k)), k),
                  default=EVERYBODY)  # fmt: skip
        others = [o for o in groups.get(key, []) if o.person != one.person] if key in cells else []
        told = _cell(key, others, today)
        if told is not None and told.median:
            errors.append(abs(told.median - one.rate) / one.rate)
            within += told.low <= one.rate <= told.high
    return Backtest(len(errors), median(errors) if errors else None, within)


def _grouped(observed: Iterable[Observed]) -> dict[Key, list[Observed]]:
    groups: dict[Key, list[Observed]] = {}
    observed = list(observed)
    common = _common(observed)
    for one in observed:
        names = {*one.skills, *names_of(one.skills & common), ""}
        keys = {key for name in names for key in chain(name, one.seniority, one.country, one.mode)}
        for key in keys:
            if key[0] or key == EVERYBODY:
                groups.setdefault(key, []).append(one)
    return groups


def _common(observed: Iterable[Observed]) -> frozenset[str]:
    people: dict[str, set[str]] = {}
    for one in observed:
        for skill in one.skills:
            people.setdefault(skill, set()).add(one.person)
    enough = [skill for skill, who in people.items() if len(who) >= LEAST]
    return frozenset(sorted(enough, key=lambda skill: (-len(people[skill]), skill))[:MOST_PAIRED])


def _cell(key: Key, observed: Sequence[Observed], today: date) -> Cell | None:
    """Of signed rates where enough people have one, else of declared ones; each person counts once, with the newest."""
    for signed in (True, False):
        newest: dict[str, Observed] = {}
        for one in sorted((o for o in observed if o.signed is signed), key=lambda o: (o.day, o.rate)):
            newest[one.person] = one
        if len(newest) >= LEAST:
            weighed = sorted((o.rate, 0.5 ** (max((today - o.day).days, 0) / HALF_LIFE)) for o in newest.values())
            low, middle, high = (_quantile(weighed, q) for q in (0.25, 0.5, 0.75))
            return Cell(key, low, middle, high, len(newest), round(sum(w for _, w in weighed), 1), signed, today,
                        frozenset(newest))  # fmt: skip
    return None


def _quantile(weighed: Sequence[tuple[int, float]], share: float) -> int:
    wanted, so_far = share * sum(w for _, w in weighed), 0.0
    for rate, weight in weighed:
        so_far += weight
        if so_far >= wanted:
            return round(rate / ROUND) * ROUND
    return round(weighed[-1][0] / ROUND) * ROUND


def _steady(cell: Cell, before: Cell | None) -> Cell:
    """``cell``, or the one of the month before where so few people changed that the change would tell of them."""
    if before is None or before.signed is not cell.signed:
        return cell
    if 0 < len(before.members ^ cell.members) < LEAST:
        return replace(before, key=cell.key)
    return cell


def _safe(cell: Cell, found: Mapping[Key, Cell]) -> bool:
    for other in found.values():
        if other.signed is cell.signed and cell.key != other.key:
            for small, great in ((cell.members, other.members), (other.members, cell.members)):
                if small < great and len(great - small) < LEAST:
                    return False
    if cell.key == EVERYBODY:
        return True
    above = parent(cell.key)
    parts = [c.members for k, c in found.items() if k != EVERYBODY and parent(k) == above and k[0] == cell.key[0]]
    rest = found[above].members - cell.members.union(*parts)
    return cell.key == (cell.key[0], "", "", "") or not 0 < len(rest) < LEAST
