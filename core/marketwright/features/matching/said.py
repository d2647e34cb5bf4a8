"""What a brief speaks of beyond its skills, and how much of it stands in somebody's headline and bio. Pure.

One sum for both directions: of the words of a brief, each weighed by where it stands there and how rare it is among
people in the lists, the share that a person's headline or bio has. Only a brief without words is unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from math import log
from typing import Any

import numpy as np

from marketwright.features.matching.columns import Taxonomy
from marketwright.features.matching.loading import MissionData
from marketwright.features.matching.postings import Layers, Postings, weigh
from marketwright.features.matching.texts import BIO, HEADLINE, Words
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.words import stems
from marketwright.strategies.matching import Array

MOST, TITLE, TEXT = 40, 2.0, 1.0
SHORTEST = 3


def brief_words(taxonomy: Taxonomy, m: MissionData) -> Words:
    """At most :data:`MOST` words of a brief with their weights: those of its skills and names are no part of it."""
    numbers = [taxonomy.number[s] for s, _, _ in m.skills if s in taxonomy.number]
    asked = {w for n in numbers for w in taxonomy.words[n]}
    asked |= {w for n in numbers for above in taxonomy.above[n] for w in taxonomy.words[above]}
    asked |= {*stems(m.client), *stems(m.city)}
    found = weigh([(m.title, TITLE), (m.description, TEXT)])
    kept = [(w, x) for w, x in found.items() if w not in asked and len(w) >= SHORTEST and not w.isdecimal()]
    return dict(kept[:MOST])


def said_arrays(words: Sequence[Words]) -> dict[str, Array]:
    """The words of each brief as runs of bytes: those of the title, a bar, the others."""
    return joined_runs([_run(some) for some in words])


def said_of(arrays: Mapping[str, Array], size: int) -> list[bytes]:
    """The run of each of ``size`` rows of a part; of one without any, nothing."""
    if "said.starts" not in arrays:
        return [b""] * size
    whole, starts = arrays["said.run"].tobytes(), arrays["said.starts"].tolist()
    return [whole[starts[k] : starts[k + 1]] for k in range(size)]


def joined_runs(runs: Sequence[bytes]) -> dict[str, Array]:
    """Runs by row, as a segment keeps them."""
    starts = np.cumsum([0, *map(len, runs)]).astype(np.uint32)
    return {"said.starts": starts, "said.run": np.frombuffer(b"".join(runs), dtype=np.uint8)}


def _run(words: Words) -> bytes:
    title = " ".join(w for w, x in words.items() if x == TITLE)
    return f"{title}|{' '.join(w for w, x in words.items() if x != TITLE)}".encode()


def read_run(run: bytes) -> Words:
    """The words of a run with their weights."""
    title, _, text = run.decode().partition("|")
    return {**dict.fromkeys(text.split(), TEXT), **dict.fromkeys(title.split(), TITLE)}


@dataclass(frozen=True, slots=True)
class Said:
    """What every mission speaks of; ``added`` are the runs of rows that came later."""

    arrays: Mapping[str, Array]
    size: int
    added: Mapping[int, bytes] = field(default_factory=dict)

    def of(self, row: int) -> Words:
        """The words of the mission at ``row``."""
        a = self.arrays
        if row in self.added:
            return read_run(self.added[row])
        if row >= self.size or "said.starts" not in a:
            return {}
        start, end = int(a["said.starts"][row]), int(a["said.starts"][row + 1])
        return read_run(a["said.run"][start:end].tobytes())


def own_words(words: Words) -> frozenset[str]:
    """Of what full-text search knows of a person, the words that stand in headline or bio alone."""
    return frozenset(w for w, x in words.items() if x in (HEADLINE, BIO))


def weights(people: Layers, words: Words) -> dict[str, float]:
    """The weight of each word: rare ones weigh more, and one that nobody in the lists has as if one person had it."""
    size = max(people.listed, 1)
    return {w: x * log(1 + size / max(people.count(w), 1)) for w, x in words.items()}


def people_share(people: Layers, words: Words, rows: Array) -> tuple[Array, Array]:
    """(share, where known) of a brief's ``words`` for ``rows`` of people (ascending)."""
    weighed = weights(people, words)
    total = sum(weighed.values())
    if not total or not len(rows):
        return np.zeros(len(rows), dtype=np.float32), np.full(len(rows), bool(total))
    met = np.zeros(len(rows), dtype=np.float64)
    for word, weight in weighed.items():
        for have in _having(people, word):
            met[_places(rows, have)] += weight
    return (met / total).astype(np.float32), np.ones(len(rows), dtype=bool)


def missions_share(people: Layers, said: Said, mine: frozenset[str], rows: Array) -> tuple[Array, Array]:
    """(share, where known) of what each of ``rows`` of missions speaks of, for one person's words."""
    share, known = np.zeros(len(rows), dtype=np.float32), np.zeros(len(rows), dtype=bool)
    for k, row in enumerate(rows.tolist()):
        weighed = weights(people, said.of(row))
        total = sum(weighed.values())
        if total:
            share[k], known[k] = sum(x for w, x in weighed.items() if w in mine) / total, True
    return share, known


def _having(people: Layers, word: str) -> list[Array]:
    """The rows that have ``word`` in headline or bio, of the segment and of each addition."""
    found: list[Array] = []
    layers: list[tuple[Any, Postings]] = [(None, people.base), *people.added]
    for into, postings in layers:
        a, b = postings.span(word)
        stands = np.isin(postings.weights[a:b] * np.float32(postings.scale), (HEADLINE, BIO))
        rows = postings.rows[a:b][stands]
        found.append(rows if into is None else into[rows])
    return found


def _places(rows: Array, have: Array) -> Array:
    """Where those of ``have`` stand among ``rows`` (both ascending)."""
    at = np.searchsorted(rows, have)
    inside = at < len(rows)
    found: Array = at[inside][rows[at[inside]] == have[inside]]
    return found
