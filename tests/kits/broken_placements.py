"""Placements, each broken on purpose in one way, and one that is not."""

import numpy as np

from marketwright.plugin import Placement
from marketwright.testing import PlacementConformance


class Fair(Placement):
    """Whoever has no review yet."""

    name, label, about, most = "newcomers", "New here", "People without a review.", 2

    def eligible(self, c):
        return c.p["reviews"] == 0


class TestFair(PlacementConformance):
    strategy = Fair


class Unmarked(Fair):
    """It hides what it is."""

    label = ""


class TestUnmarked(PlacementConformance):
    strategy = Unmarked
    caught_by = "test_it_is_labelled_and_explained"


class Crowd(Fair):
    """A list of its own."""

    most = 50


class TestCrowd(PlacementConformance):
    strategy = Crowd
    caught_by = "test_it_asks_for_a_few_positions"


class Scores(Fair):
    """Numbers instead of yes and no."""

    def eligible(self, c):
        return c.p["reviews"]


class TestScores(PlacementConformance):
    strategy = Scores
    caught_by = "test_it_answers_booleans"


class Dice(Fair):
    """A lot of its own."""

    def eligible(self, c):
        return np.random.default_rng().uniform(0, 1, len(c.p["reviews"])) > 0.5


class TestDice(PlacementConformance):
    strategy = Dice
    caught_by = "test_the_same_candidates_get_the_same_answer"


class LowestOfAll(Fair):
    """Whoever has the fewest reviews of the list."""

    def eligible(self, c):
        return c.p["reviews"] == c.p["reviews"].max(initial=0)


class TestLowestOfAll(PlacementConformance):
    strategy = LowestOfAll
    caught_by = "test_who_else_is_there_changes_nothing"


class Writes(Fair):
    """It writes into what everybody shares."""

    def eligible(self, c):
        found = super().eligible(c)
        c.p["rating"].base[:] = 5
        return found


class TestWrites(PlacementConformance):
    strategy = Writes
    caught_by = "test_it_changes_no_column"


class NoName(Fair):
    """Nameless."""

    name = ""


class TestNoName(PlacementConformance):
    strategy = NoName
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(Fair):
    pass


class TestUndescribed(PlacementConformance):
    strategy = Undescribed
    caught_by = "test_its_first_line_says_what_it_does"
