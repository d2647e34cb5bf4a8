"""Which rows have a skill of many, a bit each: so small that the processor's own memory holds what is looked at. Pure.

A look at a byte of each of some rows that lie far apart waits for the machine's memory as often as there are rows. Of
bits eight times as many lie together, and those of a sorted list are read one after another.
"""

from collections.abc import Mapping

import numpy as np

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array

SHARE = 128  # a skill on more than one row of so many has a column of bits
_EIGHTS, _PLACE, _ONE = np.array(3, dtype=np.uint32), np.array(7, dtype=np.uint8), np.array(1, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Looked:
    """Rows as bits are looked up: the byte in which each lies, and its place there."""

    at: Array
    place: Array

    @staticmethod
    def of(rows: Array) -> "Looked":
        """``rows`` are uint32."""
        place = rows.astype(np.uint8)
        place &= _PLACE
        return Looked((rows >> _EIGHTS).astype(np.intp), place)


@dataclass(frozen=True, slots=True)
class Bits:
    """``columns`` of bytes, one for each skill of ``at``; of a byte the lowest bit is the first of its eight rows."""

    columns: Array
    at: Mapping[int, int]

    def __contains__(self, skill: object) -> bool:
        return skill in self.at

    def held(self, skill: int, looked: Looked) -> Array:
        """1 for each row that has a skill, else 0, uint8; it is one of :attr:`at`."""
        found: Array = self.columns[self.at[skill]].take(looked.at)
        found >>= looked.place
        found &= _ONE
        return found

    def places(self, skill: int, rows: Array) -> Array:
        """The places of those of ``rows`` (uint32) that have a skill of :attr:`at`."""
        return self.held(skill, Looked.of(rows)).view(bool).nonzero()[0]

    def add(self, skill: int, rows: Array) -> None:
        """Note that ``rows`` have a skill of :attr:`at`; what other rows have stays."""
        looked = Looked.of(rows)
        np.bitwise_or.at(self.columns[self.at[skill]], looked.at, _ONE << looked.place)

    def clear(self, first: int, size: int) -> None:
        """Note that none of the rows from ``first`` up to ``size`` has any skill; a byte may hold rows before them."""
        kept, here = np.uint8((1 << (first & 7)) - 1), self.columns[:, first >> 3 : -(-size // 8)]
        if (here[:, :1] > kept).any() or here[:, 1:].any():
            here[:, :1] &= kept
            here[:, 1:] = 0


def make_bits(starts: Array, rows: Array, room: int, size: int) -> dict[str, Array]:
    """The arrays of the columns from ``rows`` of skills, ``starts`` by skill; ``size`` rows, ``room`` for so many."""
    many = np.flatnonzero(np.diff(starts.astype(np.int64)) * SHARE > max(size, SHARE))
    columns = np.zeros((len(many), -(-room // 8)), dtype=np.uint8)
    for place, skill in enumerate(many.tolist()):
        one = np.zeros(room, dtype=bool)
        one[rows[int(starts[skill]) : int(starts[skill + 1])]] = True
        columns[place] = np.packbits(one, bitorder="little")
    return {"list.bits": columns, "list.bit_skills": many.astype(np.uint32)}
