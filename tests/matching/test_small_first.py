"""With a dozen people, or forty, or two hundred, no mission has an empty page, and what relaxing brings is true."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from marketwright.features.matching.circle import FEW, Circle
from marketwright.features.matching.columns import Taxonomy, day_number, wanted_of
from marketwright.features.matching.index import make_index
from marketwright.features.matching.near import group_near
from marketwright.features.matching.relaxing import rank_rows, relax
from marketwright.hooks.manager import Entry
from marketwright_core_matching import CRITERIA
from marketwright_core_matching.settings import MatchingSettings

from .factories import mission, person

DAY = date(2026, 5, 4)
NAMES = ("root", "branch", "leaf", *(f"skill{k}" for k in range(9)), "nobody")
TREE = Taxonomy(
    {name: n for n, name in enumerate(NAMES)}, NAMES, {"en": NAMES}, ({}, {0: 1}, {1: 1, 0: 2}, *({},) * 10),
    tuple(frozenset((name,)) for name in NAMES),
)  # fmt: skip
MUSTS = {
    "nothing asked for": (), "one must-have": ("leaf",), "a broader one": ("root",),
    "three": ("skill0", "skill1", "leaf"),
    "one that nobody has": ("nobody",), "one of them that nobody has": ("skill0", "nobody"), "all there are": NAMES,
}  # fmt: skip


def people(n):
    draw = np.random.default_rng(n)
    popular = 1.0 / np.arange(1, len(NAMES))
    for k in range(n):
        held = draw.choice(NAMES[:-1], size=draw.integers(1, 6), replace=False, p=popular / popular.sum())
        yield person(
            f"p{k:03d}", [(str(s), int(draw.integers(1, 5)), int(draw.integers(0, 20))) for s in held],
            tuple(draw.choice(["en", "fr", "de"], size=draw.integers(1, 3), replace=False)),
            remote=str(draw.choice(["remote", "hybrid", "onsite"])),
            available_from=DAY + timedelta(days=int(draw.integers(0, 200))), rate=int(draw.integers(300, 1500)) * 100,
        )  # fmt: skip


@pytest.fixture(scope="module")
def house():
    settings, desk = MatchingSettings().load({}), SimpleNamespace(currency="EUR")
    entries = tuple(Entry("core_matching", c(settings, desk)) for c in CRITERIA)
    return SimpleNamespace(plugins=SimpleNamespace(matching_criteria=entries, embedder=None))


@pytest.fixture(scope="module", params=[1, 12, 40, 200])
def index(request):
    asked = [mission(name, [(s, True, 3) for s in musts], ("fr",), remote="onsite", start_on=DAY + timedelta(days=20))
             for name, musts in MUSTS.items()]  # fmt: skip
    return make_index(TREE, list(people(request.param)), asked, "EUR")


@pytest.mark.parametrize("name", MUSTS)
def test_the_page_shows_who_fits_or_who_comes_closest_with_what_is_missing(house, index, name):
    side = index.missions.side
    ranking = Circle(house, index, name, wanted_of(side, side.number[name], day_number(DAY)), DAY).best(0)
    groups = group_near(ranking, lambda part, _i: [part.entry.it.name])
    assert ranking.total or groups
    for group in groups:
        assert group.count >= len(group.rows) > 0
        assert all({part.entry.it.name for part in ranking.failed(i)} == set(group.lacks) for i in group.rows)
    assert ranking.total > FEW or groups or ranking.total == index.people.shown.sum()


@pytest.mark.parametrize("name", MUSTS)
def test_relaxing_brings_as_many_as_a_mission_without_the_condition_has(house, index, name):
    criteria, today = house.plugins.matching_criteria, day_number(DAY)
    wanted = wanted_of(index.missions.side, index.missions.side.number[name], today)

    def fits(some):
        return rank_rows(index, some, criteria, np.flatnonzero(index.people.shown), today).total

    for one in (r for r in relax(index, wanted, criteria, today) if r.kind == "skill"):
        must = wanted.skills.must & (wanted.skills.skill != TREE.number[one.name])
        assert one.gain == fits(replace(wanted, skills=replace(wanted.skills, must=must))) - fits(wanted) > 0
