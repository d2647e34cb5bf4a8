"""Leaving out those who cannot be among the best changes nothing for those who are."""

import numpy as np
import pytest

from marketwright.cli.bench_base import TODAY, make_base
from marketwright.cli.bench_matching import _criteria
from marketwright.features.matching import lists, narrowing, scanning
from marketwright.features.matching.columns import wanted_of
from marketwright.features.matching.index import index_of
from marketwright.features.matching.relaxing import matches_of
from marketwright.features.matching.selecting import bounds_of, people_chosen


@pytest.fixture(scope="module")
def index():
    base = make_base(20_000, 60, 3)
    return index_of(base.taxonomy, *base.merged())


def test_the_best_of_many_are_the_same_and_all_are_counted(index, monkeypatch):
    monkeypatch.setattr(narrowing, "MANY", 1000)
    criteria, narrowed = _criteria(), 0
    for row in range(60):
        wanted = wanted_of(index.missions.side, row, TODAY)
        whole, few = matches_of(index, wanted, criteria, TODAY), matches_of(index, wanted, criteria, TODAY, 20)
        narrowed += few.beyond > 0
        assert few.total == whole.total
        assert few.texts(few.best(20)) == whole.texts(whole.order[:20])
        assert few.scores[few.best(20)].tolist() == whole.scores[whole.order[:20]].tolist()
    assert narrowed, "no mission had enough candidates for anybody to be left out"


def test_looking_at_a_rare_second_must_have_first_chooses_the_same_people(index, monkeypatch):
    criteria, sieved = _criteria(), index.people.side.lists.column
    looked = []
    monkeypatch.setattr(scanning, "FEW", 0)
    monkeypatch.setattr(lists.SkillLists, "column", lambda _, skill: looked.append(skill) or sieved(skill))
    for row in range(60):
        wanted = wanted_of(index.missions.side, row, TODAY)
        with monkeypatch.context() as never:
            never.setattr(lists, "SIEVE", 10**9)
            whole = people_chosen(index, wanted, bounds_of(criteria, wanted.columns))
        few = people_chosen(index, wanted, bounds_of(criteria, wanted.columns))
        assert few.rows.tolist() == whole.rows.tolist()
        assert {s: c.tolist() for s, c in few.held.items()} == {s: c.tolist() for s, c in whole.held.items()}
    assert looked, "no mission had a second must-have that few have"


@pytest.mark.parametrize("block", [4096, 1 << 18], ids=["in blocks", "at once"])
def test_running_past_everybody_chooses_the_same_people_as_the_lists(index, monkeypatch, block):
    criteria, ran = _criteria(), 0
    monkeypatch.setattr(scanning, "BLOCK", block)
    monkeypatch.setattr(scanning, "MANY", 64)
    for row in range(60):
        wanted = wanted_of(index.missions.side, row, TODAY)
        bounds = bounds_of(criteria, wanted.columns)
        found = {}
        for few in (0, 10**9):
            monkeypatch.setattr(scanning, "FEW", few)
            chosen = people_chosen(index, wanted, bounds)
            held = {s: index.people.side.lists.at(s, chosen.rows).tolist() for s in chosen.held}
            found[few] = chosen.rows.tolist(), chosen.at.tolist(), held, chosen.opened, chosen.speak
        assert found[0] == found[10**9]
        ran += all(index.people.side.lists.column(s) is not None for s in found[0][2]) and bool(found[0][0])
    assert ran, "no mission asked for skills of many alone"


@pytest.mark.parametrize("share", [0.0, 0.006, 0.05, 0.099, 0.5, 1.0])
@pytest.mark.parametrize("size", [0, 1, 8, 63, 64, 1003])
def test_what_a_mask_sets_is_found_eight_at_a_time_as_one_by_one(monkeypatch, size, share):
    monkeypatch.setattr(scanning, "MANY", 1)
    mask = np.random.default_rng(size).random(size) < share
    assert scanning.places_of(mask).tolist() == [k for k, set_ in enumerate(mask.tolist()) if set_]
