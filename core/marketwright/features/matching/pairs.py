"""The pair columns between one of a side and rows of the other: what is met of what is asked for. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from marketwright.features.matching.columns import BROADER, Person, Side, SkillRows, Taxonomy, Wanted
from marketwright.features.matching.lists import DIRECT, Chosen, SkillLists, measures, summed
from marketwright.features.matching.parts import REMOTE as PLACES
from marketwright.features.matching.stored import lock, whole
from marketwright.features.matching.towns import EARTH_KM
from marketwright.strategies.matching import Array, Candidates, Columns

REMOTE = PLACES["remote"]
Made = tuple[Array, Array | None]  # values, and where not given
Makers = Mapping[str, Callable[[], tuple[Array, Array | None]]]  # of texts: values, and where known
NONE: Makers = {}


class Met:
    """What is met of what is asked for, pair by pair: sums over the skills."""

    must: Array | int
    must_asked: Array | int
    must_held: Array | int
    nice: Array
    nice_asked: Array | int
    nice_held: Array
    gap: Array
    years: Array
    with_years: Array


class Pairs(Columns):
    """Pair columns, made when a criterion reads them; the sums over the skills once, by ``fill``.

    ``asks`` and ``speaks`` are masks of languages, a number for the one side, of one type where both are many; ``far``
    gives the distance, ``more`` are those of texts.
    """

    __slots__ = ("_asks", "_far", "_fill", "_met", "_more", "_n", "_speaks")

    def __init__(self, n: int, asks: Array | int, speaks: Array | int, fill: Callable[[Met], None],
                 far: Callable[[], Made], more: Makers) -> None:  # fmt: skip
        self._values, self._known, self._more = {}, {}, more
        self._n, self._asks, self._speaks, self._fill, self._far = n, asks, speaks, fill, far
        self._met: Met | None = None

    @property
    def met(self) -> Met:
        """The sums."""
        if self._met is None:
            met = Met()
            self._fill(met)
            self._met = met
        return self._met

    @property
    def summed(self) -> bool:
        """Whether the sums over the skills were made."""
        return self._met is not None

    def __getitem__(self, name: str) -> Array:
        found = self._values.get(name)
        if found is None:
            values, missing = _MAKERS[name](self)
            n = self._n
            found = values if values.shape == (n,) else _ones(n) if values is _ONE else np.full(n, values[0])
            found.setflags(False)  # type: ignore[call-arg]  # noqa: FBT003  as `lock`
            self._values[name] = found
            if missing is not None:
                self._known[name] = missing if missing.shape == (n,) else np.full(n, missing[0])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_MAKERS)

    def __len__(self) -> int:
        return len(_MAKERS)

    def __contains__(self, name: object) -> bool:
        return name in _MAKERS

    def known(self, name: str) -> Array:
        """Booleans: where ``name`` was given."""
        missing = self.missing(name)
        return np.ones(self._n, dtype=bool) if missing is None else ~missing

    def missing(self, name: str) -> Array | None:
        """Booleans: where ``name`` was not given; ``None`` where all were."""
        if name in _ALWAYS:
            return None
        self[name]
        return self._known.get(name)

    def at(self, name: str, i: int) -> float | None:
        """The value of ``name`` for candidate ``i``, ``None`` if not given."""
        missing = self.missing(name)
        return None if missing is not None and missing[i] else float(self[name][i])

    def listed(self, at: Array, name: str) -> Sequence[float | None]:
        """The values of ``name`` at the rows ``at``, ``None`` if not given."""
        if name in _COUNTS:
            count = getattr(self.met, name)
            return [float(count)] * len(at) if isinstance(count, int) else count[at].astype(np.float64).tolist()
        values, missing = self[name][at].tolist(), self.missing(name)  # all others are float32
        return values if missing is None else with_gaps(values, missing[at])

    def same(self, name: str) -> float | None:
        """The one value that ``name`` has for all candidates, where that is known beforehand."""
        if name not in _COUNTS:
            return self.at(name, 0) if self._n == 1 else None
        found = getattr(self.met, name)
        return float(found) if isinstance(found, int) else None

    def languages(self) -> Made:
        """The share of the languages asked for that are spoken."""
        asks, speaks = self._asks, self._speaks
        if isinstance(asks, int):
            asked = asks.bit_count()
            if not asked:
                return _ONE, np.array([True])
            if isinstance(speaks, int):
                met = (asks & speaks).bit_count()
                return _ONE if met == asked else np.full(1, met / asked, dtype=np.float32), None
            kind = speaks.dtype.type
            spoken = np.bitwise_count(speaks & kind(asks & int(np.iinfo(kind).max)))
            return (spoken / np.float32(asked)).astype(np.float32), None
        many = np.bitwise_count(asks)
        none = many == 0
        own = speaks if isinstance(speaks, np.ndarray) else asks.dtype.type(speaks & int(np.iinfo(asks.dtype).max))
        return _mean(np.bitwise_count(asks & own), many, 1.0), none if none.any() else None

    def far(self) -> Made:
        """Kilometres."""
        return self._far()

    def text(self, name: str) -> Made:
        """A column of texts; not known where nobody makes it."""
        if name not in self._more:
            return np.zeros(1, dtype=np.float32), np.array([True])
        values, known = self._more[name]()
        return values, None if known is None or known.all() else ~known


_ONES = np.ones(4096, dtype=np.float32)
lock(_ONES)
_ONE = _ONES[:1]


def _ones(n: int) -> Array:
    return _ONES[:n] if n <= len(_ONES) else np.ones(n, dtype=np.float32)


def _share(total: str, number: str, none: float, *, known: bool = False) -> Callable[[Pairs], Made]:
    def make(pairs: Pairs) -> Made:
        met = pairs.met
        of = getattr(met, number)
        found = _mean(getattr(met, total), of, none)
        if not known:
            return found, None
        if isinstance(of, int):
            return found, None if of else np.array([True])
        missing = of == whole(0, of.dtype)
        return found, missing if np.count_nonzero(missing) else None

    return make


def _count(name: str) -> Callable[[Pairs], Made]:
    def make(pairs: Pairs) -> Made:
        found = getattr(pairs.met, name)
        return np.full(1, found, dtype=np.int16) if isinstance(found, int) else found.astype(np.int16), None

    return make


_ALWAYS = frozenset({"must_met", "must_held", "must_asked", "nice_held", "nice_asked", "level_gap"})
_COUNTS = frozenset({"must_held", "must_asked", "nice_held", "nice_asked"})
_MAKERS: dict[str, Callable[[Pairs], Made]] = {
    "must_met": _share("must", "must_asked", 1.0), "must_held": _count("must_held"),
    "must_asked": _count("must_asked"), "nice_met": _share("nice", "nice_asked", 0.0, known=True),
    "nice_held": _count("nice_held"), "nice_asked": _count("nice_asked"),
    "level_gap": _share("gap", "must_held", 0.0), "must_years": _share("years", "with_years", 0.0, known=True),
    "language_met": Pairs.languages, "distance": Pairs.far,
    "text_met": lambda pairs: pairs.text("text_met"), "semantic_met": lambda pairs: pairs.text("semantic_met"),
    "reach_met": lambda pairs: pairs.text("reach_met"),
}  # fmt: skip


def _mean(total: Array | int, number: Array | int, none: float) -> Array:
    if isinstance(number, int):
        if isinstance(total, int):
            share = total / number if number else none
            return _ONE if share == 1.0 else np.full(1, share, dtype=np.float32)
        return total.astype(np.float32) / whole(number, np.float32) if number else np.full(1, none, np.float32)
    many = np.maximum(number, whole(1, number.dtype)).astype(np.float32)
    found: Array = (total if isinstance(total, int) else total.astype(np.float32)) / many
    if none:
        found[number == 0] = none  # without any the total is 0
    return found


def with_gaps(values: list[float | None], missing: Array) -> list[float | None]:
    """``values``, of the caller's own making, with ``None`` where they are ``missing``."""
    for place in missing.nonzero()[0].tolist():
        values[place] = None
    return values


