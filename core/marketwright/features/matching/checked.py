"""Of whom a check's verdict holds: read anew when the index is another one, judged anew for each question."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from threading import Lock
from time import monotonic

import numpy as np
from sqlalchemy.orm import Session

from marketwright.features.matching.index import Index
from marketwright.features.vetting.checks import APPROVAL
from marketwright.features.vetting.proofs import HoldingPart, holding_parts
from marketwright.strategies.matching import Array

Checked = Mapping[str, Array]
OLDEST = 60.0  # seconds; a thread whose view of the database was an older one may have read


class Checks:
    """What a process knows of verdicts on freelancers. ``labels`` (msgids) name the checks that are enabled.

    ``assessed`` names those whose work was marked by assessors: cards say of whom such a verdict holds.

    A verdict gives its subject's profile another version, so no verdict is missed by looking at the index alone.
    Admission is left out: whoever is in the lists was let in; and what is ``private``: nobody is found by it.
    """

    def __init__(
        self, labels: Mapping[str, str], assessed: Collection[str] = (), private: Collection[str] = ()
    ) -> None:
        self.labels = {name: label for name, label in labels.items() if name != APPROVAL and name not in private}
        self.assessed = {name: self.labels[name] for name in sorted(assessed) if name in self.labels}
        self._lock = Lock()
        self._index: Index | None = None
        self._read = 0.0
        self._rows: dict[str, tuple[Array, Array]] = {}

    def held(self, session: Session, index: Index, now: datetime) -> Checked:
        """A mask over the people of ``index`` by check: whose verdict holds at ``now`` (business time)."""
        with self._lock:
            if self._index is not index or monotonic() - self._read > OLDEST:
                self._rows = _rows(index, holding_parts(session, tuple(self.labels)))
                self._index, self._read = index, monotonic()
            rows = self._rows
        moment = now.timestamp()
        return {name: _mask(len(index.people.shown), *rows[name], moment) for name in self.labels if name in rows}

    def passed(self, session: Session, index: Index, now: datetime, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """By person of ``ids`` the labels (msgids) of the assessed checks that they hold at ``now``."""
        if not self.assessed:
            return {}
        masks, numbers = self.held(session, index, now), index.people.side.number
        held = [(masks[name], label) for name, label in self.assessed.items() if name in masks]
        rows = ((i, numbers[i]) for i in ids if i in numbers)
        return {i: tuple(label for mask, label in held if mask[row]) for i, row in rows}


def _rows(index: Index, found: Sequence[HoldingPart]) -> dict[str, tuple[Array, Array]]:
    """By check the rows of people and when each verdict ends, in seconds."""
    numbers = index.people.side.number
    by_check: dict[str, list[tuple[int, float]]] = {}
    for one in found:
        row = numbers.get(one.owner)
        if row is not None:
            ends = one.expires.timestamp() if one.expires else np.inf
            by_check.setdefault(one.check, []).append((row, ends))
    return {
        name: (np.array([row for row, _ in pairs], dtype=np.int64), np.array([ends for _, ends in pairs]))
        for name, pairs in by_check.items()
    }


def _mask(size: int, rows: Array, ends: Array, moment: float) -> Array:
    mask = np.zeros(size, dtype=bool)
    mask[rows[ends > moment]] = True
    return mask
