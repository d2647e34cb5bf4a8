import logging
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.matching.points import spread
from marketwright.features.matching.ranking import GateBroken, count, rank
from marketwright.hooks import calls
from marketwright.strategies.matching import Columns

from .criteria import candidates, criterion, ids

SCORES = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=30)


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL)


def by(values, **more):
    return criterion(lambda c: np.asarray(values, dtype=np.float32), **more)


@given(SCORES)
def test_the_same_input_gives_the_same_order(values):
    n = len(values)
    first, second = (rank([by(values)], candidates(n), ids(n), "m") for _ in range(2))
    assert first.order.tolist() == second.order.tolist()


@given(SCORES, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_where_somebody_stands(values, shuffle):
    n = len(values)
    places = list(range(n))
    shuffle.shuffle(places)
    names = ids(n)
    plain = rank([by(values)], candidates(n), names, "m")
    moved = rank([by([values[p] for p in places])], candidates(n), [names[p] for p in places], "m")
    assert [names[i] for i in plain.order] == [names[places[i]] for i in moved.order]


@given(SCORES)
def test_equal_scores_are_ordered_by_the_pair_and_not_by_the_place(values):
    n = len(values)
    names = ids(n)
    for_one = rank([by([0.5] * n)], candidates(n), names, "mission-one")
    for_two = rank([by([0.5] * n)], candidates(n), names[::-1], "mission-one")
    assert [names[i] for i in for_one.order] == [names[::-1][i] for i in for_two.order]


def test_nobody_is_first_on_every_list_where_all_are_equal():
    firsts = {rank([by([0.5] * 8)], candidates(8), ids(8), f"mission-{k}").order[0] for k in range(40)}
    assert len(firsts) > 3


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0.0, 9.0)), min_size=1, max_size=9))
def test_the_points_of_the_parts_sum_to_the_score(given_parts):
    entries = [by([s], name=f"c{k}", weight=w) for k, (s, w) in enumerate(given_parts)]
    found = rank(entries, candidates(1), ids(1), "m")
    points = found.points(0)
    assert sum(p for p, _ in points) == found.score(0)
    weighs = any(w > 0 for _, w in given_parts)
    assert sum(of for _, of in points) == (100 if weighs else 0)
    assert all(0 <= p <= of for p, of in points) or not weighs


def test_who_has_all_or_nothing_of_a_part_reads_all_or_nothing():
    weights = (0.35, 0.15, 0.15, 0.08, 0.1, 0.05, 0.07, 0.05, 0.05, 0.05)
    entries = [by([(1.0, 0.0, 0.4)[k % 3]], name=f"c{k}", weight=w) for k, w in enumerate(weights)]
    points = rank(entries, candidates(1), ids(1), "m").points(0)
    assert all(got == (of if k % 3 == 0 else 0) for k, (got, of) in enumerate(points) if k % 3 != 2)


@given(SCORES, st.integers(0, 2**30 - 1))
def test_whoever_fails_a_gate_is_no_match(values, bits):
    n = len(values)
    passes = [bool(bits >> i & 1) for i in range(n)]
    found = rank([by(values, gate=lambda c: np.array(passes))], candidates(n), ids(n), "m")
    assert sorted(found.order.tolist()) == [i for i in range(n) if passes[i]]
    assert sorted(found.near.tolist()) == [i for i in range(n) if not passes[i]]


def test_among_near_ones_who_fails_fewest_gates_comes_first():
    one = by([1.0, 0.1], name="a", gate=lambda c: np.array([False, False]))
    two = by([1.0, 0.1], name="b", gate=lambda c: np.array([False, True]))
    assert rank([one, two], candidates(2), ids(2), "m").near.tolist() == [1, 0]


def test_who_is_left_out_stands_on_neither_list():
    found = rank([by([0.1, 0.9, 0.5])], candidates(3), ids(3), "m", np.array([True, False, True]))
    assert found.order.tolist() == [2, 0]
    assert found.near.tolist() == []


def broken_scores(n):
    return {
        "raises": lambda c: 1 / 0,
        "not a number": lambda c: np.full(n, np.nan),
        "infinite": lambda c: np.full(n, np.inf),
        "too long": lambda c: np.ones(n + 1),
        "too short": lambda c: np.ones(n - 1),
        "beyond one": lambda c: np.full(n, 1.5),
        "below zero": lambda c: np.full(n, -0.5),
        "words": lambda c: np.array(["good"] * n),
        "nothing": lambda c: None,
        "writes what it reads": lambda c: c.p["x"].fill(1.0),
    }


@pytest.mark.parametrize("how", broken_scores(4))
def test_a_criterion_that_breaks_is_named_and_the_others_go_on(how):
    good = by([0.2, 0.9, 0.4, 0.6], name="good", weight=0.3)
    bad = criterion(broken_scores(4)[how], "bad", weight=0.7)
    found = rank([good, bad], candidates(4), ids(4), "m")
    assert [(b.criterion, b.plugin) for b in found.broken] == [("bad", "strange")]
    assert found.order.tolist() == rank([good], candidates(4), ids(4), "m").order.tolist()
    assert [found.score(i) for i in range(4)] == [20, 90, 40, 60]