def people_for(wanted: Wanted, people: Side, taxonomy: Taxonomy, chosen: Chosen, today: int, more: Makers = NONE
               ) -> Candidates:  # fmt: skip
    """Some ``people`` for one mission; ``more`` makes the pair columns of texts."""
    m, p = wanted.columns, people.columns(today, chosen.at)

    def far() -> Made:
        n = len(chosen.at)
        if m.at("remote", 0) == REMOTE:
            return np.zeros(n, dtype=np.float32), None
        north, east = m.at("latitude", 0), m.at("longitude", 0)
        if north is None or east is None:
            return np.zeros(n, dtype=np.float32), np.array([True])
        km, missing = p.kilometres(north, east), p.missing("latitude")
        if missing is not None:
            km[missing] = 0.0
        return km, missing

    # who speaks all is not looked at again
    speaks = wanted.languages if chosen.speak else people.languages.take(chosen.at)
    return Candidates(m, p, Pairs(
        len(chosen.at), wanted.languages, speaks,
        lambda met: _fill_people(met, wanted.skills, people.lists, taxonomy, chosen), far, more,
    ))  # fmt: skip


def _fill_people(met: Met, asked: SkillRows, lists: SkillLists, taxonomy: Taxonomy, chosen: Chosen) -> None:
    n = len(chosen.at)
    sums: Array | None = None
    sure = True  # whether everybody holds every must-have
    nices: list[int] = []
    nice_held: Array | None = None
    more: list[tuple[bool, Array]] = []  # of whoever has only a broader skill
    musts = 0
    for skill, level, must in zip(asked.skill.tolist(), asked.level.tolist(), asked.must.tolist(), strict=True):
        codes = chosen.held.get(skill)
        less = broader_credit(lists, taxonomy, skill, chosen.rows) if codes is None and taxonomy.above[skill] else None
        if must:
            musts += 1
            if codes is None:
                sure = False
                codes = lists.codes(skill, chosen.rows, chosen.at)
            part = measures(level)[codes.dtype.itemsize].take(codes)
            sums = part if sums is None else np.add(sums, part, out=sums)
            if less is not None:
                more.append((True, np.where(codes > 0, np.float32(0.0), less)))
            continue
        if less is None and codes is None:
            nices.append(skill)
            continue
        held = lists.holds(skill, chosen.rows, chosen.at) if codes is None else codes > 0
        nice_held = held.astype(np.int16) if nice_held is None else nice_held + held
        if less is not None:
            more.append((False, np.where(held, np.float32(0.0), less)))
    if nices or nice_held is None:
        some = lists.how_many(nices, chosen.rows, chosen.at)
        nice_held = some if nice_held is None else nice_held + some
    if sums is None:
        sums = np.zeros(n, dtype=np.int64)
    met.must_asked, met.nice_asked, met.nice_held = musts, len(asked.skill) - musts, nice_held
    held, met.gap, met.with_years, met.years = summed(sums)
    met.must_held = musts if sure else held
    met.must, met.nice = met.must_held, nice_held
    for must, credit in more:
        if must:
            met.must = met.must + credit
        else:
            met.nice = met.nice + credit


