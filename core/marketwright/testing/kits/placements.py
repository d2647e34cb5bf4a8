"""What every placement holds: it says who may stand beside a ranking, and nothing more."""

from typing import Any

import numpy as np
import pytest

from marketwright.kernel.time import FrozenClock
from marketwright.strategies.matching import Candidates
from marketwright.strategies.placements import Placement
from marketwright.testing.kits.candidates import N, one_of, some_candidates
from marketwright.testing.kits.frame import StrategyKit, a_year_later

MOST = 5


class PlacementConformance(StrategyKit):
    """For a subclass of ``Placement``: ``strategy = MyPlacement`` and ``settings = {...}``."""

    hook = "register_placements"

    def candidates(self, n: int = N) -> Candidates:
        """People for a mission."""
        return some_candidates(n)

    def test_it_is_labelled_and_explained(self, it: Placement) -> None:
        """The label stands on every card, the sentence on the public page: nobody is placed without either."""
        assert it.label.strip(), "it has no label"
        assert it.about.strip().endswith("."), "about is no sentence: say who stands there and why"

    def test_it_asks_for_a_few_positions(self, it: Placement) -> None:
        """From 1 to 5: beside the ranking, not instead of it."""
        assert type(it.most) is int, f"most is {it.most!r}, not a whole number"
        assert 1 <= it.most <= MOST, f"it asks for {it.most} positions; from 1 to {MOST}"

    @pytest.mark.parametrize("n", [0, 1, N])
    def test_it_answers_booleans(self, it: Placement, n: int) -> None:
        """Of length n or 1, for nobody, one and many."""
        found = np.asarray(it.eligible(self.candidates(n)))
        assert found.dtype == np.bool_, f"eligible gave {found.dtype}, not booleans"
        assert found.shape in ((n,), (1,)), f"eligible gave shape {found.shape} for {n} candidates"

    def test_the_same_candidates_get_the_same_answer(self, it: Placement, build: Any, clock: FrozenClock) -> None:
        """No dice of its own: the lot is core's, from a seed that is logged."""
        first = np.asarray(it.eligible(self.candidates())).tolist()
        a_year_later(clock)
        assert np.asarray(it.eligible(self.candidates())).tolist() == first, "asked again it answers otherwise"
        assert np.asarray(build().eligible(self.candidates())).tolist() == first, "another instance answers otherwise"

    def test_who_else_is_there_changes_nothing(self, it: Placement) -> None:
        """Whoever may stand there may do so alone."""
        c = self.candidates()
        together = np.broadcast_to(np.asarray(it.eligible(c)), (N,))
        for i in (0, 7, N - 1):
            alone = np.broadcast_to(np.asarray(it.eligible(one_of(c, i))), (1,))[0]
            assert alone == together[i], f"candidate {i} is eligible in a list and not alone, or the other way"

    def test_it_changes_no_column(self, it: Placement) -> None:
        """Columns are shared and read-only."""
        c = self.candidates()
        before = {name: c.p[name].copy() for name in c.p}
        it.eligible(c)
        changed = [name for name in c.p if not np.array_equal(c.p[name], before[name])]
        assert not changed, f"it changed the column {changed[0]!r}"