@pytest.mark.parametrize(
    "gate",
    [lambda c: 1 / 0, lambda c: np.ones(4), lambda c: np.ones(9, dtype=bool), lambda c: np.array([1, 0, 1, 0])],
)
def test_a_gate_that_cannot_be_trusted_refuses_to_rank(gate):
    with pytest.raises(GateBroken) as caught:
        rank([by([0.1] * 4, name="odd", gate=gate)], candidates(4), ids(4), "m")
    assert (caught.value.criterion, caught.value.plugin) == ("odd", "strange")


def test_who_passes_is_counted_without_a_score():
    slow = criterion(lambda c: pytest.fail("it was asked for a score"), "slow", gate=lambda c: c.p["x"] > 0.5)
    plain = by([1.0] * 5, name="plain")
    assert count([plain, slow], candidates(5), 5) == 2
    assert count([plain], candidates(5), 5) == 5
    assert count([plain, slow], candidates(5), 5, opened=("slow",)) == 5


def test_a_criterion_whose_score_breaks_keeps_its_gate():
    bad = criterion(lambda c: 1 / 0, "bad", gate=lambda c: np.array([True, False]))
    found = rank([by([0.5, 0.9], name="good"), bad], candidates(2), ids(2), "m")
    assert found.order.tolist() == [0]
    assert [p.entry.it.name for p in found.failed(1)] == ["bad"]


def test_nothing_is_ranked_where_the_one_criterion_that_weighs_breaks():
    gate = by([0.5, 0.9, 0.1], name="gate", weight=0.0, gate=lambda c: np.array([True, False, True]))
    found = rank([gate, criterion(lambda c: 1 / 0, "weighs")], candidates(3), ids(3), "m")
    assert not found.ranks
    assert sorted(found.order.tolist()) == [0, 2]
    assert rank([gate, by([0.1, 0.2, 0.3], name="weighs")], candidates(3), ids(3), "m").ranks


def test_what_is_unknown_scores_as_the_criterion_declares_and_shuts_no_gate():
    some = criterion(
        lambda c: c.p["x"] / c.p["x"], "rate", reads=("x",), unknown=0.25, gate=lambda c: c.p["x"] > 0
    )
    found = rank([some], candidates(2, {"x": [True, False]}, x=[1.0, 0.0]), ids(2), "m")
    assert found.order.tolist() == [0, 1]
    assert [found.score(i) for i in range(2)] == [100, 25]


def test_a_score_of_length_one_holds_for_everybody():
    found = rank([criterion(lambda c: np.array([0.5]))], candidates(3), ids(3), "m")
    assert [found.score(i) for i in range(3)] == [50, 50, 50]


def test_about_nobody_no_criterion_is_asked():
    asked = []
    shut = criterion(lambda c: asked.append("score"), gate=lambda c: asked.append("gate"))
    ranking = rank([shut], candidates(0), [], "m")
    assert ranking.total == 0
    assert asked == []


def test_with_nobody_to_rank_the_lists_are_empty():
    found = rank([criterion(lambda c: c.p["x"])], candidates(0), [], "m")
    assert found.order.tolist() == found.near.tolist() == []


def test_columns_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        Columns({"x": np.zeros(3)})["x"][0] = 1


@given(st.lists(st.floats(0, 50), min_size=1, max_size=12))
def test_rounding_moves_no_part_by_more_than_one_point(parts):
    total = round(sum(parts))
    found = spread(parts, total)
    assert sum(found) == total
    assert all(abs(f - p) <= 1 + 1e-9 for f, p in zip(found, parts, strict=True))


@pytest.mark.parametrize("together", [True, False], ids=["all at once", "one by one"])
def test_a_criterion_whose_reasons_are_late_is_asked_once_for_a_list_and_named(monkeypatch, caplog, together):
    monkeypatch.setattr(calls, "LIMIT", 0.01)
    monkeypatch.setattr(calls.call_in_turn, "__defaults__", (0.01,))
    caplog.set_level(logging.ERROR)
    slow, gate, asked = criterion(lambda c: c.p["x"], "slow"), threading.Event(), []

    def wait(*_given):
        asked.append(1)
        gate.wait(30)

    ranking = rank([slow], candidates(5), ids(5), "m")
    type(slow.it).reasons = type(slow.it).reason = wait
    if together:
        ranking.explain(list(range(5)))
    assert [ranking.reason(ranking.parts[0], i) for i in range(5)] == [None] * 5
    gate.set()
    assert len(asked) == 1
    assert [r.getMessage() for r in caplog.records] == ["plugin strange failed in reason: no answer within 0.01 s"]


def test_a_gate_that_does_not_answer_in_time_is_named_in_the_log(monkeypatch, caplog):
    monkeypatch.setattr(calls.call_in_turn, "__defaults__", (0.01,))
    caplog.set_level(logging.ERROR)
    gate = threading.Event()
    with pytest.raises(GateBroken):
        rank([criterion(lambda c: c.p["x"], gate=lambda c: gate.wait(30))], candidates(2), ids(2), "m")
    gate.set()
    assert [r.getMessage() for r in caplog.records] == ["plugin strange failed in gate: no answer within 0.01 s"]
