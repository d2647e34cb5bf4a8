"""How columns lie in a segment: the smallest whole number that holds them, 0 where nothing was given. Pure.

What criteria read (``strategies.matching.COLUMNS``) is made from these for the rows that a ranking looks at.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from marketwright.features.matching.towns import Towns
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array, Columns

Rows = Any  # an array of row numbers, or a slice
DATES = ("available_from", "starts")


@dataclass(frozen=True, slots=True)
class Code:
    """One column: what it is read as, and what was added so that 0 may say "not given" (never where ``always``)."""

    out: type[np.generic]
    shift: int = 0
    always: bool = False


CODES: dict[str, Code] = {
    "day_rate": Code(np.float32), "day_budget": Code(np.float32), "available_from": Code(np.int32),
    "starts": Code(np.int32), "days_a_week": Code(np.float32), "years": Code(np.float32, 1),
    "remote": Code(np.int8, 0, always=True), "reviews": Code(np.int32, 0, always=True),
    "asked": Code(np.int32, 0, always=True), "answered": Code(np.int32, 0, always=True),
    "answer_hours": Code(np.float32), "joined": Code(np.int32, 0, always=True),
}  # fmt: skip
FLOATS = ("day_rate", "day_budget")


def encode(name: str, given: Sequence[float | None]) -> Array:
    """A column of ``CODES`` as it is stored."""
    shift = CODES[name].shift
    if name in FLOATS:
        return np.array([v or 0 for v in given], dtype=np.float32)
    return smallest(np.array([0 if v is None else v + shift for v in given], dtype=np.int64))


def smallest(whole: Array) -> Array:
    """Whole numbers from 0 on in the fewest bytes."""
    most = int(whole.max(initial=0))
    kind = np.uint8 if most < 1 << 8 else np.uint16 if most < 1 << 16 else np.uint32 if most < 1 << 32 else np.uint64
    return np.clip(whole, 0, None).astype(kind)


def lock(column: Array) -> None:
    """Let nobody write to ``column``."""
    column.setflags(False)  # type: ignore[call-arg]  # noqa: FBT003  by place: a keyword costs as much as the call itself


Stored = Callable[[str], Array]  # a column as it is stored, by name


class Store:
    """The columns of one side. ``own`` are those of the niche's fields: NaN where nothing was given."""

    def __init__(self, arrays: Mapping[str, Array], towns: Towns, own: Mapping[str, str]) -> None:
        self.arrays, self.towns, self.own = arrays, towns, own
        self.size = 0
        # Scores of all rows, of `alone` criteria by identity: each is kept with its settings, so nothing new has it.
        self.alone: dict[tuple[int, int], tuple[object, object, Array | None]] = {}
        self.summed: tuple[object, Array, object] | None = None  # what some bring together, of the last weights
        derived = ("latitude", "longitude", "country")
        self.names = (*(n for n in CODES if n in arrays), *derived, *own,
                      *(("rating", "proved") if "claimed" in arrays else ()))  # fmt: skip
        self.makers = {name: self._maker(name) for name in self.names}

    def __contains__(self, name: object) -> bool:
        return name in self.makers

    def take(self, name: str, rows: Rows) -> Array:
        """The values of ``name`` at ``rows``, as criteria read them; 0 where nothing was given."""
        return self.makers[name](lambda column: _at(self.arrays[column], rows))

    def _maker(self, name: str) -> Callable[[Stored], Array]:
        code = CODES.get(name)
        if code is not None:
            out, shift = np.dtype(code.out), code.shift
            if not shift and self.arrays[name].dtype == out:
                return lambda stored: stored(name)
            if not shift:
                return lambda stored: stored(name).astype(out)
            return lambda stored: _lessened(stored(name), out, shift)
        if name in ("latitude", "longitude", "country"):
            return lambda stored: self.towns.table(name).take(stored("place"))
        if name == "rating":
            return lambda stored: _share(stored("rating_sum"), stored("reviews"))
        if name == "proved":
            return lambda stored: _share(stored("checked"), stored("claimed"))
        kind = np.dtype(self.own[name])
        return lambda stored: np.nan_to_num(stored(name)).astype(kind)

    def known(self, name: str, rows: Rows) -> Array | None:
        """Where ``name`` was given; ``None`` for what always is."""
        found = self.given(name, lambda column: _at(self.arrays[column], rows))
        return None if found is None else found > 0

    def given(self, name: str, stored: Stored) -> Array | None:
        """0 where ``name`` was not given; ``None`` for what always is."""
        code = CODES.get(name)
        if code is not None:
            return None if code.always else stored(name)
        if name in ("latitude", "longitude"):
            return self.towns.table("placed").take(stored("place"))
        if name == "country":
            return self.towns.table("in_country").take(stored("place"))
        if name == "proved":
            return stored("claimed")
        return ~np.isnan(stored(name)) if name in self.own else None

    def number(self, name: str, row: int) -> float | None:
        """The value of ``name`` at one row, ``None`` where it was not given; ``KeyError`` for no column."""
        if name not in self.makers:
            raise KeyError(name)
        code = CODES.get(name)
        if code is not None:
            found = self.arrays[name].item(row)
            return found - code.shift if found or code.always else None
        if name in ("latitude", "longitude", "country"):
            place, table = self.arrays["place"].item(row), self.towns.table
            known = table("in_country" if name == "country" else "placed").item(place)
            return table(name).item(place) if known else None
        rows = slice(row, row + 1)
        mask = self.known(name, rows)
        return self.take(name, rows).item() if mask is None or mask[0] else None

    def kind(self, name: str) -> type[np.generic] | str:
        """The type of ``name`` as criteria read it."""
        code = CODES.get(name)
        return code.out if code is not None else np.int16 if name == "country" else self.own.get(name, np.float32)


