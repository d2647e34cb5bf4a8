"""The pair columns between one of a side and rows of the other: what is met of what is asked for. Pure."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from marketwright.features.matching.columns import BROADER, Person, Side, SkillRows, Taxonomy, Wanted
from marketwright.features.matching.lists import DIRECT, LEVEL, YEARS, SkillLists
from marketwright.strategies.matching import Array, Candidates, Columns

EARTH_KM = 6371.0
Makers = Mapping[str, Callable[[], tuple[Array, Array | None]]]
TEXTS = ("text_met", "semantic_met")
NONE: Makers = {}


class Pairs(Columns):
    """Pair columns, made when a criterion reads them: ``makers`` give (values, where known or ``None``)."""

    __slots__ = ("_makers", "_n")

    def __init__(self, makers: Mapping[str, Callable[[], tuple[Array, Array | None]]], n: int) -> None:
        super().__init__({})
        self._makers, self._n = makers, n

    def __getitem__(self, name: str) -> Array:
        if name not in self._values:
            values, known = self._makers[name]()
            if values.shape != (self._n,):
                values = np.broadcast_to(values, (self._n,))
            values.flags.writeable = False
            self._values[name] = values
            if known is not None:
                self._known[name] = known if known.shape == (self._n,) else np.broadcast_to(known, (self._n,))
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def known(self, name: str) -> Array:
        """Booleans: where ``name`` was given."""
        self[name]
        return super().known(name)

    def at(self, name: str, i: int) -> float | None:
        """The value of ``name`` for candidate ``i``, ``None`` if not given."""
        self[name]
        return super().at(name, i)


class Met:
    """What is met of what is asked for, pair by pair: sums over the skills, made once when first read."""

    must: Array
    must_asked: Array
    must_held: Array
    nice: Array
    nice_asked: Array
    nice_held: Array
    gap: Array
    years: Array
    with_years: Array

    def __init__(self, n: int, asks: Array, speaks: Array) -> None:
        self.n, self.asks, self.speaks = n, asks, speaks

    def pairs(self, m: Columns, p: Columns, fill: Callable[["Met"], None], more: "Makers") -> Pairs:
        """The pair columns; ``fill`` computes the sums, ``more`` are those of texts."""
        ready: list[bool] = []

        def met() -> Met:
            if not ready:
                fill(self)
                ready.append(True)
            return self

        def mean(total: str, number: str, none: float, *, known: bool = False
                 ) -> Callable[[], tuple[Array, Array | None]]:  # fmt: skip
            def make() -> tuple[Array, Array | None]:
                it = met()
                of = np.asarray(getattr(it, number))
                return _mean(np.asarray(getattr(it, total)), of, none), (of > 0 if known else None)

            return make

        def count(name: str) -> Callable[[], tuple[Array, Array | None]]:
            return lambda: (np.asarray(getattr(met(), name)).astype(np.int16), None)

        return Pairs({
            "must_met": mean("must", "must_asked", 1.0), "must_held": count("must_held"),
            "must_asked": count("must_asked"), "nice_met": mean("nice", "nice_asked", 0.0, known=True),
            "nice_held": count("nice_held"), "nice_asked": count("nice_asked"),
            "level_gap": mean("gap", "must_held", 0.0), "must_years": mean("years", "with_years", 0.0, known=True),
            "language_met": self._languages, "distance": lambda: _far(m, p),
            **dict.fromkeys(TEXTS, lambda: (np.zeros(self.n, dtype=np.float32), np.zeros(self.n, dtype=bool))), **more,
        }, self.n)  # fmt: skip

    def _languages(self) -> tuple[Array, Array | None]:
        asked = _bits(self.asks)
        return _mean(_bits(self.asks & self.speaks), asked, 1.0), asked > 0


def people_for(wanted: Wanted, people: Side, taxonomy: Taxonomy, rows: Array, today: int, more: Makers = NONE
               ) -> Candidates:  # fmt: skip
    """``rows`` of ``people`` (ascending) for one mission; ``more`` makes the pair columns of texts."""
    m, p = wanted.columns, people.columns(today, rows)
    asks = np.array([wanted.languages], dtype=np.uint64)
    met = Met(len(rows), asks, people.languages[rows].astype(np.uint64))
    return Candidates(m, p, met.pairs(
        m, p, lambda it: _fill_people(it, wanted.skills, people.lists, taxonomy, rows), more
    ))  # fmt: skip


def _fill_people(it: Met, asked: SkillRows, lists: SkillLists, taxonomy: Taxonomy, rows: Array) -> None:
    n = it.n
    it.must, it.nice = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    it.must_held, it.nice_held = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.int16)
    it.gap, it.years, it.with_years = (np.zeros(n, dtype=np.int16) for _ in range(3))
    it.must_asked, it.nice_asked = (np.array([int(asked.must.sum())]), np.array([int((~asked.must).sum())]))
    wants = zip(asked.skill.tolist(), asked.level.tolist(), asked.must.tolist(), strict=True)
    for skill, asked_level, must in wants:
        found = lists.at(skill, rows)
        held = found != 0
        less = broader_credit(lists, taxonomy, skill, rows)
        credit = held if less is None else np.where(held, np.float32(1.0), less)
        if not must:
            it.nice += credit
            it.nice_held += held
            continue
        it.must += credit
        it.must_held += held
        level = (found & LEVEL).astype(np.int16) - 1
        if asked_level:
            it.gap += np.where(level > 0, np.maximum(asked_level - level, 0), 0)
        years = (found >> YEARS).astype(np.int16)
        it.years += np.maximum(years - 1, 0)
        it.with_years += years > 0


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
    speaks = np.array([person.languages], dtype=np.uint64)
    met = Met(len(rows), missions.languages[rows].astype(np.uint64), speaks)
    return Candidates(m, p, met.pairs(
        m, p, lambda it: _fill_missions(it, missions, person, taxonomy, rows), more
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
    n = it.n
    owner, asked = missions.skills.many(rows)
    credit, levels, spans = (table[asked.skill] for table in worth(taxonomy, person.skills))
    must, held = asked.must, credit >= 1.0

    def total(weights: Array) -> Array:
        return np.bincount(owner, weights=weights, minlength=n)

    it.must, it.must_asked, it.must_held = total(credit * must), total(must), total(held & must)
    it.nice, it.nice_asked, it.nice_held = total(credit * ~must), total(~must), total(held & ~must)
    levels, spans = np.where(held, levels, 0), np.where(held, spans, -1)
    said = (levels > 0) & (asked.level > 0) & must
    it.gap = total(np.where(said, np.maximum(asked.level - levels, 0), 0))
    it.years, it.with_years = total(np.maximum(spans, 0) * must), total((spans >= 0) & must)


def _mean(total: Array, number: Array, none: float) -> Array:
    return np.where(number > 0, total / np.maximum(number, 1), none).astype(np.float32)


def _bits(masks: Array) -> Array:
    return np.bitwise_count(masks).astype(np.float64)


def _far(m: Columns, p: Columns) -> tuple[Array, Array | None]:
    placed = m.known("latitude") & p.known("latitude")
    return distance(m, p), placed | (m["remote"] == 2)


def distance(m: Columns, p: Columns) -> Array:
    """Great circle kilometres; 0 where the mission is remote, and where a place is not known."""
    km = great_circle(m["latitude"], m["longitude"], p["latitude"], p["longitude"])
    known = m.known("latitude") & p.known("latitude") & (m["remote"] != 2)
    return np.where(known, km, 0.0).astype(np.float32)


def great_circle(latitude: Array, longitude: Array, latitudes: Array, longitudes: Array) -> Array:
    """Kilometres between points given in degrees; broadcasts."""
    a, b = np.radians(np.asarray(latitude, dtype=np.float64)), np.radians(np.asarray(latitudes, dtype=np.float64))
    across = np.radians(np.asarray(longitudes, dtype=np.float64) - np.asarray(longitude, dtype=np.float64))
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(across / 2) ** 2
    km: Array = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))
    return km
