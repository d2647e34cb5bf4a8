"""The few candidates that are shown, as criteria read them for their reasons: columns as lists, made once. Pure."""

from collections.abc import Callable, Iterator

import numpy as np

from marketwright.features.matching.stored import One, lock
from marketwright.strategies.matching import Array, Candidates, Columns


def few_of(candidates: Candidates, at: Array) -> Candidates:
    """``candidates`` at the rows ``at``, in their order; the one side stays one."""
    return Candidates(Few(candidates.m, at), Few(candidates.p, at), Few(candidates.pair, at))


class _Lists(dict[str, list[float | None]]):
    """Columns as lists, each made when it is first read."""

    def __init__(self, make: Callable[[str], list[float | None]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> list[float | None]:
        found = self[name] = self._make(name)
        return found


class Few(Columns):
    """Some rows of other columns."""

    __slots__ = ("_at", "_lists", "_whole")

    def __init__(self, whole: Columns, at: Array) -> None:
        self._values, self._known = {}, {}
        self._whole, self._at = whole, at
        self._lists = _Lists(self._listed)

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

    def _listed(self, name: str) -> list[float | None]:
        same = self._whole.same(name)
        if same is not None or isinstance(self._whole, One):
            return [same] * len(self._at)
        column, missing = self._cut(self._whole[name]), self.missing(name)
        found: list[float | None] = (column if column.dtype.kind == "f" else column.astype(np.float64)).tolist()
        if missing is not None:
            found = [None if gone else value for gone, value in zip(missing.tolist(), found, strict=True)]
        return found if len(found) == len(self._at) else found * len(self._at)
