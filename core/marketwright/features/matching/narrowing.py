"""Of many who pass every gate, those among whom the best surely are: exact, whatever the criteria are. Pure.

No score is above 1, so whoever cannot reach the worst of some who were scored in full, even with 1 in all that was not
looked at yet, is left out, with room for what float32 rounds. Some evenly spread are scored first; what the profile
alone brings is known beforehand; of the other criteria those that cost most points go before the others.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

import numpy as np

from marketwright.features.matching.alone import alone_sum
from marketwright.features.matching.given import SLACK, Given
from marketwright.features.matching.lists import Chosen
from marketwright.features.matching.ranking import Criterion, shutting
from marketwright.features.matching.scanning import places_of
from marketwright.features.matching.stored import Taken
from marketwright.kernel.errors import MarketwrightError
from marketwright.strategies.matching import Array, Candidates

MANY, SAMPLE, FIRST = 20_000, 512, 256  # fewer are not narrowed; how many are scored first, and of the best so far
ENOUGH = 1024  # fewer than so many that are left are sooner scored in full
LEADERS = 2  # criteria after which the best so far are scored in full: whoever cannot reach their worst is out
WORTH = 0.8  # a step that leaves more than this share changes nothing


@dataclass(frozen=True, slots=True)
class Weighed:
    """A criterion and its share of the whole."""

    entry: Criterion
    share: float


def narrowed(criteria: Sequence[Criterion], chosen: Chosen, make: Callable[[Chosen], Candidates], most: int
             ) -> tuple[Chosen, int]:  # fmt: skip
    """(those among whom the best ``most`` are, how many of those left out pass every gate).

    Where a criterion fails nobody is left out: ranking them says what is wrong.
    """
    if len(chosen.at) < MANY:
        return chosen, 0
    whole = sum(max(float(c.it.weight), 0.0) for c in criteria)
    if not whole:
        return chosen, 0
    try:
        passing = _passing(criteria, chosen, make)
        if len(passing.at) < MANY:
            return passing, 0
        weighed = [Weighed(c, float(c.it.weight) / whole) for c in criteria if c.it.weight > 0]
        kept = _best(weighed, passing, make, most)
    except MarketwrightError:
        return chosen, 0
    return kept, len(passing.at) - len(kept.at)


def _passing(criteria: Sequence[Criterion], chosen: Chosen, make: Callable[[Chosen], Candidates]) -> Chosen:
    shut = shutting(criteria, chosen.opened)
    if not shut:
        return chosen
    given = Given(make(chosen), len(chosen.at))
    gates = [_sure(a) for a in given.gates(shut)]
    found = chosen.some(np.logical_and.reduce(gates).nonzero()[0])
    return Chosen(found.rows, found.at, found.held, chosen.opened | {c.it.name for c in shut}, found.speak)


def _best(weighed: Sequence[Weighed], chosen: Chosen, make: Callable[[Chosen], Candidates], most: int) -> Chosen:
    n = len(chosen.at)
    size, leaders = max(SAMPLE, most), max(FIRST, 2 * most)
    table = _table(weighed, chosen.some(np.arange(0, n, max(n // size, 1))), make)
    least = _least(table, most)
    lost = [w.share - float(row.mean()) for w, row in zip(weighed, table, strict=True)]
    c = make(chosen)
    done, rest, known = _beforehand(weighed, c, n)
    order = sorted((k for k in range(len(weighed)) if k not in known), key=lambda k: -lost[k])
    for step, k in enumerate(order):
        done += _weighed(weighed[k], c, len(done))
        rest -= weighed[k].share
        if step == LEADERS - 1 and len(done) > 2 * leaders:
            first = np.sort(np.argpartition(done, len(done) - leaders)[len(done) - leaders:])
            least = max(least, _least(_table(weighed, chosen.some(first), make), most))
        here = places_of(done >= least - rest - SLACK / 10)
        if len(here) < WORTH * len(done):
            chosen, done = chosen.some(here), done.take(here)
            if len(here) < ENOUGH:
                break
            c = make(chosen)
    return chosen


def _beforehand(weighed: Sequence[Weighed], c: Candidates, n: int) -> tuple[Array, float, Container[int]]:
    """(what the profile alone brings to each, the share of all the rest, the places of the criteria it is made of)."""
    places = [k for k, w in enumerate(weighed) if w.entry.it.alone]
    if len(places) < len(weighed) and isinstance(c.p, Taken):
        found = alone_sum([(weighed[k].entry.it, weighed[k].share) for k in places], c.p)
        if found is not None:
            return found, 1.0 - sum(weighed[k].share for k in places), places
    return np.zeros(n, dtype=np.float32), 1.0, ()


def _weighed(one: Weighed, c: Candidates, n: int) -> Array:
    """What one criterion brings to the score of each."""
    (scores,) = Given(c, n).scores([one.entry])
    found: Array = np.multiply(_sure(scores), np.float32(one.share), dtype=np.float32)
    return found


def _table(weighed: Sequence[Weighed], chosen: Chosen, make: Callable[[Chosen], Candidates]) -> Array:
    """What each criterion brings to the score of each of ``chosen``."""
    given = Given(make(chosen), len(chosen.at))
    answers = [_sure(a) for a in given.scores([w.entry for w in weighed])]
    found: Array = np.array(answers, dtype=np.float64) * np.array([[w.share] for w in weighed])
    return found


def _least(table: Array, most: int) -> float:
    """The score of the last of the best ``most``."""
    total: Array = np.add.reduce(table, axis=0)
    at = max(len(total) - most, 0)
    return float(np.partition(total, at)[at])


def _sure(answer: Array | MarketwrightError) -> Array:
    if isinstance(answer, MarketwrightError):
        raise answer
    return answer
