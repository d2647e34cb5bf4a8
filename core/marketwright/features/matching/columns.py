"""The columns of people and missions in memory, and the pair columns between one of them and all of the others.

Pure: NumPy and the strategies alone. Row numbers are positions in ``ids``; skills are numbers of the taxonomy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from marketwright.strategies.matching import Array, Candidates, Columns

EARTH_KM = 6371.0
BROADER = 0.5  # a skill that only the next broader one covers counts half, the one above that a quarter
SPOKEN = 2  # languages count from "working" on
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The skills: ``number`` by id, labels by number and language, ``above`` maps each to (broader: steps up)."""

    number: Mapping[str, int]
    ids: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    above: tuple[Mapping[int, int], ...]
    words: tuple[frozenset[str], ...]

    def label(self, number: int, locale: str) -> str:
        """The name of a skill in ``locale``."""
        return self.labels.get(locale, self.labels["en"])[number]

    def credit(self, asked: int, held: int) -> float:
        """What holding ``held`` is worth where ``asked`` is wanted: 1 for it or a narrower one, less for a broader."""
        if asked == held or asked in self.above[held]:
            return 1.0
        steps = self.above[asked].get(held)
        return BROADER**steps if steps else 0.0


@dataclass(frozen=True, slots=True)
class SkillRows:
    """Which owner has or asks for which skill; sorted by owner. ``level`` 0 and ``years`` -1 where not said."""

    owner: Array
    skill: Array
    level: Array
    years: Array
    must: Array

    def of(self, owner: int) -> "SkillRows":
        """The rows of one owner."""
        a, b = np.searchsorted(self.owner, (owner, owner + 1))
        return SkillRows(self.owner[a:b], self.skill[a:b], self.level[a:b], self.years[a:b], self.must[a:b])


def skill_rows(rows: Iterable[tuple[int, int, int, int, bool]]) -> SkillRows:
    """From (owner, skill, level, years, must), in any order of owners."""
    table = np.array(sorted(rows, key=lambda r: r[0]), dtype=np.int32).reshape(-1, 5)
    return SkillRows(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4].astype(bool))


@dataclass(frozen=True, slots=True)
class Side:
    """People, or missions: raw columns by name, ``known`` masks, their skills and a bit mask of languages."""

    ids: tuple[str, ...]
    number: Mapping[str, int]
    values: Mapping[str, Array]
    known: Mapping[str, Array]
    skills: SkillRows
    languages: Array

    def columns(self, today: int, row: int | None = None) -> Columns:
        """All rows, or one; dates that have passed count as today."""
        at = slice(None) if row is None else slice(row, row + 1)
        values = {name: column[at] for name, column in self.values.items()}
        length = len(self.ids) if row is None else 1
        for name in ("available_from", "starts"):
            if name in values:
                values[name] = np.maximum(values[name], np.int32(today))
        values["today"] = np.full(length, today, dtype=np.int32)
        return Columns(values, {name: mask[at] for name, mask in self.known.items()})


def people_for(missions: Side, people: Side, taxonomy: Taxonomy, mission: int, today: int) -> Candidates:
    """All of ``people`` for one mission."""
    asked = missions.skills.of(mission)
    n = len(people.ids)
    met, gaps = _Met(n), people.skills
    for a, level, must in zip(asked.skill, asked.level, asked.must, strict=True):
        worth = _worth_of_held(taxonomy, int(a))[gaps.skill]
        credit, exact = np.zeros(n, dtype=np.float32), worth >= 1.0
        some = np.flatnonzero(worth)
        np.maximum.at(credit, gaps.owner[some], worth[some])
        held_level, years = np.zeros(n, dtype=np.int32), np.full(n, -1, dtype=np.int32)
        np.maximum.at(held_level, gaps.owner[exact], gaps.level[exact])
        np.maximum.at(years, gaps.owner[exact], gaps.years[exact])
        met.add(slice(None), credit, held_level, years, int(level), must=bool(must))
    m, p = missions.columns(today, mission), people.columns(today)
    return Candidates(m, p, met.columns(m, p, missions.languages[mission : mission + 1], people.languages))


