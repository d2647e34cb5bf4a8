from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import marketwright_core_matching as plugin
from marketwright.plugin import Candidates, Columns, Money
from marketwright_core_matching.settings import MatchingSettings

N = 6


@dataclass
class ADesk:
    currency: str = "EUR"


def criterion(name: str, **settings: Any):
    loaded = MatchingSettings().load(settings)
    return next(c for c in plugin.CRITERIA if c.name == name)(loaded, ADesk())


def every():
    loaded = MatchingSettings().load({})
    return [c(loaded, ADesk()) for c in plugin.CRITERIA]


def mission(**changed: Any) -> Columns:
    values = {
        "today": 20000, "starts": 20030, "days_a_week": 5.0, "day_budget": 80000.0, "remote": 1, "country": 1,
        "latitude": 48.0, "longitude": 2.0,
    } | changed  # fmt: skip
    return Columns({k: np.atleast_1d(np.asarray(v, dtype=np.float32)) for k, v in values.items()})


def people(n: int = N, known: dict[str, Any] | None = None, **changed: Any) -> Columns:
    values = {
        "today": 20000, "day_rate": 70000.0, "available_from": 20010, "days_a_week": 5.0, "years": 8.0, "rating": 4.5,
        "reviews": 3, "proved": 0.5, "remote": 1, "country": 1, "latitude": 48.0, "longitude": 2.0,
    } | changed  # fmt: skip
    columns = {k: np.broadcast_to(np.asarray(v, dtype=np.float32), (n,)).copy() for k, v in values.items()}
    return Columns(columns, {k: np.asarray(v, dtype=bool) for k, v in (known or {}).items()})


def pairs(n: int = N, known: dict[str, Any] | None = None, **changed: Any) -> Columns:
    values = {
        "must_met": 1.0, "must_held": 2, "must_asked": 2, "nice_met": 0.5, "nice_held": 1, "nice_asked": 2,
        "level_gap": 0.0, "must_years": 5.0, "language_met": 1.0, "distance": 10.0,
    } | changed  # fmt: skip
    columns = {k: np.broadcast_to(np.asarray(v, dtype=np.float32), (n,)).copy() for k, v in values.items()}
    return Columns(columns, {k: np.asarray(v, dtype=bool) for k, v in (known or {}).items()})


def random_candidates(seed: int, n: int) -> Candidates:
    draw = np.random.default_rng(seed)
    held, asked = draw.integers(0, 4, n), draw.integers(3, 5, n)
    return Candidates(
        mission(day_budget=float(draw.integers(100, 200000)), remote=float(draw.integers(0, 3))),
        people(
            n, day_rate=draw.integers(1, 300000, n), available_from=draw.integers(19000, 21000, n),
            days_a_week=draw.integers(1, 8, n), years=draw.integers(0, 50, n), rating=draw.uniform(0, 5, n),
            reviews=draw.integers(0, 90, n), proved=draw.uniform(0, 1, n), remote=draw.integers(0, 3, n),
            country=draw.integers(0, 4, n),
        ),
        pairs(
            n, must_met=held / asked, must_held=held, must_asked=asked, nice_met=draw.uniform(0, 1, n),
            nice_asked=draw.integers(0, 3, n), level_gap=draw.uniform(0, 3, n), language_met=draw.uniform(0, 1, n),
            distance=draw.uniform(0, 19000, n), must_years=draw.uniform(0, 40, n),
        ),
    )  # fmt: skip


def only(c: Candidates, rows: Any) -> Candidates:
    p = Columns({k: c.p[k][rows] for k in c.p})
    return Candidates(c.m, p, Columns({k: c.pair[k][rows] for k in c.pair}))


@given(st.integers(0, 10**6), st.integers(1, 12))
def test_every_score_lies_between_0_and_1(seed, n):
    c = random_candidates(seed, n)
    for one in every():
        found = np.asarray(one.score(c))
        assert found.shape == (n,)
        assert np.isfinite(found).all()
        assert found.min() >= 0.0
        assert found.max() <= 1.0


@given(st.integers(0, 10**6))
def test_the_same_candidates_score_the_same_twice(seed):
    c = random_candidates(seed, 9)
    for one in every():
        assert np.array_equal(one.score(c), one.score(c))


@given(st.integers(0, 10**6), st.permutations(range(9)))
def test_a_candidate_scores_the_same_wherever_it_stands(seed, order):
    c = random_candidates(seed, 9)
    for one in every():
        assert np.array_equal(np.asarray(one.score(c))[order], one.score(only(c, order)))


@given(st.integers(0, 10**6))
def test_no_criterion_changes_what_it_reads(seed):
    c = random_candidates(seed, 9)
    before = [{k: side[k].copy() for k in side} for side in (c.m, c.p, c.pair)]
    for one in every():
        one.gate(c)
        one.reason(c, 3, float(one.score(c)[3]))
    for side, kept in zip((c.m, c.p, c.pair), before, strict=True):
        assert all(np.array_equal(side[k], kept[k]) for k in kept)


@given(st.integers(0, 10**6), st.integers(0, 8))
def test_every_candidate_gets_a_reason_that_can_be_filled(seed, i):
    c = random_candidates(seed, 9)
    for one in every():
        reason = one.reason(c, i, float(one.score(c)[i]))
        assert reason.text % reason.params
        assert reason.advice == "" or reason.advice % reason.params
        assert reason.tone in ("good", "near", "miss")


