"""A full-text index in memory: which rows hold which word, and how much it weighs there. Exact, on any database."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from marketwright.kernel.words import stems
from marketwright.strategies.matching import Array

SHORTEST_PREFIX = 3
PREFIX_SHARE = 0.5  # a word that only begins as typed counts half


@dataclass(frozen=True, slots=True)
class Postings:
    """``words`` sorted; for each the rows that hold it and its weight there."""

    size: int
    words: Sequence[str]
    rows: Sequence[Array]
    weights: Sequence[Array]

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

    def _word(self, word: str) -> Array:
        best = np.zeros(self.size, dtype=np.float32)
        at = bisect_left(self.words, word)
        while at < len(self.words) and self.words[at].startswith(word):
            same = self.words[at] == word
            if same or len(word) >= SHORTEST_PREFIX:
                share = 1.0 if same else PREFIX_SHARE
                np.maximum.at(best, self.rows[at], self.weights[at] * np.float32(share))
            at += 1
        return best


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
    gathered: dict[str, list[tuple[int, float]]] = {}
    for row, document in enumerate(documents):
        for word, weight in document.items():
            gathered.setdefault(word, []).append((row, weight))
    words = sorted(gathered)
    rows = [np.array([r for r, _ in gathered[w]], dtype=np.int32) for w in words]
    weights = [np.array([x for _, x in gathered[w]], dtype=np.float32) for w in words]
    return Postings(len(documents), words, rows, weights)
