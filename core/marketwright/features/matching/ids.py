"""The ids of rows: ours in ten bytes each, any others as they are; read when somebody asks for them. Pure.

An id of ours is 16 letters of 32, 5 bits each. As bytes they stand in the order of the letters.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from marketwright.strategies.matching import Array

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH, WIDE, HALF = 16, 10, 5  # letters, bytes, bytes of half an id
_LETTER = np.frombuffer(LETTERS.encode(), dtype=np.uint8)
_NUMBER = np.full(256, 255, dtype=np.uint8)
_NUMBER[_LETTER] = np.arange(32)
_BYTES = np.array([half + at for half in (0, HALF) for first in range(4) for at in (first + 1, first)])
_SHIFTS = np.array((6, 4, 2, 0) * 2, dtype=np.uint16)  # of the pairs of letters in two bytes each
_PAIR = np.array(1023, dtype=np.uint16)  # the bits of a pair
_PAIRS = [one + other for one in LETTERS for other in LETTERS]
_CUTS = [slice(k, k + LENGTH) for k in range(0, 64 * LENGTH, LENGTH)]
_TWO, _TEXT = np.array(_PAIRS, dtype="S2").view(np.uint16), np.dtype(f"S{LENGTH}")


def packed(ids: Array) -> Array | None:
    """Ids (bytes of one width) as rows of ten bytes; ``None`` where one of them is none of ours."""
    if not len(ids):
        return np.zeros((0, WIDE), dtype=np.uint8)
    if ids.dtype.itemsize != LENGTH:
        return None
    numbers = _NUMBER.take(np.ascontiguousarray(ids).view(np.uint8).reshape(len(ids), 2, 8))
    if numbers.max(initial=0) > 31:
        return None
    halves = np.zeros((len(ids), 2), dtype=np.uint64)
    for k in range(8):
        halves = (halves << np.uint64(5)) | numbers[:, :, k]
    found: Array = halves.astype(">u8").view(np.uint8).reshape(len(ids), 2, 8)[:, :, 8 - HALF :]
    return np.ascontiguousarray(found.reshape(len(ids), WIDE))


def _packed_one(one: str) -> bytes | None:
    """One id as :func:`packed` has it; ``None`` where it is none of ours."""
    if len(one) != LENGTH:
        return None
    whole = 0
    for letter in one:
        number = LETTERS.find(letter)
        if number < 0:
            return None
        whole = whole << 5 | number
    return whole.to_bytes(WIDE, "big")


def unpacked(ids: Array) -> Array:
    """Ids as bytes of one width, from any form of them."""
    return ids if ids.ndim == 1 else _letters(ids).reshape(-1).view(_TEXT)


def _letters(ids: Array) -> Array:
    """The letters of packed ids, two and two: their 10 bits always lie in two bytes."""
    pairs = ids.take(_BYTES, axis=1).view("<u2")
    pairs >>= _SHIFTS
    pairs &= _PAIR
    return _TWO.take(pairs)


def _text(one: Array | bytes) -> str:
    if isinstance(one, bytes):
        return one.decode()
    bits = int.from_bytes(one.tobytes(), "big")
    return "".join([_PAIRS[bits >> shift & 1023] for shift in range(70, -1, -10)])


class Ids(Sequence[str]):
    """The ids of some rows, read when they are asked for."""

    __slots__ = ("_all", "_rows")

    def __init__(self, every: Array, rows: Array | None = None) -> None:
        self._all, self._rows = every, rows

    def __len__(self) -> int:
        return len(self._all if self._rows is None else self._rows)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            some = self._all[at] if self._rows is None else self._all[self._rows[at]]
            return [one.decode() for one in unpacked(some).tolist()]
        return _text(self._all[at] if self._rows is None else self._all[self._rows[at]])

    @property
    def raw(self) -> Array:
        """All of them, as bytes of one width."""
        return unpacked(self._all if self._rows is None else self._all[self._rows])

    def at(self, places: Array) -> Array:
        """Those at ``places``, as bytes of one width."""
        return unpacked(self._all.take(places if self._rows is None else self._rows.take(places), axis=0))

    def texts(self, places: Array) -> list[str]:
        """Those at ``places``."""
        some = self._all.take(places if self._rows is None else self._rows.take(places), axis=0)
        if some.ndim == 1:
            return [one.decode() for one in some.tolist()]
        text = _letters(some).tobytes().decode("ascii")
        if len(some) > len(_CUTS):
            return [text[k : k + LENGTH] for k in range(0, len(text), LENGTH)]
        return list(map(text.__getitem__, _CUTS[: len(some)]))

    def of(self, rows: Array) -> "Ids":
        """The ids of some rows."""
        return Ids(self._all, rows)


class Numbers(Mapping[str, int]):
    """The row of each id: by halving among the sorted ones, and by name for those added since or gone (-1)."""

    def __init__(self, ids: Array, by_id: Array, moved: Mapping[str, int]) -> None:
        self._ids, self._by_id, self.moved = ids[: len(by_id)], by_id, moved
        self._keys = self._ids if ids.ndim == 1 else self._ids.view(f"S{WIDE}").reshape(len(by_id))

    def __getitem__(self, one: str) -> int:
        row = self.moved.get(one)
        if row is None:
            row = self.before(one)
        if row < 0:
            raise KeyError(one)
        return row

    def before(self, one: str) -> int:
        """The row that ``one`` had in the segment; -1 where it had none."""
        wanted: bytes = one.encode()
        if self._ids.ndim > 1:
            key = _packed_one(one)
            if key is None:
                return -1
            wanted = key.rstrip(b"\0")  # as an array gives them
        at = bisect_left(self._by_id, wanted, key=self._keys.__getitem__)
        if at < len(self._by_id) and self._keys[self._by_id[at]] == wanted:
            return int(self._by_id[at])
        return -1

    def __iter__(self) -> Iterator[str]:
        gone = set(self.moved)
        yield from (i for i in (x.decode() for x in unpacked(self._ids).tolist()) if i not in gone)
        yield from (i for i, row in self.moved.items() if row >= 0)

    def __len__(self) -> int:
        return sum(1 for _ in self)
