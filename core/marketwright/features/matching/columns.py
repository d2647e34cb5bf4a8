"""One side of a marketplace as rows, and one of them as the other side is ranked for it.

Pure: NumPy and the strategies alone. Row numbers are positions in ``ids``; skills are numbers of the taxonomy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any

import numpy as np

from marketwright.features.matching.ids import Ids, Numbers
from marketwright.features.matching.lists import SkillLists
from marketwright.features.matching.stored import One, Store, Taken, Whole
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array, Columns

BROADER = 0.5  # a skill that only the next broader one covers counts half, the one above that a quarter
SPOKEN = 2  # languages count from "working" on
KEPT = 1024  # missions of one side that are kept as they are ranked for
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The skills: ``number`` by id, labels by number and language, ``above`` maps each to (broader: steps up).

    A skill that was merged into another has the number of that one.
    """

    number: Mapping[str, int]
    ids: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    above: tuple[Mapping[int, int], ...]
    words: tuple[frozenset[str], ...]

    def label(self, number: int, locale: str) -> str:
        """The name of a skill in ``locale``."""
        return self.labels.get(locale, self.labels["en"])[number]

    def named(self, skill: str, locale: str) -> str | None:
        """The name in ``locale`` of the skill with that very id; ``None`` for one that is not here, or was merged."""
        number = self.number.get(skill, -1)
        return self.label(number, locale) if number >= 0 and self.ids[number] == skill else None

    def now(self, skills: Sequence[str]) -> tuple[str, ...]:
        """``skills`` under the ids that they have now; those that nobody knows stay."""
        return tuple(dict.fromkeys(self.ids[self.number[s]] if s in self.number else s for s in skills))

    def credit(self, asked: int, held: int) -> float:
        """What holding ``held`` is worth where ``asked`` is wanted: 1 for it or a narrower one, less for a broader."""
        if asked == held or asked in self.above[held]:
            return 1.0
        steps = self.above[asked].get(held)
        return BROADER**steps if steps else 0.0


@dataclass(frozen=True, slots=True)
class SkillRows:
    """What one mission asks for, in its order, or what one person has. ``level`` 0 and ``years`` -1 where not said."""

    skill: Array
    level: Array
    years: Array
    must: Array

    @staticmethod
    def made(rows: Sequence[tuple[int, int, int, bool]]) -> "SkillRows":
        """From (skill, level, years, must)."""
        table = np.array(rows, dtype=np.int32).reshape(-1, 4)
        return SkillRows(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(bool))


def _unsaid(n: int) -> Array:
    """Years that nobody said, ``n`` times."""
    return _UNSAID[:n] if n <= len(_UNSAID) else np.full(n, -1)


_UNSAID = np.full(64, -1)
_UNSAID.setflags(write=False)


@dataclass(frozen=True, slots=True)
class AskedRows:
    """What every mission asks for: runs of one array each; ``added`` are those of rows that came later."""

    starts: Array
    skill: Array
    level: Array
    must: Array
    added: Mapping[int, SkillRows] = field(default_factory=dict)

    def of(self, row: int) -> SkillRows:
        """What the mission at ``row`` asks for."""
        if row in self.added:
            return self.added[row]
        a, b = int(self.starts[row]), int(self.starts[row + 1])
        level = self.level[a:b].astype(np.int32)
        return SkillRows(self.skill[a:b].astype(np.int32), level, _unsaid(b - a), self.must[a:b].astype(bool))

    def many(self, rows: Array) -> tuple[Array, SkillRows]:
        """(which of ``rows``, what it asks for) of several at once; ``rows`` ascending."""
        base = rows[: int(np.searchsorted(rows, len(self.starts) - 1))].astype(np.int64)
        first = self.starts.take(base).astype(np.int64)
        lengths = self.starts.take(base + 1) - first
        owner = np.repeat(np.arange(len(base)), lengths)
        at = np.arange(len(owner)) + np.repeat(first - np.cumsum(lengths) + lengths, lengths)
        skill, level, must = self.skill.take(at), self.level.take(at), self.must.take(at)
        parts = [(owner, skill.astype(np.int32), level.astype(np.int32), must.astype(bool))]
        if len(base) == len(rows):
            return owner, SkillRows(*parts[0][1:3], np.full(len(skill), -1), parts[0][3])
        for place in range(len(base), len(rows)):
            own = self.added[int(rows[place])]
            parts.append((np.full(len(own.skill), place), own.skill, own.level, own.must))
        owner, skill, level, must = (np.concatenate([p[k] for p in parts]) for k in range(4))
        return owner, SkillRows(skill, level, np.full(len(skill), -1), must)


@dataclass(frozen=True, slots=True)
class Side:
    """People, or missions: columns, lists by skill, a bit mask of languages; ``skills`` of missions alone."""

    ids: Ids
    number: Numbers
    store: Store
    lists: SkillLists
    languages: Array
    skills: AskedRows
    kept: dict[tuple[int, int], "Wanted"] = field(default_factory=dict, compare=False, repr=False)

    @property
    def values(self) -> Mapping[str, Array]:
        """Every column, all rows."""
        return Whole(self.store)

    @property
    def known(self) -> Mapping[str, Array]:
        """Where every column was given."""
        return Whole(self.store, known=True)

    def columns(self, today: int, rows: Array) -> Taken:
        """Some rows; dates that have passed count as today."""
        return Taken(self.store, rows, today)

    def one(self, today: int, row: int) -> Columns:
        """One row, as columns of length 1."""
        return One(self.store, row, today)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One mission as people are ranked for it: its id, columns of length 1, what it asks for.

    ``made`` is what was made of it last, by what it is for: (of what else, what was made).
    """

    id: str
    columns: Columns
    skills: SkillRows
    languages: int
    row: int = -1  # in the index, where it stands there
    made: dict[str, tuple[object, Any]] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """One freelancer as missions are ranked for them."""

    id: str
    columns: Columns
    skills: SkillRows
    languages: int
    words: frozenset[str] = frozenset()  # of headline and bio


def wanted_of(missions: Side, row: int, today: int) -> Wanted:
    """The mission at ``row``, made once for each day: a row of a segment never changes."""
    found = missions.kept.get((row, today))
    if found is None:
        if len(missions.kept) >= KEPT:
            missions.kept.clear()
        found = Wanted(missions.ids[row], missions.one(today, row), missions.skills.of(row),
                       int(missions.languages[row]), row)  # fmt: skip
        missions.kept[row, today] = found
    return found
