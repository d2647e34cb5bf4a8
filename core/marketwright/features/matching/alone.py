"""Scores that are made of the profile alone: reckoned once for each row of a segment, later ones as they come. Pure.

Of many rows they are reckoned in pieces, each a call of its plugin: how many there are is no fault of the plugin's.
"""

import logging
from collections.abc import Callable, Sequence

import numpy as np

from marketwright.features.matching.stored import Store, Taken
from marketwright.hooks.manager import Entry
from marketwright.hooks.turns import ask_all
from marketwright.kernel.errors import MarketwrightError
from marketwright.strategies.matching import Array, Candidates, Columns, MatchingCriterion

log = logging.getLogger("marketwright.matching")
NOTHING, NONE = Columns({}), np.empty(0, dtype=np.float32)
PIECE = 250_000  # rows of one call
MOST = 8  # criteria whose scores are kept: each trial of other weights brings its own
Score = Callable[[MatchingCriterion, Candidates, int], Array]


def reckon(criteria: Sequence[Entry[MatchingCriterion]], p: Taken, score: Score) -> None:
    """Ask each of ``criteria`` that is ``alone`` for the rows of the segment that it was not asked for yet.

    Where one fails or hangs the rest waits for the next time: the ranking asks it too, and says what is wrong.
    """
    for entry in criteria:
        if entry.it.alone and not _whole(entry.it, p.store):
            _make_room(criteria, p.store)
            while not _whole(entry.it, p.store):
                (answer,) = ask_all([entry], "score", lambda it: _reckon_piece(it, p.store, score))
                if isinstance(answer, MarketwrightError):
                    break


def alone_of(it: MatchingCriterion, p: Taken, score: Score) -> Array | None:
    """What ``it`` gives to the rows of ``p``; ``score`` asks it. ``None`` for one that reads more than it says."""
    store = p.store
    while True:
        known = store.alone.get(_key(it))
        if known is not None and _enough(known[2], store):
            return None if known[2] is None else known[2].take(p.rows)
        _reckon_piece(it, store, score)


def _key(it: MatchingCriterion) -> tuple[int, int]:
    return id(it), id(it.settings)


def _whole(it: MatchingCriterion, store: Store) -> bool:
    """Whether nothing is left to ask ``it``."""
    known = store.alone.get(_key(it))
    return known is not None and _enough(known[2], store)


def _enough(known: Array | None, store: Store) -> bool:
    return known is None or len(known) >= store.size


def _reckon_piece(it: MatchingCriterion, store: Store, score: Score) -> None:
    _, _, before = store.alone.get(_key(it), (it, it.settings, NONE))
    if before is None or _enough(before, store):
        return
    rows = np.arange(len(before), min(len(before) + PIECE, store.size))
    found: Array | None = None
    try:
        more = score(it, Candidates(NOTHING, Taken(store, rows, 0), NOTHING), len(rows))
        found = np.concatenate((before, more)) if len(before) else more
    except Exception:
        log.exception("the criterion %s says that it reads the profile alone, and fails at that", it.name)
    _, _, now = store.alone.get(_key(it), (it, it.settings, NONE))
    if found is None or (now is not None and len(now) < len(found)):  # another thread may have been further
        store.alone[_key(it)] = it, it.settings, found


def _make_room(criteria: Sequence[Entry[MatchingCriterion]], store: Store) -> None:
    """Forget the oldest where there are many, none of ``criteria``."""
    mine = {_key(entry.it) for entry in criteria}
    others = [key for key in list(store.alone) if key not in mine]
    for key in others[: max(len(store.alone) + 1 - MOST, 0)]:
        store.alone.pop(key, None)


def alone_sum(weighed: Sequence[tuple[MatchingCriterion, float]], p: Taken) -> Array | None:
    """What criteria that were reckoned before bring together to the rows of ``p``, each by its share; float32.

    ``None`` where one was not yet, or reads more than it says.
    """
    store = p.store
    key = tuple((*_key(it), share) for it, share in weighed)
    kept = store.summed
    if kept is None or kept[0] != key or len(kept[1]) < store.size:
        total = np.zeros(store.size, dtype=np.float32)
        for it, share in weighed:
            known = store.alone.get(_key(it))
            if known is None or known[2] is None or len(known[2]) < store.size:
                return None
            total += known[2][: store.size] * np.float32(share)
        kept = store.summed = key, total, [(it, it.settings) for it, _ in weighed]
    return kept[1].take(p.rows)
