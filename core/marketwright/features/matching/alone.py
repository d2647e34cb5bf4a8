"""Scores that are made of the profile alone: reckoned once for each row of a segment, later ones as they come. Pure."""

import logging
from collections.abc import Callable, Sequence

import numpy as np

from marketwright.features.matching.stored import Taken
from marketwright.strategies.matching import Array, Candidates, Columns, MatchingCriterion

log = logging.getLogger("marketwright.matching")
NOTHING = Columns({})
Score = Callable[[MatchingCriterion, Candidates, int], Array]


def alone_of(it: MatchingCriterion, p: Taken, score: Score) -> Array | None:
    """What ``it`` gives to the rows of ``p``; ``score`` asks it. ``None`` for one that reads more than it says."""
    store = p.store
    key = id(it), id(it.settings)
    known = store.alone.get(key)
    if known is None or (known[1] is not None and len(known[1]) < store.size):
        known = store.alone[key] = it, _reckoned(it, p, None if known is None else known[1], score)
    return None if known[1] is None else known[1].take(p.rows)


def _reckoned(it: MatchingCriterion, p: Taken, before: Array | None, score: Score) -> Array | None:
    rows = np.arange(0 if before is None else len(before), p.store.size)
    try:
        found = score(it, Candidates(NOTHING, Taken(p.store, rows, 0), NOTHING), len(rows))
    except Exception:
        log.exception("the criterion %s says that it reads the profile alone, and fails at that", it.name)
        return None
    return found if before is None else np.concatenate((before, found))


def alone_sum(weighed: Sequence[tuple[MatchingCriterion, float]], p: Taken) -> Array | None:
    """What criteria that were reckoned before bring together to the rows of ``p``, each by its share; float32.

    ``None`` where one was not yet, or reads more than it says.
    """
    store = p.store
    key = tuple((id(it), id(it.settings), share) for it, share in weighed)
    kept = store.summed
    if kept is None or kept[0] != key or len(kept[1]) < store.size:
        total = np.zeros(store.size, dtype=np.float32)
        for it, share in weighed:
            known = store.alone.get((id(it), id(it.settings)))
            if known is None or known[1] is None or len(known[1]) < store.size:
                return None
            total += known[1][: store.size] * np.float32(share)
        kept = store.summed = key, total
    return kept[1].take(p.rows)
