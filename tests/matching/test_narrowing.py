"""Leaving out those who cannot be among the best changes nothing for those who are."""

from dataclasses import replace

import numpy as np
import pytest

from marketwright.cli.bench_base import TODAY, make_base
from marketwright.cli.bench_matching import _criteria
from marketwright.features.matching import lists, narrowing, scanning
from marketwright.features.matching.bits import Bits
from marketwright.features.matching.columns import wanted_of
from marketwright.features.matching.index import index_of
from marketwright.features.matching.lists import measures
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


@pytest.mark.parametrize(("many", "sieve"), [(0, 8), (0, 0), (10**9, 8)], ids=["bits early", "bits late", "bytes"])
def test_looking_at_other_must_haves_first_chooses_the_same_people_as_list_after_list(index, monkeypatch, many, sieve):
    criteria, held = _criteria(), index.people.side.lists
    alone = replace(held, bits=Bits(np.zeros((0, 0), dtype=np.uint8), {}))
    without = replace(index, people=replace(index.people, side=replace(index.people.side, lists=alone)))
    monkeypatch.setattr(scanning, "FEW", 0)
    monkeypatch.setattr(lists, "BYTES", many)
    monkeypatch.setattr(lists, "SIEVE", sieve)
    others = 0
    for row in range(60):
        wanted = wanted_of(index.missions.side, row, TODAY)
        one, other = (people_chosen(i, wanted, bounds_of(criteria, wanted.columns)) for i in (index, without))
        others += any(skill in held.bits for skill in list(one.held)[1:])
        assert one.rows.tolist() == other.rows.tolist()
        assert {s: _said(c) for s, c in one.held.items()} == {s: _said(c) for s, c in other.held.items()}
    assert others, "no mission has a second must-have of many"


def _said(codes):
    """What codes say, whether they are bytes or payloads."""
    return measures(3)[codes.dtype.itemsize].take(codes).tolist()


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
