"""Estimators, each broken on purpose in one way, and one that is not."""

import random
from dataclasses import replace

from marketwright.plugin import Effort, Estimate, Estimator, Sizing
from marketwright.testing import EstimatorConformance


class Fair(Estimator):
    """Two days a thousand words."""

    name, label = "words", "Translation"

    def estimate(self, brief):
        words = brief.fields.get("words")
        if not words:
            return None
        days = max(1, round(words / 500))
        return Estimate(days, days, days * 2, (Effort("Translating", days, "500 words make a day."),))


class Base(EstimatorConformance):
    def briefs(self):
        return [Sizing({"words": 5000}), Sizing({"words": 1})]


class TestFair(Base):
    strategy = Fair


class NoName(Fair):
    """Nameless."""

    name = ""


class TestNoName(Base):
    strategy = NoName
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(Fair):
    pass


class TestUndescribed(Base):
    strategy = Undescribed
    caught_by = "test_its_first_line_says_what_it_does"


class NoLabel(Fair):
    """Nothing stands above its days."""

    label = ""


class TestNoLabel(Base):
    strategy = NoLabel
    caught_by = "test_its_label_is_for_people"


class Number(Fair):
    """It says a bare number."""

    def estimate(self, brief):
        return 5


class TestNumber(Base):
    strategy = Number
    caught_by = "test_it_estimates_or_says_nothing"


class Silent(Fair):
    """It never says anything."""

    def estimate(self, brief):
        return None


class TestSilent(Base):
    strategy = Silent
    caught_by = "test_some_brief_is_estimated"


class Changed(Fair):
    """The fair estimate, changed."""

    change: dict = {}

    def estimate(self, brief):
        said = super().estimate(brief)
        return said and replace(said, **self.change)


class UpsideDown(Changed):
    """At most is less than at least."""

    change = {"high": 0}


class TestUpsideDown(Base):
    strategy = UpsideDown
    caught_by = "test_its_days_stand_in_order"


class DoesNotAddUp(Changed):
    """Its parts are not the whole."""

    change = {"parts": (Effort("Translating", 77, "It takes long."),)}


class TestDoesNotAddUp(Base):
    strategy = DoesNotAddUp
    caught_by = "test_its_parts_add_up"


class NoReason(Changed):
    """Nobody learns why."""

    change = {"parts": (Effort("Translating", 10),)}


class TestNoReason(Base):
    strategy = NoReason
    caught_by = "test_each_part_says_what_for_and_why"


class Dice(Fair):
    """It estimates by lot."""

    def estimate(self, brief):
        said = super().estimate(brief)
        return said and replace(said, high=said.high + random.randint(1, 10**9))


class TestDice(Base):
    strategy = Dice
    caught_by = "test_the_same_brief_gets_the_same_estimate"


class Writes(Fair):
    """It writes into the brief."""

    def estimate(self, brief):
        brief.fields["words"] = 3
        return super().estimate(brief)


class TestWrites(Base):
    strategy = Writes
    caught_by = "test_it_leaves_the_brief_as_it_is"