def broader_credit(lists: SkillLists, taxonomy: Taxonomy, skill: int, rows: Array) -> Array | None:
    """What a broader skill alone is worth for each of ``rows``; ``None`` where there is no broader one."""
    above = taxonomy.above[skill]
    if not above:
        return None
    best = np.zeros(len(rows), dtype=np.float32)
    for broader, steps in above.items():
        itself = (lists.at(broader, rows) & DIRECT) > 0
        np.maximum(best, itself * np.float32(BROADER**steps), out=best)
    return best


def missions_for(missions: Side, person: Person, taxonomy: Taxonomy, rows: Array, today: int, more: Makers = NONE
                 ) -> Candidates:  # fmt: skip
    """``rows`` of ``missions`` (ascending) for one freelancer; ``more`` makes the pair columns of texts."""
    m, p = missions.columns(today, rows), person.columns

    def far() -> Made:
        remote = m["remote"] == REMOTE
        if p.missing("latitude") is not None:
            return np.zeros(len(rows), dtype=np.float32), None if remote.all() else ~remote
        here = float(p["latitude"][0]), float(p["longitude"][0])
        km, missing = m.kilometres(*here), m.missing("latitude")
        km[remote if missing is None else remote | missing] = 0.0
        return km, None if missing is None else missing & ~remote

    return Candidates(m, p, Pairs(
        len(rows), missions.languages[rows], person.languages,
        lambda met: _fill_missions(met, missions, person, taxonomy, rows), far, more,
    ))  # fmt: skip


