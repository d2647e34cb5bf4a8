"""Matching criteria, each broken on purpose in one way, and one that is not."""

import random

import numpy as np

from marketwright.plugin import MatchingCriterion, Reason
from marketwright.testing import MatchingCriterionConformance


class Fair(MatchingCriterion):
    """Years of experience up to ten."""

    name, label, about = "years", "Years", "The years of experience, up to ten."
    reads = ("years",)

    def score(self, c):
        return np.minimum(c.p["years"] / 10.0, 1.0) + 0.0 * c.pair["must_met"]

    def reason(self, c, i, score):
        years = c.p.at("years", i)
        if years is None:
            return Reason("Years not given", tone="near")
        return Reason("Years: %(years)s", {"years": int(years)})


class TestFair(MatchingCriterionConformance):
    strategy = Fair


class NoAbout(Fair):
    """It does not say what it compares."""

    about = ""


class TestNoAbout(MatchingCriterionConformance):
    strategy = NoAbout
    caught_by = "test_its_label_and_what_it_compares_are_sentences_for_people"


class Negative(Fair):
    """It takes points away."""

    weight = -0.5


class TestNegative(MatchingCriterionConformance):
    strategy = Negative
    caught_by = "test_its_weight_and_its_unknown_are_shares"


class Guesses(Fair):
    """A column that nobody has."""

    reads = ("years", "shoe_size")


class TestGuesses(MatchingCriterionConformance):
    strategy = Guesses
    caught_by = "test_it_reads_columns_that_exist"


class Percent(Fair):
    """From 0 to 100."""

    def score(self, c):
        return super().score(c) * 100


class TestPercent(MatchingCriterionConformance):
    strategy = Percent
    caught_by = "test_it_scores_every_candidate_from_0_to_1"


class Divides(Fair):
    """By what may be zero."""

    def score(self, c):
        return c.pair["must_held"] / c.pair["must_asked"] * 0 + super().score(c)


class TestDivides(MatchingCriterionConformance):
    strategy = Divides
    caught_by = "test_no_score_is_nonsense"


class NeedsSomebody(Fair):
    """The best of all is the measure."""

    def score(self, c):
        return np.minimum(c.p["years"] / max(c.p["years"].max(), 1), 1)


class TestNeedsSomebody(MatchingCriterionConformance):
    strategy = NeedsSomebody
    caught_by = "test_scores_and_gates_of_nobody_are_empty"


class TestAmongOthers(MatchingCriterionConformance):
    strategy = NeedsSomebody
    caught_by = "test_a_candidate_scores_the_same_alone_and_among_others"


class NotAlone(Fair):
    """It says that the profile is all it reads."""

    alone = True


class TestNotAlone(MatchingCriterionConformance):
    strategy = NotAlone
    caught_by = "test_one_that_says_so_reads_the_profile_alone"


class GateOfNumbers(Fair):
    """Scores where booleans belong."""

    def gate(self, c):
        return self.score(c)


class TestGateOfNumbers(MatchingCriterionConformance):
    strategy = GateOfNumbers
    caught_by = "test_its_gate_answers_booleans_or_nothing"


class Dice(Fair):
    """A little luck."""

    def score(self, c):
        return super().score(c) * random.random()


class TestDice(MatchingCriterionConformance):
    strategy = Dice
    caught_by = "test_the_same_candidates_give_the_same_scores"


class OneWay(Fair):
    """As if the many were always people."""

    def score(self, c):
        return np.minimum(np.arange(len(c.p["years"])) * 0 + c.p["years"] / 10, 1) if len(c.m["today"]) == 1 else (
            np.minimum(c.m["day_budget"] / 1e5, 1))  # fmt: skip


class TestOneWay(MatchingCriterionConformance):
    strategy = OneWay
    caught_by = "test_it_ranks_in_both_directions"


class Writes(Fair):
    """It writes into what everybody shares."""

    def score(self, c):
        found = super().score(c)
        column = c.p["rating"]
        (column.base if column.base is not None else column)[:] = 5
        return found


class TestWrites(MatchingCriterionConformance):
    strategy = Writes
    caught_by = "test_it_changes_no_column"


class Loops(Fair):
    """One by one."""

    def score(self, c):
        years = np.broadcast_to(c.p["years"], np.broadcast_shapes(c.p["years"].shape, c.pair["must_met"].shape))
        return np.array([min(float(y) / 10, 1.0) for y in years], dtype=np.float32)


