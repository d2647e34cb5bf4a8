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
from marketwright.features.matching.relaxing import matches_of, rank_rows, relax
from marketwright.hooks.manager import Entry
from marketwright_core_matching import CRITERIA
from marketwright_core_matching.settings import MatchingSettings
from marketwright_more_criteria import Area
from marketwright_more_criteria.settings import MoreSettings

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


@pytest.mark.parametrize(("n", "count", "least"), [(300, 300, False), (700, 400, True)])
def test_a_count_of_near_ones_says_where_there_may_be_more(house, n, count, least):
    who = [person(f"p{k:03d}", [("skill0", None, None)]) for k in range(n)]
    index = make_index(TREE, who, [mission("m", [("skill0", True, None), ("skill1", True, None)])], "EUR")
    wanted = wanted_of(index.missions.side, 0, day_number(DAY))
    ranking = rank_rows(index, wanted, house.plugins.matching_criteria, np.arange(n, dtype=np.uint32), day_number(DAY))
    (group,) = group_near(ranking, lambda _part, _i: ["skill1"])
    assert (group.count, group.least) == (count, least)


@pytest.mark.parametrize("reach", ["near", "country"])
def test_opening_the_place_of_work_opens_the_area_as_a_remote_mission_has_it(house, reach):
    towns = [("Lyon", "FR"), ("Paris", "FR"), ("Nice", "FR"), ("Berlin", "DE")]
    who = [person(f"p{k}", city=city, country=country) for k, (city, country) in enumerate(towns)]
    criteria = [*house.plugins.matching_criteria, Entry("more", Area(MoreSettings().load({}), house))]

    def market(remote):
        asked = mission("m", city="Lyon", remote=remote, reach=reach, within_km=50)
        index = make_index(TREE, who, [asked], "EUR")
        return index, wanted_of(index.missions.side, 0, day_number(DAY)), criteria, day_number(DAY)

    gain = matches_of(*market("remote")).total - matches_of(*market("onsite")).total
    assert {r.kind: r.gain for r in relax(*market("onsite"))}["remote"] == gain > 0


@pytest.mark.parametrize("name", MUSTS)
def test_relaxing_brings_as_many_as_a_mission_without_the_condition_has(house, index, name):
    criteria, today = house.plugins.matching_criteria, day_number(DAY)
    wanted = wanted_of(index.missions.side, index.missions.side.number[name], today)

    def fits(some):
        return rank_rows(index, some, criteria, np.flatnonzero(index.people.shown), today).total

    for one in (r for r in relax(index, wanted, criteria, today) if r.kind == "skill"):
        must = wanted.skills.must & (wanted.skills.skill != TREE.number[one.name])
        assert one.gain == fits(replace(wanted, skills=replace(wanted.skills, must=must))) - fits(wanted) > 0
