"""The few candidates that are shown, as criteria read them for their reasons: columns as lists, made once. Pure."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from marketwright.features.matching.pairs import Pairs, with_gaps
from marketwright.features.matching.stored import CODES, DATES, One, Taken, lock
from marketwright.strategies.matching import Array, Candidates, Columns

_DOUBLE = np.dtype(np.float64)


def few_of(candidates: Candidates, at: Array) -> Candidates:
    """``candidates`` at the rows ``at``, in their order; the one side stays one."""
    return Candidates(_few(candidates.m, at), _few(candidates.p, at), Few(candidates.pair, at))


def _few(side: Columns, at: Array) -> Columns:
    return side if isinstance(side, One) else Few(side, at)


def _lists_of(whole: Columns, at: Array) -> Callable[[str], Sequence[float | None]]:
    """What makes a list of a column's values at the rows ``at``."""
    if isinstance(whole, Taken):
        return partial(_taken, whole.some(at))  # what only reasons read is made for the few alone
    return partial(whole.listed if isinstance(whole, Pairs) else partial(_any, whole), at)


def _any(whole: Columns, at: Array, name: str) -> Sequence[float | None]:
    return [whole.at(name, i) for i in at.tolist()]


def _taken(taken: Taken, name: str) -> list[float | None]:
    code = CODES.get(name)
    if code is None:
        found, missing = taken[name].astype(_DOUBLE).tolist(), taken.missing(name)
        return found if missing is None else with_gaps(found, missing)
    given: list[float | None] = taken.stored(name).astype(_DOUBLE).tolist()
    if code.always:
        return given
    if name in DATES:
        today = float(taken.today)
        return [(value if value > today else today) if value else None for value in given]
    if code.shift:
        return [value - code.shift if value else None for value in given]
    return [value or None for value in given]


class _Lists(dict[str, Sequence[float | None]]):
    """Columns as lists, each made when it is first read."""

    def __init__(self, make: Callable[[str], Sequence[float | None]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> Sequence[float | None]:
        found = self[name] = self._make(name)
        return found


class Few(Columns):
    """Some rows of other columns."""

    __slots__ = ("_at", "_lists", "_whole")

    def __init__(self, whole: Columns, at: Array) -> None:
        self._values, self._known = {}, {}
        self._whole, self._at = whole, at
        self._lists = _Lists(_lists_of(whole, at))

    def _cut(self, column: Array) -> Array:
        return column if len(column) == 1 else column.take(self._at)

    def __getitem__(self, name: str) -> Array:
        found = self._values.get(name)
        if found is None:
            found = self._cut(self._whole[name])
            lock(found)
            self._values[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def __contains__(self, name: object) -> bool:
        return name in self._whole

    def known(self, name: str) -> Array:
        """Booleans: where ``name`` was given."""
        missing = self.missing(name)
        return np.ones(len(self[name]), dtype=bool) if missing is None else ~missing

    def missing(self, name: str) -> Array | None:
        """Booleans: where ``name`` was not given; ``None`` where all were."""
        found = self._whole.missing(name)
        return None if found is None else self._cut(found)

    def at(self, name: str, i: int) -> float | None:
        """The value of ``name`` for candidate ``i``, ``None`` if not given."""
        return self._lists[name][i]

    def each(self, name: str, n: int) -> Sequence[float | None]:  # noqa: ARG002
        """The values of ``name``, ``None`` if not given."""
        return self._lists[name]