def _at(array: Array, rows: Rows) -> Array:
    return array[rows] if isinstance(rows, slice) else array.take(rows)


def _share(part: Array, of: Array) -> Array:
    found: Array = part.astype(np.float32)
    found /= np.maximum(of, whole(1, of.dtype))  # without any the part is 0
    return found


def _lessened(given: Array, kind: Any, shift: int) -> Array:
    if given.dtype == np.uint8:
        return _bytes_lessened(kind, shift).take(given)
    return np.maximum(given.astype(kind) - whole(shift, kind), whole(0, kind))  # type: ignore[no-any-return]


@lru_cache(maxsize=16)
def _bytes_lessened(kind: Any, shift: int) -> Array:
    return _lessened(np.arange(256, dtype=np.uint16), kind, shift)


@lru_cache(maxsize=64)
def whole(value: int, kind: Any) -> Array:
    """A number without a dimension, of one type: NumPy makes one of every number that it meets, again each time."""
    return np.array(value, dtype=kind)


_TRUE = np.ones(1, dtype=bool)
lock(_TRUE)


class Whole(Mapping[str, Array]):
    """Every row of a column by name: values, or where they are known."""

    def __init__(self, store: Store, *, known: bool = False) -> None:
        self._store, self._known = store, known

    def __getitem__(self, name: str) -> Array:
        rows = slice(0, self._store.size)
        if not self._known:
            if name not in self._store.names:
                raise KeyError(name)
            return self._store.take(name, rows)
        mask = self._store.known(name, rows)
        return np.ones(self._store.size, dtype=bool) if mask is None else mask

    def __iter__(self) -> Any:
        return iter(self._store.names)

    def __len__(self) -> int:
        return len(self._store.names)


class _Stored(Columns):
    """Columns of a store, and ``today`` beside them."""

    __slots__ = ("_store", "_today")
    _store: Store

    def __iter__(self) -> Any:
        return iter(("today", *self._store.names))

    def __len__(self) -> int:
        return 1 + len(self._store.names)

    def __contains__(self, name: object) -> bool:
        return name in self._store.makers or name == "today"


