"""Who has skills that many have: all rows run past, column by column, before any list of them is read. Pure.

An entry of a list takes eight bytes and several looks; a column of bytes runs past many times as fast. From some share
of all rows on it is sooner to look at everybody.
"""

from collections.abc import Sequence

import numpy as np

from marketwright.features.matching.filtering import Filter
from marketwright.features.matching.index import People
from marketwright.strategies.matching import Array

FEW = 12  # of a skill on less than one row of so many the list is read
BLOCK = 1 << 18  # rows that run past at once: what is noted of them stays in the processor's own memory
# From so many rows on, while between the two shares of them are set, NumPy finds those in twice the time, one by one.
MANY, RARE, OFTEN = 50_000, 0.005, 0.1
_NONE = np.array(0, dtype=np.uint8)
_EIGHTS, _PLACE = np.array(3), np.array(7)


def scanned(people: People, skills: Sequence[int], wanted: Filter) -> tuple[Array, Array] | None:
    """The rows in the lists that have all ``skills`` and pass the filter, ascending (uint32, and for indexing).

    ``skills`` the rarest first. ``None`` where its list is sooner read, or one has no column.
    """
    lists, size = people.side.lists, people.size
    if lists.count(skills[0]) * FEW < size:
        return None
    columns = [column for column in map(lists.column, skills) if column is not None]
    if len(columns) < len(skills):
        return None
    shown, languages = people.shown, people.side.languages
    remote, free = people.stored("remote"), people.stored("available_from")
    every, part, least = (np.empty(min(BLOCK, size), dtype=kind) for kind in (bool, bool, np.uint8))
    parts = []
    for start in range(0, size, BLOCK):
        here = slice(start, min(start + BLOCK, size))
        its, room, held = every[: here.stop - start], part[: here.stop - start], columns[0][here]
        for column in columns[1:]:
            held = np.minimum(held, column[here], out=least[: len(its)])
        np.logical_and(np.greater(held, _NONE, out=its), shown[here], out=its)
        wanted.narrow(its, room, remote[here], languages[here], free[here])
        at = places_of(its)
        at += start
        parts.append(at)
    at = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return at.astype(np.uint32), at


def places_of(mask: Array) -> Array:
    """Where ``mask`` (booleans) is set, ascending, as ``nonzero`` gives them; eight at a time where that is sooner."""
    n = len(mask) & ~7
    if n < MANY or not RARE < np.count_nonzero(mask) / len(mask) < OFTEN:
        return mask.nonzero()[0]
    eights = mask[:n].view(np.uint64)
    some = (eights != 0).nonzero()[0]
    which = eights.take(some).view(bool).nonzero()[0]
    at: Array = some.take(which >> _EIGHTS)
    at <<= _EIGHTS
    which &= _PLACE
    at += which
    return at if n == len(mask) else np.concatenate((at, mask[n:].nonzero()[0] + n))
