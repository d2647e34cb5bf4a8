"""Scores of the profile alone are reckoned once for each row, and for those that come later."""

import numpy as np
import pytest

from marketwright.cli.bench_base import TODAY, make_base
from marketwright.features.matching import alone
from marketwright.features.matching.alone import NOTHING, alone_of, alone_sum
from marketwright.features.matching.given import Given
from marketwright.features.matching.index import index_of, renewed
from marketwright.hooks.manager import Entry
from marketwright.strategies.matching import Candidates, MatchingCriterion, Reason


class Years(MatchingCriterion):
    name, label, alone, unknown = "years", "Years", True, 0.25
    reads = ("years",)

    def __init__(self):
        super().__init__({}, None)
        self.asked = []

    def score(self, c):
        self.asked.append(len(c.p["years"]))
        return np.minimum(c.p["years"] / 20, 1.0)

    def reason(self, c, i, score):
        return Reason("")


class Lies(Years):
    def score(self, c):
        return Years.score(self, c) * c.m["remote"]


@pytest.fixture(scope="module")
def people():
    base = make_base(120, 2, 5)
    return index_of(base.taxonomy, *base.merged()).people


def scores(it, people, rows):
    return alone_of(it, people.side.columns(TODAY, rows), lambda its, c, n: Given(c, n).asked(its))


def given(people, rows):
    return Given(Candidates(NOTHING, people.side.columns(TODAY, rows), NOTHING), len(rows))


def test_everybody_is_asked_about_once(people):
    it, rows = Years(), np.array([7, 70])
    for _ in range(2):
        found = scores(it, people, rows)
    given = people.stored("years")[rows]
    assert found.tolist() == np.where(given > 0, np.minimum((given - 1) / 20, 1.0), 0.25).astype(np.float32).tolist()
    assert it.asked == [120]


def test_who_came_later_is_added(people, caplog):
    it = Years()
    before = scores(it, people, np.arange(120))
    later = renewed(people, people.side.ids[:3], make_base(5, 2, 9).people)
    columns = later.side.columns(TODAY, np.arange(125))
    after = Given(Candidates(NOTHING, columns, NOTHING), 125).score(it)
    assert not caplog.records
    assert after[:120].tolist() == before.tolist()
    assert it.asked == [120, 5]


def test_many_are_asked_about_in_pieces_each_a_call_of_its_own(people, monkeypatch):
    monkeypatch.setattr(alone, "PIECE", 50)
    entry, rows = Entry("strange", Years()), np.array([7, 70])
    (found,) = given(people, rows).scores([entry])
    assert entry.it.asked == [50, 50, 20]
    assert entry.meters.by_hook["strange", "score"].calls == 4  # with the ranking's own, which looks them up
    assert found.tolist() == scores(Years(), people, rows).tolist()


def test_what_is_not_whole_is_gone_on_with_where_it_ended(people, monkeypatch):
    monkeypatch.setattr(alone, "PIECE", 100)
    it, rows = Years(), np.arange(120)
    whole = scores(Years(), people, rows)
    people.side.store.alone[id(it), id(it.settings)] = it, it.settings, whole[:90]
    assert scores(it, people, rows).tolist() == whole.tolist()
    assert it.asked == [30]


def test_trials_of_other_weights_leave_no_scores_behind_without_end(people):
    running = Entry("strange", Years())
    for _ in range(3 * alone.MOST):
        given(people, np.array([1])).scores([Entry("strange", Years())])
        given(people, np.array([1])).scores([running])
        assert len(people.side.store.alone) <= alone.MOST


def test_more_criteria_than_are_kept_are_still_asked_once_each(people):
    entries = [Entry("strange", Years()) for _ in range(alone.MOST + 2)]
    for _ in range(2):
        given(people, np.array([1])).scores(entries)
    assert [e.it.asked for e in entries] == [[120]] * len(entries)


def test_one_that_reads_more_than_it_says_is_asked_each_time(people):
    assert scores(Lies(), people, np.array([7])) is None


def test_other_settings_are_asked_anew(people):
    it = Years()
    scores(it, people, np.array([1]))
    for other in range(3):
        it.settings = {"other": other}
        scores(it, people, np.array([1]))
    assert it.asked == [120] * 4


def test_what_several_bring_together_is_reckoned_once_for_the_same_weights(people):
    one, other, rows = Years(), Years(), np.array([7, 70])
    each = scores(one, people, rows)
    columns = people.side.columns(TODAY, rows)
    assert alone_sum([(one, 0.25), (other, 0.5)], columns) is None  # the other was not asked yet
    scores(other, people, rows)
    assert alone_sum([(one, 0.25), (other, 0.5)], columns) == pytest.approx(each * 0.75, abs=1e-6)
    assert alone_sum([(one, 0.5), (other, 0.0)], columns) == pytest.approx(each * 0.5, abs=1e-6)


def test_nothing_is_summed_of_one_that_reads_more_than_it_says(people):
    lies, rows = Lies(), np.array([7])
    scores(lies, people, rows)
    assert alone_sum([(lies, 0.5)], people.side.columns(TODAY, rows)) is None
