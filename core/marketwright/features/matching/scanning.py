"""Who has skills that many have: all rows run past, column by column, before any list of them is read. Pure.

An entry of a list takes eight bytes and several looks; a column of bytes runs past many times as fast. From some share
of all rows on it is sooner to look at everybody.
"""

from collections.abc import Sequence

import numpy as np

from marketwright.features.matching.index import People
from marketwright.features.matching.lists import Filter
from marketwright.strategies.matching import Array

FEW, MOST = 12, 2  # of a skill on less than one row of so many the list is read; of one on more not even its rows
BLOCK = 1 << 18  # rows that run past at once: what is noted of them stays in the processor's own memory
_NONE = np.array(0, dtype=np.uint8)


def scanned(people: People, skills: Sequence[int], wanted: Filter) -> tuple[Array, Array] | None:
    """The rows in the lists that have all ``skills`` and pass the filter, ascending (uint32, and for indexing).

    ``skills`` the rarest first. ``None`` where its list is sooner read, or one has no column.
    """
    lists, size = people.side.lists, people.size
    count = lists.count(skills[0])
    if count * FEW < size:
        return None
    columns = [column for column in map(lists.column, skills) if column is not None]
    if len(columns) < len(skills):
        return None
    found = people.shown.copy()
    remote, languages, free = people.stored("remote"), people.side.languages, people.stored("available_from")
    part = np.empty(min(BLOCK, size), dtype=bool)
    for start in range(0, size, BLOCK):
        here = slice(start, min(start + BLOCK, size))
        its, room = found[here], part[: here.stop - start]
        for column in columns:
            np.logical_and(its, np.greater(column[here], _NONE, out=room), out=its)
        wanted.narrow(its, room, remote[here], languages[here], free[here])
    if count * MOST > size:
        at = found.nonzero()[0]
        return at.astype(np.uint32), at
    members = lists.members(skills[0])
    rows = members.take(found.take(members).nonzero()[0])
    return rows, rows.astype(np.intp)