def missions_for(missions: Side, people: Side, taxonomy: Taxonomy, person: int, today: int) -> Candidates:
    """All of ``missions`` for one freelancer."""
    held = people.skills.of(person)
    met = _Met(len(missions.ids))
    table = missions.skills
    for a in np.unique(table.skill):
        credit, level, years = _held(taxonomy, int(a), held)
        for row in np.flatnonzero(table.skill == a):
            met.add(int(table.owner[row]), credit, level, years, int(table.level[row]), must=bool(table.must[row]))
    m, p = missions.columns(today), people.columns(today, person)
    return Candidates(m, p, met.columns(m, p, missions.languages, people.languages[person : person + 1]))


def _worth_of_held(taxonomy: Taxonomy, asked: int) -> Array:
    """For every skill, what holding it is worth where ``asked`` is wanted."""
    worth = np.zeros(len(taxonomy.ids), dtype=np.float32)
    for broader, steps in taxonomy.above[asked].items():
        worth[broader] = BROADER**steps
    worth[asked] = 1.0
    for held, above in enumerate(taxonomy.above):
        if asked in above:
            worth[held] = 1.0
    return worth


def _held(taxonomy: Taxonomy, asked: int, held: SkillRows) -> tuple[float, int, int]:
    """What one person's skills are worth for ``asked``: credit, level and years."""
    best, level, years = 0.0, 0, -1
    for skill, its_level, its_years in zip(held.skill, held.level, held.years, strict=True):
        worth = taxonomy.credit(asked, int(skill))
        best = max(best, worth)
        if worth >= 1.0:
            level, years = max(level, int(its_level)), max(years, int(its_years))
    return best, level, years


class _Met:
    """Counts, per pair, what is met of what is asked for."""

    def __init__(self, n: int) -> None:
        self.n = n
        names = ("must", "must_asked", "must_held", "nice", "nice_asked", "nice_held", "gap", "years", "with_years")
        self.sums = {name: np.zeros(n, dtype=np.float64) for name in names}

    def add(self, at: slice | int, credit: Array | float, level: Array | int, years: Array | int, asked_level: int,
            *, must: bool) -> None:  # fmt: skip
        """One skill asked for, at all rows or one."""
        kind = "must" if must else "nice"
        self.sums[kind][at] += credit
        self.sums[f"{kind}_asked"][at] += 1
        self.sums[f"{kind}_held"][at] += np.asarray(credit) >= 1.0
        if must:
            said = (np.asarray(level) > 0) & (asked_level > 0)
            self.sums["gap"][at] += np.where(said, np.maximum(asked_level - np.asarray(level), 0), 0)
            self.sums["years"][at] += np.maximum(years, 0)
            self.sums["with_years"][at] += np.asarray(years) >= 0

    def columns(self, m: Columns, p: Columns, asks: Array, speaks: Array) -> Columns:
        """The pair columns."""
        s = self.sums
        asked, met = _bits(asks), _bits(asks & speaks)
        values: dict[str, Array] = {
            "must_met": _mean(s["must"], s["must_asked"], 1.0), "must_held": s["must_held"].astype(np.int16),
            "must_asked": s["must_asked"].astype(np.int16), "nice_met": _mean(s["nice"], s["nice_asked"], 0.0),
            "nice_held": s["nice_held"].astype(np.int16), "nice_asked": s["nice_asked"].astype(np.int16),
            "level_gap": _mean(s["gap"], s["must_held"], 0.0), "must_years": _mean(s["years"], s["with_years"], 0.0),
            "language_met": np.broadcast_to(_mean(met, asked, 1.0), (self.n,)), "distance": self._wide(distance(m, p)),
        }  # fmt: skip
        placed = m.known("latitude") & p.known("latitude")
        known = {
            "nice_met": s["nice_asked"] > 0, "must_years": s["with_years"] > 0, "language_met": self._wide(asked > 0),
            "distance": self._wide(placed | (m["remote"] == 2)),
        }  # fmt: skip
        return Columns(values, known)

    def _wide(self, column: Array) -> Array:
        return np.broadcast_to(column, (self.n,))


def _mean(total: Array, number: Array, none: float) -> Array:
    return np.where(number > 0, total / np.maximum(number, 1), none).astype(np.float32)


def _bits(masks: Array) -> Array:
    flat = np.unpackbits(np.ascontiguousarray(masks, dtype=np.uint64).view(np.uint8).reshape(-1, 8), axis=1)
    counts: Array = flat.sum(axis=1).astype(np.float64)
    return counts


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
