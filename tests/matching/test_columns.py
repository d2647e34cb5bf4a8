from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.matching.columns import Person, SkillRows, Taxonomy, day_number, wanted_of
from marketwright.features.matching.index import make_index
from marketwright.features.matching.lists import Chosen
from marketwright.features.matching.pairs import great_circle, missions_for, people_for
from marketwright.strategies.matching import PAIR_COLUMNS

from .factories import mission, person

TODAY = day_number(date(2026, 5, 4))
NAMES = ("root", "branch", "leaf", "other")
TREE = Taxonomy(
    {name: n for n, name in enumerate(NAMES)}, NAMES, {"en": NAMES}, ({}, {0: 1}, {1: 1, 0: 2}, {}),
    tuple(frozenset((n,)) for n in NAMES),
)  # fmt: skip


def pair(m, p):
    return down(make_index(TREE, [p], [m], "EUR"), 0)


def down(index, mission):
    wanted, everybody = wanted_of(index.missions.side, mission, TODAY), Chosen.of(np.arange(index.people.size))
    return people_for(wanted, index.people.side, TREE, everybody, TODAY).pair


def up(index, one):
    row = index.people.side.number[one.id]
    held = [(TREE.number[s], level or 0, -1 if y is None else y, False)
            for kind, s, level, y, _, _ in one.claims if kind == "skill"]  # fmt: skip
    person = Person(one.id, index.people.side.columns(TODAY, np.array([row])), SkillRows.made(held),
                    int(index.people.side.languages[row]))  # fmt: skip
    return missions_for(index.missions.side, person, TREE, np.arange(index.missions.size), TODAY).pair


def test_the_skill_itself_and_a_narrower_one_count_in_full():
    asked = mission(skills=[("branch", True, None)])
    assert pair(asked, person(skills=[("branch", 3, 1)]))["must_met"][0] == 1.0
    assert pair(asked, person(skills=[("leaf", 3, 1)]))["must_met"][0] == 1.0


def test_a_broader_skill_counts_for_half_and_one_above_it_for_a_quarter():
    asked = mission(skills=[("leaf", True, None)])
    half, quarter = pair(asked, person(skills=[("branch", 4, 9)])), pair(asked, person(skills=[("root", 4, 9)]))
    assert (half["must_met"][0], quarter["must_met"][0]) == (0.5, 0.25)
    assert half["must_held"][0] == 0


def test_a_skill_of_another_branch_counts_for_nothing():
    assert pair(mission(skills=[("leaf", True, None)]), person(skills=[("other", 4, 9)]))["must_met"][0] == 0.0


def test_missing_levels_are_averaged_over_the_must_haves_held():
    asked = mission(skills=[("leaf", True, 4), ("other", True, 2)])
    assert pair(asked, person(skills=[("leaf", 2, 1), ("other", 3, 1)]))["level_gap"][0] == 1.0


def test_a_level_that_nobody_gave_is_no_gap():
    assert pair(mission(skills=[("leaf", True, 4)]), person(skills=[("leaf", None, None)]))["level_gap"][0] == 0.0


def test_languages_count_from_working_level_on():
    asked = mission(languages=["fr", "en"])
    found = person(languages=("en",))
    assert pair(asked, found)["language_met"][0] == 0.5
    basic = person(claims=[("language", None, 1, None, "fr", ""), ("language", None, 2, None, "en", "")])
    assert pair(asked, basic)["language_met"][0] == 0.5


def test_the_distance_is_that_of_the_great_circle():
    found = pair(mission(city="Paris"), person(city="Lyon"))
    assert found["distance"][0] == pytest.approx(392, abs=5)


def test_a_town_that_nobody_knows_leaves_the_distance_unknown():
    assert not pair(mission(city="Paris"), person(city="Nowhere at all")).known("distance")[0]


def test_the_distance_to_a_remote_mission_is_known_to_be_nothing():
    found = pair(mission(city="", remote="remote"), person(city="Nowhere at all"))
    assert found.known("distance")[0]
    assert found["distance"][0] == 0.0


def test_a_fixed_price_is_spread_over_its_days():
    index = make_index(TREE, [], [mission(budget_kind="fixed", budget=500000, duration_days=10)], "EUR")
    assert index.missions.side.values["day_budget"][0] == 50000.0


def test_a_rate_in_another_currency_is_unknown():
    index = make_index(TREE, [person(currency="CHF")], [], "EUR")
    assert not index.people.side.known["day_rate"][0]


def test_dates_that_have_passed_count_as_today():
    index = make_index(TREE, [person(available_from=date(2020, 1, 1))], [], "EUR")
    assert index.people.side.columns(TODAY, np.array([0]))["available_from"][0] == TODAY


LEVELS, YEARS = st.one_of(st.none(), st.integers(1, 4)), st.one_of(st.none(), st.integers(0, 30))
SKILLS = st.lists(
    st.tuples(st.sampled_from(NAMES), LEVELS, YEARS), max_size=4, unique_by=lambda t: t[0]
)  # fmt: skip
ASKED = st.lists(
    st.tuples(st.sampled_from(NAMES), st.booleans(), LEVELS), max_size=4, unique_by=lambda t: t[0]
)  # fmt: skip
TOWNS = st.sampled_from(["Paris", "Lyon", "Gent", "Nowhere at all", ""])
LANGUAGES = st.lists(st.sampled_from(["en", "fr", "de"]), max_size=3, unique=True)


@given(
    st.lists(st.tuples(SKILLS, LANGUAGES, TOWNS), min_size=1, max_size=4),
    st.lists(st.tuples(ASKED, LANGUAGES, TOWNS), min_size=1, max_size=4),
)
def test_both_directions_see_the_same_pair(people, missions):
    who = [person(f"p{i}", s, tuple(lang), c) for i, (s, lang, c) in enumerate(people)]
    index = make_index(TREE, who, [mission(f"m{i}", s, lang, c) for i, (s, lang, c) in enumerate(missions)], "EUR")
    downs = [down(index, j) for j in range(len(missions))]
    ups = {index.people.side.number[one.id]: up(index, one) for one in who}
    for j, one in enumerate(downs):
        for i, other in ups.items():
            for name in PAIR_COLUMNS:
                assert one[name][i] == other[name][j], name
                assert one.known(name)[i] == other.known(name)[j], name


def test_every_column_that_the_strategy_names_is_there():
    found = pair(mission(skills=[("leaf", True, None)]), person())
    assert set(found) == set(PAIR_COLUMNS)


def test_the_great_circle_broadcasts():
    far = great_circle(np.array([48.86]), np.array([2.35]), np.array([48.86, 51.51]), np.array([2.35, -0.13]))
    assert far[0] == 0.0
    assert far[1] == pytest.approx(344, abs=5)