@given(st.integers(0, 10**6))
def test_less_than_full_points_comes_with_advice_where_somebody_can_change_it(seed):
    c = random_candidates(seed, 9)
    for name in ("day_rate", "availability", "language"):
        one = criterion(name)
        found = one.score(c)
        for i in np.flatnonzero(found < 0.99):
            assert one.reason(c, int(i), float(found[i])).advice


def test_a_rate_at_the_budget_gets_all_points_and_one_beyond_the_end_none():
    found = criterion("day_rate").score(Candidates(mission(), people(3, day_rate=[80000, 92000, 104001]), pairs(3)))
    assert found[0] == 1.0
    assert found[1] == pytest.approx(0.5, abs=1e-5)
    assert found[2] == 0.0


def test_being_cheaper_than_the_budget_brings_no_more():
    found = criterion("day_rate").score(Candidates(mission(), people(2, day_rate=[10000, 80000]), pairs(2)))
    assert found[0] == found[1] == 1.0


@pytest.mark.parametrize("near", [50.2, 120.3, 350.7])
def test_who_is_just_near_enough_gets_all_points_however_float32_rounds_the_kilometres(near):
    it = criterion("place", near_km=near, far_km=near + 0.5)
    assert it.score(Candidates(mission(), people(), pairs(distance=near))).tolist() == [1.0] * N


@pytest.mark.parametrize("ends", [1.0000000001, 1.00000006])
def test_ends_that_float32_cannot_tell_apart_are_a_step(ends):
    found = criterion("day_rate", rate_ends=ends).score(Candidates(mission(), people(2, day_rate=[80000, 80001]),
                                                                   pairs(2)))  # fmt: skip
    assert found.tolist() == [1.0, 0.0]


def test_the_reason_for_a_rate_names_the_gap_as_an_amount():
    c = Candidates(mission(), people(1, day_rate=89000), pairs(1))
    reason = criterion("day_rate").reason(c, 0, 0.6)
    assert reason.text == "%(gap)s a day over the budget"
    assert reason.params["gap"] == Money(9000, "EUR")


def test_a_missing_must_have_shuts_the_gate_of_skills():
    c = Candidates(mission(), people(2), pairs(2, must_met=[1.0, 0.5], must_held=[2, 1]))
    assert criterion("skills").gate(c).tolist() == [True, False]


def test_the_operator_may_ask_for_part_of_the_must_haves():
    c = Candidates(mission(), people(2), pairs(2, must_met=[0.5, 0.25], must_held=[2, 1], must_asked=4))
    assert criterion("skills", must_coverage=0.5).gate(c).tolist() == [True, False]


def test_who_works_remotely_only_does_not_pass_for_work_on_site():
    c = Candidates(mission(remote=0), people(2, remote=[1, 2]), pairs(2))
    assert criterion("place").gate(c).tolist() == [True, False]


def test_distance_counts_for_nothing_where_the_mission_is_remote():
    c = Candidates(mission(remote=2), people(2), pairs(2, distance=[5, 5000]))
    assert criterion("place").score(c).tolist() == [1.0, 1.0]


def test_an_unspoken_language_shuts_the_gate():
    c = Candidates(mission(), people(2), pairs(2, language_met=[1.0, 0.5]))
    assert criterion("language").gate(c).tolist() == [True, False]


def test_somebody_free_half_a_year_after_the_start_is_no_match():
    c = Candidates(mission(starts=20030), people(2, available_from=[20040, 20220]), pairs(2))
    assert criterion("availability").gate(c).tolist() == [True, False]


def test_an_open_start_suits_everybody():
    m = Columns(dict(mission().items()), {"starts": np.zeros(1, dtype=bool)})
    c = Candidates(m, people(1, available_from=20400), pairs(1))
    assert criterion("availability").score(c).tolist() == [1.0]


def test_one_five_star_review_does_not_beat_many_good_ones():
    c = Candidates(mission(), people(2, rating=[5.0, 4.8], reviews=[1, 40]), pairs(2))
    few, many = criterion("rating").score(c)
    assert many > few


def test_the_same_function_ranks_missions_for_one_freelancer():
    m = Columns({k: np.repeat(v, 3) for k, v in mission(day_budget=90000).items()})
    found = criterion("day_rate").score(Candidates(m, people(1), pairs(3)))
    assert found.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("free", "days", "said"), [
    (20000, 5, "Free now"), (20400, 5, "Free on %(free)s; the {mission} gives no start"),
    (20000, 3, "Free now, %(days)s of %(asked)s days a week"),
    (20400, 3, "Free on %(free)s, %(days)s of %(asked)s days a week; the {mission} gives no start"),
])  # fmt: skip
def test_nobody_is_in_time_for_a_start_that_was_not_given(free, days, said):
    values = mission()
    m = Columns({k: values[k] for k in values}, {"starts": np.array([False])})
    c = Candidates(m, people(1, available_from=free, days_a_week=days), pairs(1))
    assert criterion("availability").reason(c, 0, 1.0).text == said


@pytest.mark.parametrize("wrong", [{"near_km": 700}, {"weights": {}}, {"colour": 1}])
def test_a_wrong_setting_is_refused(wrong):
    assert MatchingSettings().validate(wrong)
