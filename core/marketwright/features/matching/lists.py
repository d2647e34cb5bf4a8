"""Who has which skill: a list for each, with a packed word beside each entry that most gates can be told from. Pure.

A list of a skill holds whoever has it or a narrower one, by row number. A word, from its lowest bit: level and one (3),
held itself and not only narrower (1), years and one (7), then what ``filtering`` says of the row. Skills of many have a
column of bits besides, and those of still more one of bytes, so that a row is one look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from sys import byteorder

import numpy as np

from marketwright.features.matching.bits import Bits, Looked, make_bits
from marketwright.features.matching.filtering import Filter, word
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array

LEVEL, DIRECT, YEARS, PAYLOAD = 0b111, 1 << 3, 4, (1 << 11) - 1
DENSE = 64  # a skill on more than one row of so many has a column of bytes
SIEVE = 8  # a skill on less than one row of so many leaves out more than most filters do
BYTES = 2000  # of fewer rows bytes are sooner looked at than bits
MOST_YEARS, ELSEWHERE = 23, 255  # years that fit the byte; what does not fit is looked up in the list


def payload(level: int, *, direct: bool, years: int) -> int:
    """What is known of one person's one skill; ``years`` -1 where not said."""
    return level + 1 | (DIRECT if direct else 0) | min(years + 1, 126) << YEARS


def _byte_of(given: Array) -> Array:
    """A payload as a byte: 0 is not held."""
    years = (given >> YEARS) & 127
    code = 1 + years * 10 + ((given & DIRECT) > 0) * 5 + (given & LEVEL) - 1
    return np.where(years > MOST_YEARS, ELSEWHERE, code).astype(np.uint8)


def _payload_of() -> Array:
    table = np.zeros(256, dtype=np.uint16)
    for byte in range(1, ELSEWHERE):
        years, rest = divmod(byte - 1, 10)
        table[byte] = rest % 5 + 1 | (DIRECT if rest >= 5 else 0) | years << YEARS
    return table


_PAYLOAD = _payload_of()


_NONE, _ONE = np.array(0, dtype=np.uint8), np.array(1, dtype=np.uint8)


@lru_cache(maxsize=16)
def measures(level: int) -> Mapping[int, Array]:
    """Tables by bytes of the code: what holding a skill with ``level`` asked for is worth, as sums that add up.

    Sixteen bits each, as :func:`summed` reads them: years, years given, levels that are missing, held.
    """
    every = np.arange(PAYLOAD + 1)
    held, years = (every & LEVEL) - 1, every >> YEARS
    gap = np.where(held > 0, np.maximum(level - held, 0), 0) if level else np.zeros(len(every), dtype=np.int64)
    found = np.maximum(years - 1, 0) | (years > 0).astype(np.int64) << 16 | gap << 32 | np.int64(1) << 48
    found[0] = 0
    return {1: found[_PAYLOAD], 2: found}


def summed(sums: Array) -> tuple[Array, Array, Array, Array]:
    """(held, levels that are missing, years given, years) of sums over :func:`measures`, uint16."""
    fields = sums.view(np.uint16).reshape(len(sums), 4)
    held, gap, given, years = _FIELDS
    return fields[:, held], fields[:, gap], fields[:, given], fields[:, years]


