"""Of many pairs those that may still be among the best of a person: exact, whatever the criteria are. Pure.

No score is above 1. What reads the person alone is reckoned once for each; then go the criteria that need no sums over
skills, then the others, and after each step whoever cannot reach the worst of their best so far is left out.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from marketwright.features.matching.given import SLACK, Given
from marketwright.features.matching.pairs import Pairs
from marketwright.features.matching.ranking import FINE, Criterion
from marketwright.kernel.errors import MarketwrightError
from marketwright.strategies.matching import Array, Candidates, Columns

Make = Callable[[Array, Array], Candidates]  # of pairs: places of missions, places of people
Weighed = tuple[Criterion, float]  # with its share of the whole


class Read(Columns):
    """Columns of which is known whether anything was read of them."""

    __slots__ = ("_of", "touched")

    def __init__(self, of: Columns) -> None:
        self._of, self.touched = of, False

    def _seen(self) -> Columns:
        self.touched = True
        return self._of

    def __getitem__(self, name: str) -> Array:
        return self._seen()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._seen())

    def __len__(self) -> int:
        return len(self._seen())

    def __contains__(self, name: object) -> bool:
        return name in self._of

    def known(self, name: str) -> Array:
        """Booleans: where ``name`` was given."""
        return self._seen().known(name)

    def missing(self, name: str) -> Array | None:
        """Booleans: where ``name`` was not given; ``None`` where all were."""
        return self._seen().missing(name)

    def at(self, name: str, i: int) -> float | None:
        """The value of ``name`` for candidate ``i``, ``None`` if not given."""
        return self._seen().at(name, i)

    def same(self, name: str) -> float | None:
        """The one value that ``name`` has for all candidates, where that is known beforehand."""
        return self._seen().same(name)


class Hope:
    """What the pairs of some people can reach; made anew for other people."""

    def __init__(self, criteria: Sequence[Criterion], make: Make, people: int) -> None:
        self._make = make
        whole = sum(max(float(c.it.weight), 0.0) for c in criteria) or 1.0
        weighed = [(c, float(c.it.weight) / whole) for c in criteria if c.it.weight > 0]
        self.alone = np.zeros(people)  # what the criteria bring that read the person alone
        self.steps: list[list[Weighed]] = []
        self._sort(weighed, people)
        rest = [sum(share for _, share in step) for step in self.steps]
        self._after = [sum(rest[k + 1 :]) for k in range(len(rest))]  # what is not looked at after each step

    def _sort(self, weighed: Sequence[Weighed], people: int) -> None:
        """Put each criterion in its step, by what it reads of everybody and the first mission."""
        cheap, dear = list[Weighed](), list[Weighed]()
        zeros, everybody = np.zeros(people, dtype=np.int64), np.arange(people)
        for one, share in weighed:
            c = self._make(zeros, everybody)
            seen = Read(c.m), Read(c.pair)
            (scores,) = Given(Candidates(seen[0], c.p, seen[1]), people).scores([one])
            if isinstance(scores, MarketwrightError):
                self.steps = []
                return
            if not any(side.touched for side in seen):
                self.alone += scores * share
            elif isinstance(c.pair, Pairs) and c.pair.summed:
                dear.append((one, share))
            else:
                cheap.append((one, share))
        self.steps = [step for step in (cheap, dear) if step]

    def left(self, mission: Array, person: Array, least: Array) -> tuple[Array, Array]:
        """The pairs that may reach ``least`` (millionths, by person; below 0 where anything does)."""
        need = least.take(person)
        if np.count_nonzero(need >= 0) < len(need) // 2:
            return mission, person
        reach = self.alone.take(person)
        reach += SLACK
        for step, after in zip(self.steps, self._after, strict=True):
            scores = Given(self._make(mission, person), len(mission)).scores([c for c, _ in step])
            for (_, share), its in zip(step, scores, strict=True):
                if isinstance(its, MarketwrightError):
                    return mission, person
                reach += its * np.float32(share)
            here = ((reach + after) * FINE >= need).nonzero()[0]
            mission, person, reach, need = (one.take(here) for one in (mission, person, reach, need))
        return mission, person
