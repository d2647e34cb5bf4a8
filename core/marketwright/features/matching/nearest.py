"""Of many who fail a gate, those who come first as near ones: few gates failed, and the best at the rest. Pure."""

from collections.abc import Callable, Sequence

import numpy as np

from marketwright.features.matching.given import Given
from marketwright.features.matching.lists import Chosen
from marketwright.features.matching.narrowing import narrowed
from marketwright.features.matching.ranking import Criterion, shutting
from marketwright.kernel.errors import MarketwrightError
from marketwright.strategies.matching import Array, Candidates


def nearest(criteria: Sequence[Criterion], some: Chosen, make: Callable[[Chosen], Candidates], most: int) -> Array:
    """The rows (ascending) of the first ``most`` of ``some`` in the order of ``Ranking.near``, and of some beside them.

    Exact: who fails as few gates as the last of them is left out only where others surely are better. Where a gate
    breaks anybody is given: ranking them says what is wrong.
    """
    n = len(some.at)
    if n <= most:
        return some.rows
    shut = shutting(criteria)
    gates = Given(make(some), n).gates(shut)
    failed = np.zeros(n, dtype=np.uint8)
    for gate in gates:
        if isinstance(gate, MarketwrightError):
            return some.rows[:most]
        failed += ~gate
    opened = frozenset(entry.it.name for entry in shut)
    found: list[Array] = []
    left = most
    for number in range(len(shut) + 1):
        places = (failed == number).nonzero()[0]
        alike = some.some(places)
        if len(places) > left:
            alike, _ = narrowed(criteria, Chosen(alike.rows, alike.at, alike.held, opened), make, left)
        found.append(alike.rows)
        left -= len(places)
        if left <= 0:
            break
    return np.sort(np.concatenate(found))