class Taken(_Stored):
    """Columns of some rows, made when a criterion reads them; dates that have passed count as today.

    ``rows`` are row numbers.
    """

    __slots__ = ("_masks", "_n", "_raw", "_rows")

    def __init__(self, store: Store, rows: Array, today: int) -> None:
        self._values, self._known = {}, {}
        self._store, self._rows, self._today = store, rows, today
        self._n = len(rows)
        self._masks: dict[str, Array | None] = {}
        self._raw: dict[str, Array] = {}

    @property
    def store(self) -> Store:
        """Whose columns they are."""
        return self._store

    @property
    def rows(self) -> Array:
        """Row numbers."""
        return self._rows

    @property
    def today(self) -> int:
        """The day of the ranking."""
        return self._today

    def __getitem__(self, name: str) -> Array:
        found = self._values.get(name)
        if found is None:
            if name == "today":
                found = np.full(self._n, self._today, dtype=np.int32)
            else:
                found = self._store.makers[name](self.stored)
                if name in DATES:
                    found = np.maximum(found, whole(self._today, found.dtype))  # in place it takes twice as long
            found.setflags(False)  # type: ignore[call-arg]  # noqa: FBT003  as `lock`
            self._values[name] = found
        return found

    def some(self, at: Array) -> "Taken":
        """The same columns of those at ``at``."""
        return Taken(self._store, self._rows.take(at), self._today)

    def kilometres(self, latitude: float, longitude: float) -> Array:
        """From the town of each row to a point, along the great circle, float32.

        What a row without a town gives means nothing.
        """
        return self._store.towns.kilometres(latitude, longitude).take(self.stored("place"))

    def stored(self, name: str) -> Array:
        """A column as it is stored, looked up once for its values and its gaps."""
        found = self._raw.get(name)
        if found is None:
            found = self._raw[name] = self._store.arrays[name].take(self._rows)
        return found

    def known(self, name: str) -> Array:
        """Booleans: where ``name`` was given."""
        missing = self.missing(name)
        found = np.ones(self._n, dtype=bool) if missing is None else ~missing
        lock(found)
        return found

    def missing(self, name: str) -> Array | None:
        """Booleans: where ``name`` was not given; ``None`` where all were."""
        if name in self._masks:
            return self._masks[name]
        code = CODES.get(name)
        if code is not None and not code.always:
            mask: Array | None = self.stored(name)
        else:
            mask = None if name == "today" else self._store.given(name, self.stored)
        found = None
        if mask is not None and np.count_nonzero(mask) < self._n:
            found = np.logical_not(mask)
            lock(found)
        self._masks[name] = found
        return found

    def at(self, name: str, i: int) -> float | None:
        """The value of ``name`` for candidate ``i``, ``None`` if not given."""
        here, missing = i if self._n > 1 else 0, self.missing(name)
        return None if missing is not None and missing[here] else float(self[name][here])


class One(_Stored):
    """Columns of one row, as :class:`Taken` would give them: numbers, of which arrays of length 1 are made."""

    __slots__ = ("_numbers", "_row")

    def __init__(self, store: Store, row: int, today: int) -> None:
        self._values, self._known = {}, {}
        self._store, self._row, self._today = store, row, today
        self._numbers: dict[str, float | None] = {"today": today}

    def _number(self, name: str) -> float | None:
        """The value of ``name``, ``None`` if not given; looked up once."""
        try:
            return self._numbers[name]
        except KeyError:
            found = self._store.number(name, self._row)
            if name in DATES and found is not None:
                found = max(found, self._today)
            self._numbers[name] = found
            return found

    def __getitem__(self, name: str) -> Array:
        found = self._values.get(name)
        if found is None:
            number = self._number(name)
            if number is None:
                number = self._today if name in DATES else 0
            found = np.array([number], dtype=np.int32 if name == "today" else self._store.kind(name))
            lock(found)
            self._values[name] = found
        return found

    def known(self, name: str) -> Array:
        """Booleans: whether ``name`` was given."""
        return np.array([self._number(name) is not None])

    def missing(self, name: str) -> Array | None:
        """True where ``name`` was not given; ``None`` where it was."""
        return _TRUE if self._number(name) is None else None

    def at(self, name: str, i: int) -> float | None:  # noqa: ARG002
        """The value of ``name``, ``None`` if not given."""
        number = self._numbers[name] if name in self._numbers else self._number(name)
        return None if number is None else float(number)

    def same(self, name: str) -> float | None:
        """As :meth:`at`."""
        return self.at(name, 0)
