"""Matching criteria that are right of one mission and wrong of others, that look at the clock, or whose bounds lie."""

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


class FirstMission(Fair):
    """The budget of the first mission, for all."""

    reads = ("years", "day_budget")

    def score(self, c):
        return super().score(c) * 0.5 + min(float(c.m["day_budget"][0]) / 2e5, 0.5)


class TestFirstMission(MatchingCriterionConformance):
    strategy = FirstMission
    caught_by = "test_each_mission_is_scored_by_itself"


class FirstReason(Fair):
    """The reason of the first mission, for all."""

    def reason(self, c, i, score):
        return Reason("For %(budget)s", {"budget": int(c.m["day_budget"][0])})


class TestFirstReason(MatchingCriterionConformance):
    strategy = FirstReason
    caught_by = "test_a_reason_is_of_its_own_mission"


class FirstGate(Fair):
    """Whether the first mission is on site shuts who is remote out of all."""

    def gate(self, c):
        return (c.p["remote"] < 2) | (float(c.m["remote"][0]) > 0) & (c.m["remote"] > -1)


class TestFirstGate(MatchingCriterionConformance):
    strategy = FirstGate
    caught_by = "test_its_gate_looks_at_each_mission_by_itself"


class ByTheClock(Fair):
    """A gate that is open until a day, by the clock of the machine."""

    def gate(self, c):
        return (c.p["remote"] < 2) | (self.desk.clock.business().year < 2027)


class TestByTheClock(MatchingCriterionConformance):
    strategy = ByTheClock
    caught_by = "test_its_gate_and_its_bounds_are_the_same_a_year_later"


class Listed(Fair):
    """Bounds that are a list."""

    def bounds(self, m):
        return {"remote": [None, None]}


class TestListed(MatchingCriterionConformance):
    strategy = Listed
    caught_by = "test_its_bounds_are_pairs_of_numbers"


class PeeksAtTheDay(Fair):
    """Alone, it says, and looks at the day by one value."""

    reads = ()
    alone = True

    def score(self, c):
        today = c.p.at("today", 0) if len(c.p["joined"]) else 0
        return np.clip((today - c.p["joined"]) / 10000, 0.0, 1.0)


class TestPeeksAtTheDay(MatchingCriterionConformance):
    strategy = PeeksAtTheDay
    caught_by = "test_one_that_says_so_reads_the_profile_alone"


class OnSiteBounds(Fair):
    """Bounds that are narrower than its gate where the work is on site."""

    def gate(self, c):
        return (c.m["remote"] > 0) | (c.p["remote"] < 2)

    def bounds(self, m):
        return {"remote": (None, 0)} if m is not None and m.at("remote", 0) == 0 else {}


class TestOnSiteBounds(MatchingCriterionConformance):
    strategy = OnSiteBounds
    caught_by = "test_whoever_is_outside_its_bounds_fails_its_gate"


class TooMuchAfar(Fair):
    """Points beyond all for a mission that is remote."""

    def score(self, c):
        return super().score(c) + (c.m["remote"] == 2)


class TestTooMuchAfar(MatchingCriterionConformance):
    strategy = TooMuchAfar
    caught_by = "test_it_scores_every_candidate_from_0_to_1"


class SpeechlessOnSite(Fair):
    """No reason where the work is on site."""

    def reason(self, c, i, score):
        return super().reason(c, i, score) if c.m.at("remote", i) else Reason("")


class TestSpeechlessOnSite(MatchingCriterionConformance):
    strategy = SpeechlessOnSite
    caught_by = "test_every_candidate_has_a_reason"
