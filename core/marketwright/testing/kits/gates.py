"""What the gate of a matching criterion holds: the same for a pair in every company, and as its bounds promise."""

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from marketwright.kernel.time import FrozenClock
from marketwright.strategies.matching import Array, Candidates, Columns, MatchingCriterion
from marketwright.testing.kits.candidates import (
    N,
    as_pairs,
    elsewhere,
    joined,
    missions_of_all_sorts,
    one_of,
    rows_of,
    turned,
    two_for,
)
from marketwright.testing.kits.frame import StrategyKit, a_year_later

SEEDS = (7, 11, 13)


class GateKit(StrategyKit):
    """The part of the kit for criteria that is about gates and bounds."""

    if TYPE_CHECKING:

        def candidates(self, n: int = N, *, seed: int = 7, known: float = 0.8) -> Candidates:
            """People for a mission."""

    def test_its_gate_lets_a_pair_through_whoever_else_is_there(self, it: MatchingCriterion) -> None:
        """Alone, in another order, in smaller batches, as pairs, and as missions for a profile."""
        c = self.candidates()
        together, back = gates(it, c), np.arange(N)[::-1]
        assert np.array_equal(gates(it, rows_of(c, back)), together[back]), "in another order, it lets others through"
        halves = [gates(it, rows_of(c, rows)) for rows in (np.arange(N // 2), np.arange(N // 2, N))]
        assert np.array_equal(np.concatenate(halves), together), "in smaller batches, it lets others through"
        assert np.array_equal(gates(it, as_pairs(c)), together), "of pairs it lets others through"
        for i in (0, 7, N - 1):
            assert gates(it, one_of(c, i))[0] == together[i], f"candidate {i} alone is let through otherwise"
            assert (gates(it, turned(c, i)) == together[i]).all(), "of missions for a profile it lets others through"

    def test_its_gate_looks_at_each_mission_by_itself(self, it: MatchingCriterion) -> None:
        """Where several missions are ranked, or pairs: that of the first says nothing of the others."""
        c = self.candidates()
        d = elsewhere(c)
        one, other = gates(it, c), gates(it, d)
        assert np.array_equal(gates(it, joined(c, d)), [*one, *other]), "by the gate of one mission it shuts another"
        for i in (0, 7, N - 1):
            assert gates(it, two_for(c, d, i)).tolist() == [one[i], other[i]], "of two missions it looks at the first"

    def test_its_gate_and_its_bounds_are_the_same_a_year_later(
        self, it: MatchingCriterion, build: Any, clock: FrozenClock
    ) -> None:
        """The day is the column ``today``: bounds of a mission are kept while the site runs."""
        c = self.candidates()
        before, bounds = gates(it, c), [dict(it.bounds(m)) for m in (c.m, None)]
        a_year_later(clock)
        for again in (it, build()):
            assert np.array_equal(gates(again, c), before), "later, its gate lets others through"
            assert [dict(again.bounds(m)) for m in (c.m, None)] == bounds, "later, its bounds are others"

    def test_its_bounds_are_pairs_of_numbers(self, it: MatchingCriterion) -> None:
        """By column a tuple of two, each a finite number or ``None``: others are not taken."""
        for c in self._crowds():
            for m in (c.m, None):
                for name, pair in it.bounds(m).items():
                    fits = type(pair) is tuple and len(pair) == 2 and all(v is None or isfinite(v) for v in pair)
                    assert fits, f"its bounds of {name!r} are {pair!r}"

    def test_whoever_is_outside_its_bounds_fails_its_gate(self, it: MatchingCriterion) -> None:
        """The engine never looks at them: who would have passed is lost."""
        for c in self._crowds():
            passes = gates(it, c)
            for m in (c.m, None):
                for name, low, high, column, known in limits(it, c, m):
                    lost = passes & known & ((column < low) | (column > high))
                    assert not lost.any(), f"outside its bounds of {name!r} its gate lets somebody through"

    def test_one_whose_bounds_say_it_all_lets_everybody_within_them_through(self, it: MatchingCriterion) -> None:
        """``bounded``: the gate is not asked about who was chosen by its bounds."""
        for c in self._crowds() if it.bounded else ():
            inside = np.ones(N, dtype=bool)
            for _, low, high, column, known in limits(it, c, c.m):
                inside &= ~known | ((column >= low) & (column <= high))
            assert gates(it, c)[inside].all(), "its bounds tell all, it says, and its gate shuts somebody within out"

    def _crowds(self) -> Iterator[Candidates]:
        for known in (0.0, 0.6, 1.0):
            for seed in SEEDS:
                yield from missions_of_all_sorts(self.candidates(seed=seed, known=known))


def gates(it: MatchingCriterion, c: Candidates) -> Array:
    """Whom its gate lets through, as core takes it: whoever has a gap in a column that it reads is."""
    n = max(len(next(iter(side.values()))) for side in (c.m, c.p, c.pair))
    with np.errstate(all="ignore"):
        found = it.gate(c)
    wide = np.broadcast_to(np.asarray(True if found is None else found, dtype=bool), (n,)).copy()
    for name in it.reads:
        for side in (c.m, c.p, c.pair):
            if name in side:
                wide |= np.broadcast_to(~side.known(name), (n,))
    return wide


def limits(it: MatchingCriterion, c: Candidates, m: Columns | None) -> Iterator[tuple[str, float, float, Array, Array]]:
    """Of each column that it bounds the least and the greatest value, those of the candidates, and where known."""
    for name, (low, high) in it.bounds(m).items():
        side = c.pair if name in c.pair else c.p
        yield (name, -np.inf if low is None else float(low), np.inf if high is None else float(high), side[name],
               side.known(name))  # fmt: skip