_FIELDS = (3, 2, 1, 0) if byteorder == "little" else (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows, ascending, as uint32 and for indexing; of skills that all of them hold what is known, as codes."""

    rows: Array
    at: Array
    held: Mapping[int, Array] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()  # criteria whose gates surely let all of them through
    speak: bool = False  # whether all surely speak every language asked for

    @staticmethod
    def of(rows: Array) -> "Chosen":
        """Any rows, ascending."""
        return Chosen(rows.astype(np.uint32), rows.astype(np.intp))

    def some(self, places: Array) -> "Chosen":
        """Those at ``places``, ascending."""
        held = {skill: codes.take(places) for skill, codes in self.held.items()}
        at = self.at.take(places)
        return Chosen(at.astype(np.uint32), at, held, self.opened, self.speak)

    def without(self, rows: Array) -> "Chosen":
        """Those who are none of ``rows``, ascending."""
        places = self.at.searchsorted(rows)
        inside = places < len(self.at)
        hit = places[inside][self.at[places[inside]] == rows[inside]]
        return self.some(np.delete(np.arange(len(self.at)), hit)) if len(hit) else self


@dataclass(slots=True)
class SkillLists:
    """The lists of one segment, and what was added since: ``starts`` by skill, ``rows`` and ``words`` beside them."""

    starts: Array
    rows: Array
    words: Array
    dense: Array
    dense_at: Mapping[int, int]
    bits: Bits
    added: Mapping[int, tuple[Array, Array]] = field(default_factory=dict)
    strange: dict[int, bool] = field(default_factory=dict)  # whether a column has bytes that say nothing
    begins: list[int] = field(default_factory=list)  # ``starts`` as numbers, which are read one by one

    def __post_init__(self) -> None:
        self.begins = self.begins or self.starts.tolist()

    def count(self, skill: int) -> int:
        """How long the list of a skill is."""
        more = self.added.get(skill)
        return self.begins[skill + 1] - self.begins[skill] + (len(more[0]) if more else 0)

    def lists(self, skill: int) -> list[tuple[Array, Array]]:
        """(rows, words) of a skill, the older part first."""
        a, b = self.begins[skill], self.begins[skill + 1]
        found = [(self.rows[a:b], self.words[a:b])]
        if skill in self.added:
            found.append(self.added[skill])
        return found

    def members(self, skill: int) -> Array:
        """The rows of a skill, ascending."""
        parts = self.lists(skill)
        return parts[0][0] if len(parts) == 1 else np.concatenate([rows for rows, _ in parts])

    def with_entries(self, skills: Array, rows: Array, payloads: Array, words: Array) -> "SkillLists":
        """The same lists with entries of new rows, all after the last; ``words`` are those of each entry."""
        added, strange = dict(self.added), dict(self.strange)  # another thread may be ranking by these lists
        order = np.lexsort((rows, skills))
        skills, rows, payloads, words = skills[order], rows[order], payloads[order], words[order]
        words = words | payloads.astype(np.uint64)
        named, begins = np.unique(skills, return_index=True)
        for skill, a, b in zip(named.tolist(), begins.tolist(), [*begins.tolist()[1:], len(skills)], strict=True):
            new = rows[a:b].astype(np.uint32), words[a:b]
            old = added.get(skill)
            added[skill] = new if old is None else (np.concatenate([old[0], new[0]]), np.concatenate([old[1], new[1]]))
            if skill in self.dense_at:
                self.dense[self.dense_at[skill], new[0]] = _byte_of(payloads[a:b].astype(np.int64))
                strange.pop(skill, None)
            if skill in self.bits:
                self.bits.add(skill, new[0])
        same = self.starts, self.rows, self.words, self.dense, self.dense_at, self.bits
        return SkillLists(*same, added, strange, self.begins)

    def clear(self, first: int, size: int) -> None:
        """Say in the columns of rows from ``first`` on that they have nothing: a renewal that failed may have begun."""
        rows = self.dense[:, first:size]
        if rows.any():
            rows[...] = 0
        self.bits.clear(first, size)

    def all_of(self, skills: Sequence[int], wanted: Filter) -> tuple[Array, Array, dict[int, Array]]:
        """The rows that have all ``skills``, the rarest first, and pass the filter: as uint32, for indexing, and what
        is known of each skill, as for :meth:`codes`.

        The list of the rarest is read; before its words those of the others are looked at that leave out more.
        """
        first, *others = skills
        size = self.dense.shape[1]
        early = [skill for skill in others if skill in self.bits and self.count(skill) * SIEVE <= size]
        found = [self._passing(its_rows, its_words, early, wanted) for its_rows, its_words in self.lists(first)]
        rows, words = found[0] if len(found) == 1 else (np.concatenate([f[0] for f in found]),
                                                        np.concatenate([f[1] for f in found]))  # fmt: skip
        for skill in others:
            if skill in self.bits and skill not in early:
                places = self._having(skill, rows)
                rows, words = rows.take(places), words.take(places)
        at, held = rows.astype(np.intp), {first: words}
        for skill in others:
            if skill not in self.bits:
                here, words = self.narrow(skill, rows, at)
                if len(here) < len(rows):
                    rows, at = rows.take(here), at.take(here)
                    held = {one: its.take(here) for one, its in held.items()}
                held[skill] = words
        for skill in others:
            if skill in self.bits:
                held[skill] = self.codes(skill, rows, at)
        return rows, at, {skill: known_of(its) for skill, its in held.items()}

    def _passing(self, rows: Array, words: Array, early: Sequence[int], wanted: Filter) -> tuple[Array, Array]:
        """Those of a list that have the skills ``early`` and pass the filter."""
        for skill in early:
            places = self._having(skill, rows)
            rows, words = rows.take(places), words.take(places)
        kept = wanted.kept(words)
        if kept is None:
            return rows, words
        places = kept.nonzero()[0]
        return rows.take(places), words.take(places)

    def _having(self, skill: int, rows: Array) -> Array:
        """The places of those of ``rows`` that have a skill of :attr:`bits`."""
        if len(rows) < BYTES and skill in self.dense_at:
            known: Array = self.dense[self.dense_at[skill]].take(rows.astype(np.intp))
            return (known > _NONE).nonzero()[0]
        return self.bits.places(skill, rows)

    def column(self, skill: int) -> Array | None:
        """The bytes of a skill of many, a row each; ``None`` for one that has none."""
        place = self.dense_at.get(skill)
        return None if place is None else self.dense[place]

    def codes(self, skill: int, rows: Array, at: Array) -> Array:
        """What is known of ``rows`` (uint32, ascending; ``at`` the same for indexing) in a skill; 0: not held.

        Bytes or payloads: :func:`measures` has tables for both.
        """
        place = self.dense_at.get(skill)
        if place is None:
            return self._search(skill, rows)
        column = self.dense[place]
        if skill not in self.strange:
            self.strange[skill] = bool((column == ELSEWHERE).any())
        found: Array = column.take(at)
        return self._payloads_of(skill, found, rows) if self.strange[skill] else found

    def at(self, skill: int, rows: Array) -> Array:
        """The payload of ``rows`` (ascending) in a skill, 0 where it is not held."""
        place = self.dense_at.get(skill)
        if place is None:
            return self._search(skill, rows)
        return self._payloads_of(skill, self.dense[place][rows], rows)

    def _payloads_of(self, skill: int, found_bytes: Array, rows: Array) -> Array:
        found: Array = _PAYLOAD[found_bytes]
        strange = np.flatnonzero(found_bytes == ELSEWHERE)
        if len(strange):
            found[strange] = self._search(skill, rows[strange])
        return found

    def holds(self, skill: int, rows: Array, at: Array) -> Array:
        """Booleans: which of ``rows`` (as for :meth:`codes`) are in the list of a skill."""
        place = self.dense_at.get(skill)
        if place is not None:
            held: Array = self.dense[place].take(at) > _NONE
            return held
        if skill not in self.added:
            its_rows = self.rows[self.begins[skill] : self.begins[skill + 1]]
            if len(its_rows) >= len(rows) > 0:
                found: Array = its_rows.take(its_rows.searchsorted(rows), mode="clip") == rows
                return found
        return self._search(skill, rows) > 0

    def how_many(self, skills: Sequence[int], rows: Array, at: Array) -> Array:
        """Of ``skills`` how many each of ``rows`` (as for :meth:`codes`) is in the list of, int16."""
        if not skills:
            return np.zeros(len(rows), dtype=np.int16)
        looked: Looked | None = None
        held: list[Array] = []
        for skill in skills:
            place = self.dense_at.get(skill)
            if place is not None and len(rows) < BYTES:
                held.append(np.minimum(self.dense[place].take(at), _ONE))
            elif skill in self.bits:
                looked = looked or Looked.of(rows)
                held.append(self.bits.held(skill, looked))
            else:
                held.append(self.holds(skill, rows, at).view(np.uint8))
        found = held[0] if len(held) < 256 else held[0].astype(np.int16)  # a byte counts no further
        for more in held[1:]:
            found = found + more
        return found.astype(np.int16)

    def narrow(self, skill: int, rows: Array, at: Array) -> tuple[Array, Array]:
        """(places of those of ``rows`` that are in the list of a skill, what is known of them: words, or codes)."""
        if skill not in self.dense_at and skill not in self.added:
            its_rows, its_words = self.lists(skill)[0]
            if len(its_rows) >= len(rows) > 0:
                places = its_rows.searchsorted(rows)
                here = (its_rows.take(places, mode="clip") == rows).nonzero()[0]
                return here, its_words.take(places.take(here))
        codes = self.codes(skill, rows, at)
        here = codes.nonzero()[0]
        return here, codes.take(here)

    def _search(self, skill: int, rows: Array) -> Array:
        found = np.zeros(len(rows), dtype=np.uint16)
        for its_rows, its_words in self.lists(skill):
            if not len(its_rows) or not len(rows):
                continue
            if len(its_rows) < len(rows):
                at = rows.searchsorted(its_rows)
                here = (rows.take(at, mode="clip") == its_rows).nonzero()[0]
                found[at.take(here)] = _payloads(its_words.take(here))
            else:
                at = its_rows.searchsorted(rows)
                here = (its_rows.take(at, mode="clip") == rows).nonzero()[0]
                if len(here):
                    found[here] = _payloads(its_words.take(at.take(here)))
        return found

    def counts(self, rows: Array) -> Array:
        """For every skill how many of ``rows`` (a mask over all) it has."""
        base = np.zeros(len(self.starts) - 1, dtype=np.int64)
        filled = np.flatnonzero(self.starts[1:] > self.starts[:-1])
        if len(filled):
            held = rows[self.rows].astype(np.int32)
            base[filled] = np.add.reduceat(held, self.starts[:-1][filled].astype(np.int64))
        for skill, (its_rows, _) in self.added.items():
            base[skill] += int(rows[its_rows].sum())
        return base


def known_of(words: Array) -> Array:
    """The payloads of ``words``; what is none of them, as it is."""
    return _payloads(words) if words.dtype.itemsize == 8 else words


def _payloads(words: Array) -> Array:
    return (words & word(PAYLOAD)).astype(np.uint16)


def make_lists(skills: Array, rows: Array, payloads: Array, words: Array, *, skill_count: int, size: int, room: int
               ) -> dict[str, Array]:  # fmt: skip
    """The arrays of the lists from entries in any order; ``words`` are those of each row, ``room`` rows in all."""
    order = np.argsort(skills.astype(np.uint64) * np.uint64(max(size, 1)) + rows.astype(np.uint64), kind="stable")
    skills, rows, payloads = skills[order], rows[order].astype(np.uint32), payloads[order]
    starts = np.searchsorted(skills, np.arange(skill_count + 1)).astype(np.uint64)
    many = np.flatnonzero(np.diff(starts.astype(np.int64)) * DENSE > max(size, DENSE))
    dense = np.zeros((len(many), room), dtype=np.uint8)
    for place, skill in enumerate(many.tolist()):
        a, b = int(starts[skill]), int(starts[skill + 1])
        dense[place, rows[a:b]] = _byte_of(payloads[a:b].astype(np.int64))
    return {
        "list.starts": starts, "list.rows": rows, "list.words": words[rows] | payloads.astype(np.uint64),
        "list.dense": dense, "list.dense_skills": many.astype(np.uint32), **make_bits(starts, rows, room, size),
    }  # fmt: skip


def spans(starts: Array) -> Array:
    """How long each run is that begins at ``starts``."""
    whole: Array = starts.astype(np.int64)
    return whole[1:] - whole[:-1]


def lists_of(arrays: Mapping[str, Array]) -> SkillLists:
    """The lists that :func:`make_lists` made."""
    dense_at = {int(skill): place for place, skill in enumerate(arrays["list.dense_skills"].tolist())}
    bits = Bits(arrays["list.bits"], {skill: place for place, skill in enumerate(arrays["list.bit_skills"].tolist())})
    starts, rows, words, dense = (arrays[f"list.{name}"] for name in ("starts", "rows", "words", "dense"))
    return SkillLists(starts, rows, words, dense, dense_at, bits)