class TestLoops(MatchingCriterionConformance):
    strategy = Loops
    caught_by = "test_it_works_on_whole_columns"


class Boasts(Fair):
    """It declares more than it reads."""

    reads = ("years", "day_rate")


class TestBoasts(MatchingCriterionConformance):
    strategy = Boasts
    caught_by = "test_it_reads_what_it_declares"


class Sloppy(Fair):
    """Nothing given is nothing at all."""

    reads = ()


class TestSloppy(MatchingCriterionConformance):
    strategy = Sloppy
    caught_by = "test_it_declares_what_it_reads"


class Silent(Fair):
    """No word for who gave nothing."""

    def reason(self, c, i, score):
        return super().reason(c, i, score) if c.p.at("years", i) is not None else None


class TestSilent(MatchingCriterionConformance):
    strategy = Silent
    caught_by = "test_every_candidate_has_a_reason"


class Shouts(Fair):
    """A tone of its own."""

    def reason(self, c, i, score):
        return Reason("Years", tone="great")


class TestShouts(MatchingCriterionConformance):
    strategy = Shouts
    caught_by = "test_the_tone_of_a_reason_is_one_of_three"


class Unfilled(Fair):
    """A sentence with a hole."""

    def reason(self, c, i, score):
        return Reason("Years: %(years)s", {"year": 3})


class TestUnfilled(MatchingCriterionConformance):
    strategy = Unfilled
    caught_by = "test_the_places_of_a_reason_are_filled"


class Arrays(Fair):
    """Numbers of NumPy on the page."""

    def reason(self, c, i, score):
        return Reason("Years: %(years)s", {"years": c.p["years"]})


class TestArrays(MatchingCriterionConformance):
    strategy = Arrays
    caught_by = "test_what_fills_a_reason_is_shown_in_the_readers_way"


class TwoMinds(Fair):
    """One reason for all of a list, and another for whoever is looked at alone."""

    def reasons(self, c, scores):
        return [Reason("Years")] * len(scores)


class TestTwoMinds(MatchingCriterionConformance):
    strategy = TwoMinds
    caught_by = "test_the_reasons_of_all_are_those_of_each"


class NoName(Fair):
    """Nameless."""

    name = ""


class TestNoName(MatchingCriterionConformance):
    strategy = NoName
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(Fair):
    pass


class TestUndescribed(MatchingCriterionConformance):
    strategy = Undescribed
    caught_by = "test_its_first_line_says_what_it_does"


class FirstCome(Fair):
    """Whoever stands first has more."""

    def score(self, c):
        found = super().score(c)
        return found * (1.0 - np.arange(len(found)) / (2.0 * max(len(found), 1)))


class TestFirstCome(MatchingCriterionConformance):
    strategy = FirstCome
    caught_by = "test_the_order_and_the_size_of_a_batch_change_nothing"


class Prejudiced(Fair):
    """By what nobody is ranked."""

    reads = ("years", "x_gender")


class TestPrejudiced(MatchingCriterionConformance):
    strategy = Prejudiced
    extra_people = {"x_gender": 1.0}
    caught_by = "test_it_reads_no_banned_column"


class Slow(Fair):
    """The same sum four hundred times."""

    def score(self, c):
        for _ in range(400):
            found = super().score(c)
        return found


class TestSlow(MatchingCriterionConformance):
    strategy = Slow
    caught_by = "test_a_hundred_thousand_candidates_cost_no_more_than_a_few_passes"


class EveryOther(Fair):
    """Whoever stands at an even place."""

    def gate(self, c):
        return np.arange(len(c.p["years"] + c.pair["must_met"])) % 2 == 0


class TestEveryOther(MatchingCriterionConformance):
    strategy = EveryOther
    caught_by = "test_its_gate_lets_a_pair_through_whoever_else_is_there"


class Narrow(Fair):
    """Bounds that its gate does not keep."""

    def bounds(self, m):
        return {"must_met": (1.0, None)}


class TestNarrow(MatchingCriterionConformance):
    strategy = Narrow
    caught_by = "test_whoever_is_outside_its_bounds_fails_its_gate"


class HalfTold(Fair):
    """A gate of which its bounds tell a part."""

    bounded = True

    def bounds(self, m):
        return {"must_met": (1.0, None)}

    def gate(self, c):
        return (c.pair["must_met"] >= 1.0) & (c.p["remote"] == 0)


class TestHalfTold(MatchingCriterionConformance):
    strategy = HalfTold
    caught_by = "test_one_whose_bounds_say_it_all_lets_everybody_within_them_through"
