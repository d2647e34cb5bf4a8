"""Of many near ones the first are the same as where all are ranked in full."""

from dataclasses import replace

import numpy as np
import pytest

from marketwright.cli.bench_base import TODAY, make_base
from marketwright.cli.bench_matching import _criteria
from marketwright.features.matching import narrowing
from marketwright.features.matching.columns import SkillRows, wanted_of
from marketwright.features.matching.index import index_of
from marketwright.features.matching.lists import Chosen
from marketwright.features.matching.nearest import nearest
from marketwright.features.matching.pairs import people_for
from marketwright.features.matching.ranking import GateBroken
from marketwright.features.matching.relaxing import rank_rows
from marketwright.features.matching.selecting import near_rows

FIRST = 40


@pytest.fixture(scope="module")
def index():
    base = make_base(6_000, 30, 5)
    return index_of(base.taxonomy, *base.merged())


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(narrowing, "MANY", 200)


def candidates(index, wanted):
    return lambda some: people_for(wanted, index.people.side, index.taxonomy, some, TODAY)


def near_ones(index, wanted, rows):
    ranking = rank_rows(index, wanted, _criteria(), rows, TODAY)
    return [(ranking.texts(np.array([i]))[0], len(ranking.failed(i))) for i in ranking.near[:FIRST].tolist()]


@pytest.mark.parametrize("row", range(30))
def test_the_first_near_ones_of_everybody_are_found_without_ranking_everybody(index, row):
    wanted = wanted_of(index.missions.side, row, TODAY)
    everybody = np.flatnonzero(index.people.shown).astype(np.uint32)
    passing = len(rank_rows(index, wanted, _criteria(), everybody, TODAY).passing)
    found = nearest(_criteria(), Chosen.of(everybody), candidates(index, wanted), FIRST + passing)
    assert len(found) < len(everybody)
    assert near_ones(index, wanted, found) == near_ones(index, wanted, everybody)


def test_nobody_is_left_out_for_their_place_where_nobody_has_a_must_have(index):
    wanted = wanted_of(index.missions.side, 0, TODAY)
    nothing = replace(wanted, skills=SkillRows.made([]))
    assert len(near_rows(index, nothing, 100)) == np.count_nonzero(index.people.shown)


def test_a_few_are_all_given(index):
    wanted = wanted_of(index.missions.side, 0, TODAY)
    few = Chosen.of(np.arange(30, dtype=np.uint32))
    assert nearest(_criteria(), few, candidates(index, wanted), FIRST).tolist() == list(range(30))


def test_where_a_gate_breaks_some_are_given_and_ranking_them_says_it(index):
    wanted = wanted_of(index.missions.side, 0, TODAY)
    broken = _criteria()

    def fails(_candidates):
        raise RuntimeError("no gate today")

    broken[0].it.gate = fails
    some = Chosen.of(np.flatnonzero(index.people.shown))
    found = nearest(broken, some, candidates(index, wanted), FIRST)
    with pytest.raises(GateBroken):
        rank_rows(index, wanted, broken, found, TODAY)