def worth(taxonomy: Taxonomy, held: SkillRows) -> tuple[Array, Array, Array]:
    """For every skill what one person's are worth where it is asked for: credit, level and years (-1 not said)."""
    n = len(taxonomy.ids)
    credit, level, years = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.int32), np.full(n, -1, dtype=np.int32)
    below = _below(taxonomy)
    for skill, its_level, its_years in zip(held.skill.tolist(), held.level.tolist(), held.years.tolist(), strict=True):
        for at in (skill, *taxonomy.above[skill]):
            credit[at] = 1.0
            level[at], years[at] = max(level[at], its_level), max(years[at], its_years)
        for narrower, steps in below.get(skill, ()):
            credit[narrower] = max(credit[narrower], BROADER**steps)
    return credit, level, years


def holds(taxonomy: Taxonomy, held: SkillRows) -> frozenset[int]:
    """The skills that one person has, and everything broader."""
    own = held.skill.tolist()
    return frozenset(own).union(*(taxonomy.above[skill] for skill in own))


_BELOW: dict[int, tuple[Taxonomy, dict[int, list[tuple[int, int]]]]] = {}


def _below(taxonomy: Taxonomy) -> dict[int, list[tuple[int, int]]]:
    """(narrower, steps) by skill; the last taxonomy's is kept."""
    known = _BELOW.get(0)
    if known is None or known[0] is not taxonomy:
        found: dict[int, list[tuple[int, int]]] = {}
        for narrower, above in enumerate(taxonomy.above):
            for broader, steps in above.items():
                found.setdefault(broader, []).append((narrower, steps))
        _BELOW[0] = known = (taxonomy, found)
    return known[1]


def _fill_missions(it: Met, missions: Side, person: Person, taxonomy: Taxonomy, rows: Array) -> None:
    n = len(rows)
    owner, asked = missions.skills.many(rows)
    credit, levels, years = worth(taxonomy, person.skills)
    whole = credit >= 1.0
    # sums that add up, of a must-have that is held: years (20 bits), years given (10), levels missing (10), held (10)
    held = np.where(whole, np.maximum(years, 0) + ((years >= 0).astype(np.int64) << 20) + (1 << 40), 0)
    mine = np.where(whole, levels, 0).take(asked.skill)
    gap = np.maximum(asked.level - mine, 0)
    gap *= (mine > 0) & (asked.level > 0)
    code = held.take(asked.skill) + (gap.astype(np.int64) << 30)
    code += 1 << 50  # asked for
    nice = (code >> 40) & 1
    nice += 1 << 20
    code *= asked.must
    nice *= ~asked.must
    ends = np.searchsorted(owner, np.arange(n + 1))
    must, nice = (np.diff(np.concatenate(([0], np.cumsum(some))).take(ends)) for some in (code, nice))
    it.must_asked, it.must_held = must >> 50, (must >> 40) & 0x3FF
    it.nice_asked, it.nice_held = nice >> 20, nice & 0xFFFFF
    it.gap, it.with_years, it.years = (must >> 30) & 0x3FF, (must >> 20) & 0x3FF, must & 0xFFFFF
    it.must, it.nice = it.must_held, it.nice_held
    part = np.where(whole, np.float32(0.0), credit)
    if part.any():  # who holds only a broader skill
        less = part.take(asked.skill)
        it.must = it.must + np.bincount(owner, weights=less * asked.must, minlength=n)
        it.nice = it.nice + np.bincount(owner, weights=less * ~asked.must, minlength=n)


def great_circle(latitude: Array, longitude: Array, latitudes: Array, longitudes: Array) -> Array:
    """Kilometres between points given in degrees; broadcasts."""
    a, b = np.radians(np.asarray(latitude, dtype=np.float64)), np.radians(np.asarray(latitudes, dtype=np.float64))
    across = np.radians(np.asarray(longitudes, dtype=np.float64) - np.asarray(longitude, dtype=np.float64))
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(across / 2) ** 2
    km: Array = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))
    return km
