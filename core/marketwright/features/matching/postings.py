"""A full-text index in memory: which rows hold which word, and how much it weighs there. Exact, on any database."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

import numpy as np

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.words import stems
from marketwright.strategies.matching import Array

SHORTEST_PREFIX = 3
PREFIX_SHARE = 0.5  # a word that only begins as typed counts half
LAST = "\U0010ffff"
_BREAK = 10  # the byte between two words


@dataclass(frozen=True, slots=True)
class Postings:
    """``words`` sorted; word ``w`` stands in ``rows[starts[w]:starts[w + 1]]`` with the ``weights`` at those places."""

    size: int
    words: Sequence[str]
    starts: Array
    rows: Array
    weights: Array
    scale: float = 1.0  # of the weights

    def find(self, text: str) -> Array | None:
        """For each row its relevance, 0 where a word of ``text`` is missing; ``None`` when nothing was asked."""
        wanted = stems(text)
        if not wanted:
            return None
        found = np.zeros(self.size, dtype=np.float32)
        everywhere = np.ones(self.size, dtype=bool)
        for word in dict.fromkeys(wanted[:12]):
            relevance = self._word(word)
            everywhere &= relevance > 0
            found += relevance
        return np.where(everywhere, found, 0.0).astype(np.float32)

    def span(self, word: str) -> tuple[int, int]:
        """Where the rows of ``word`` begin and end."""
        at = bisect_left(self.words, word)
        if at >= len(self.words) or self.words[at] != word:
            return 0, 0
        return int(self.starts[at]), int(self.starts[at + 1])

    def rows_of(self, word: str) -> Array:
        """The rows that have ``word``."""
        a, b = self.span(word)
        return self.rows[a:b]

    def _word(self, word: str) -> Array:
        best = np.zeros(self.size, dtype=np.float32)
        at = bisect_left(self.words, word)
        if at < len(self.words) and self.words[at] == word:
            self._raise(best, at, at + 1, 1.0)
        if len(word) >= SHORTEST_PREFIX:
            self._raise(best, at, bisect_left(self.words, word + LAST), PREFIX_SHARE)
        return best

    def _raise(self, best: Array, first: int, end: int, share: float) -> None:
        a, b = self.starts[first], self.starts[end]
        np.maximum.at(best, self.rows[a:b], self.weights[a:b] * np.float32(share * self.scale))


def weigh(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The words of one row from (text, weight of the field): a word keeps its greatest weight."""
    found: dict[str, float] = {}
    for text, weight in parts:
        for word in stems(text):
            if weight > found.get(word, 0.0):
                found[word] = weight
    return found


def build(documents: Sequence[Mapping[str, float]]) -> Postings:
    """The index of ``documents``, row by row."""
    words: list[str] = sorted(set().union(*documents))
    number = {word: n for n, word in enumerate(words)}
    count = sum(map(len, documents))
    which = np.fromiter((number[w] for d in documents for w in d), dtype=np.int32, count=count)
    weights = np.fromiter((x for d in documents for x in d.values()), dtype=np.float32, count=count)
    rows = np.repeat(np.arange(len(documents), dtype=np.int32), [len(d) for d in documents])
    order = np.argsort(which, kind="stable")
    starts = np.searchsorted(which[order], np.arange(len(words) + 1))
    return Postings(len(documents), words, starts, rows[order], weights[order])


class Vocabulary(Sequence[str]):
    """Sorted words as one run of bytes, a line each; a word is read when it is asked for."""

    def __init__(self, run: Array) -> None:
        self._run = run

    @cached_property
    def _ends(self) -> Array:
        """Where each word ends."""
        breaks = np.flatnonzero(self._run == _BREAK)
        return np.append(breaks, len(self._run)).astype(np.uint32) if len(self._run) else breaks

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[k] for k in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        start = int(self._ends[place - 1]) + 1 if place else 0
        return self._run[start : int(self._ends[place])].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._run.tobytes().decode().split("\n") if len(self._run) else ())

    def __len__(self) -> int:
        return len(self._ends)


def joined(words: Sequence[str]) -> Array:
    """Words as :class:`Vocabulary` takes them."""
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Layers:
    """Full text of a segment and of what was added since: (rows, postings) of each addition.

    ``shown`` is a mask of the rows in the lists; a row that was changed since is in them at its new place alone.
    """

    size: int
    base: Postings
    shown: Array
    added: tuple[tuple[Array, Postings], ...] = ()
    _counts: dict[str, int] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def listed(self) -> int:
        """How many rows are in the lists."""
        return int(np.count_nonzero(self.shown[: self.size]))

    def count(self, word: str) -> int:
        """How many rows in the lists have ``word``; looked up once for each moment."""
        found = self._counts.get(word)
        if found is None:
            found = int(np.count_nonzero(self.shown.take(self.base.rows_of(word))))
            for rows, postings in self.added:
                found += int(np.count_nonzero(self.shown.take(rows.take(postings.rows_of(word)))))
            self._counts[word] = found
        return found

    def find(self, text: str) -> Array | None:
        """As :meth:`Postings.find`, for every row."""
        found = self.base.find(text)
        if found is None or self.size == len(found):
            return found
        wide = np.zeros(self.size, dtype=np.float32)
        wide[: len(found)] = found
        for rows, postings in self.added:
            more = postings.find(text)
            if more is not None:
                wide[rows] = more
        return wide
