"""What a word beside an entry of a list says of its row, and which words and rows pass what gates surely ask. Pure.

Above the 11 bits of the payload: where somebody works (2), 24 bits of languages, 16 of the day from which somebody is
free.
"""

from functools import lru_cache

import numpy as np

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array

REMOTE_AT, LANGUAGES_AT, LANGUAGES_IN_WORD, FREE_AT = 11, 14, 24, 38


@dataclass(frozen=True, slots=True)
class Filter:
    """What gates surely ask of each: to speak ``speaks`` (bits), to come there if ``on_site``, to be free by a day."""

    speaks: int = 0
    on_site: bool = False
    free_by: int | None = None

    def kept(self, words: Array) -> Array | None:
        """Which of ``words`` pass; ``None`` where all do."""
        found: Array | None = None
        if self.free_by is not None:  # the day is at the top of the word
            found = words < word((self._last() + 1) << FREE_AT)
        if self.speaks or self.on_site:
            want = self.speaks << LANGUAGES_AT
            fits = (words & word(want | self.on_site << REMOTE_AT + 1)) == word(want)
            found = fits if found is None else np.logical_and(found, fits, out=fits)
        return found

    def narrow(self, found: Array, part: Array, remote: Array, languages: Array, free: Array) -> None:
        """Leave in ``found`` only rows that pass by their columns, as stored; ``part`` is room for as many booleans."""
        if self.free_by is not None:
            np.logical_and(found, np.less_equal(free, _most(self._last(), free.dtype), out=part), out=found)
        if self.speaks:
            spoken = languages & _bits(self.speaks, languages.dtype)
            np.logical_and(found, np.equal(spoken, self.speaks, out=part), out=found)
        if self.on_site:
            np.logical_and(found, np.less(remote, _most(2, remote.dtype), out=part), out=found)

    def _last(self) -> int:
        return min(max(self.free_by or 0, 0), 0xFFFF)


@lru_cache(maxsize=256)
def _most(value: int, kind: np.dtype[np.unsignedinteger]) -> Array:
    """``value``, or the most that ``kind`` holds, without a dimension."""
    return np.array(min(value, int(np.iinfo(kind).max)), dtype=kind)


@lru_cache(maxsize=256)
def _bits(value: int, kind: np.dtype[np.unsignedinteger]) -> Array:
    """The bits of ``value`` that ``kind`` has, without a dimension."""
    return np.array(value & int(np.iinfo(kind).max), dtype=kind)


@lru_cache(maxsize=256)
def word(value: int) -> Array:
    """A word without a dimension, which NumPy takes sooner than a number of its own or of Python's."""
    return np.array(value, dtype=np.uint64)


def word_of(remote: Array, languages: Array, free: Array) -> Array:
    """The words of rows without their payloads."""
    few = languages.astype(np.uint64) & np.uint64((1 << LANGUAGES_IN_WORD) - 1)
    words: Array = (
        (remote.astype(np.uint64) << np.uint64(REMOTE_AT)) | (few << np.uint64(LANGUAGES_AT))
        | (np.minimum(free.astype(np.uint64), np.uint64(0xFFFF)) << np.uint64(FREE_AT))
    )  # fmt: skip
    return words
