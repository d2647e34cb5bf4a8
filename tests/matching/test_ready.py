"""What was made of a mission to rank for it is made once, and never outlives what it was made of."""

from dataclasses import replace
from datetime import date

import pytest

from marketwright.features.matching import columns
from marketwright.features.matching.columns import Taxonomy, day_number, wanted_of
from marketwright.features.matching.index import make_index, renewed_missions
from marketwright.features.matching.parts import missions_part
from marketwright.features.matching.relaxing import matches_of
from marketwright.features.matching.selecting import bounds_for
from marketwright.features.matching.texts import missions_words

from .criteria import criterion
from .factories import mission, person

TODAY = day_number(date(2026, 5, 4))
FLAT = Taxonomy({"a": 0, "b": 1}, ("a", "b"), {"en": ("a", "b")}, ({}, {}), (frozenset("a"), frozenset("b")))


@pytest.fixture
def index():
    who = [person("p", [("a", 2, 3)]), person("q", [("b", 2, 3)]), person("r", [("a", 2, 3), ("b", 2, 3)])]
    return make_index(FLAT, who, [mission("m", [("a", True, None)]), mission("n", [("b", True, None)])], "EUR")


@pytest.fixture
def asking():
    """Two criteria, and how often the first was asked for its bounds."""
    counting, other = criterion(lambda c: c.p["years"] * 0), criterion(lambda c: c.p["years"] * 0, "other")
    asked = []
    type(counting.it).bounds = lambda self, m: asked.append(m) or {"must_met": (1.0, None)}
    return counting, other, asked


def wanted(index, name, day=TODAY):
    return wanted_of(index.missions.side, index.missions.side.number[name], day)


def test_a_mission_is_read_once_a_day(index):
    assert wanted(index, "m") is wanted(index, "m")
    assert wanted(index, "m") is not wanted(index, "m", TODAY + 1)


def test_a_changed_mission_is_read_anew(index):
    assert wanted(index, "m").skills.skill.tolist() == [0]
    new = [mission("m", [("b", True, None)])]
    part = missions_part(FLAT, new, missions_words(FLAT, new), "EUR")
    moved = replace(index, missions=renewed_missions(index.missions, {"m"}, part))
    assert wanted(moved, "m").skills.skill.tolist() == [1]
    assert wanted(index, "m").skills.skill.tolist() == [0]


def test_no_more_missions_are_kept_than_said(index, monkeypatch):
    monkeypatch.setattr(columns, "KEPT", 1)
    for name in ("m", "n", "m"):
        assert wanted(index, name).id == name
        assert len(index.missions.side.kept) == 1


def test_bounds_are_asked_once_while_the_criteria_are_the_same(index, asking):
    counting, other, asked = asking
    some, more = (counting,), (counting, other)
    for criteria in (some, some, more, more):
        assert matches_of(index, wanted(index, "m"), criteria, TODAY).total == 2
    assert len(asked) == 2


def test_bounds_of_criteria_that_may_change_are_asked_each_time(index, asking):
    counting, _, asked = asking
    criteria = [counting]
    bounds_for(criteria, wanted(index, "m"))
    bounds_for(criteria, wanted(index, "m"))
    assert len(asked) == 2


def test_bounds_that_failed_once_are_asked_again(index, asking):
    counting, _, asked = asking
    good, criteria = type(counting.it).bounds, (counting,)
    type(counting.it).bounds = lambda self, m: 1 / 0
    assert matches_of(index, wanted(index, "m"), criteria, TODAY).total == 3
    type(counting.it).bounds = good
    assert matches_of(index, wanted(index, "m"), criteria, TODAY).total == 2
    assert len(asked) == 1
