"""What every criterion holds, and what these three think of whom."""

import numpy as np
import pytest

import marketwright_more_criteria as plugin
from marketwright.plugin import Candidates, Columns
from marketwright.testing import MatchingCriterionConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestCriteria(MatchingCriterionConformance):
    plugin = plugin


@pytest.fixture
def criterion():
    settings = plugin.manifest.settings().load({})
    kinds = {c.name: c for c in plugin.register_matching_criteria(settings)}
    return lambda name: kinds[name](settings, None)


def answering(*people):
    """Candidates of (asked, answered, hours)."""
    columns = {n: np.array([p[k] or 0 for p in people], dtype=np.float32)
               for k, n in enumerate(("asked", "answered", "answer_hours"))}  # fmt: skip
    known = {"answer_hours": np.array([p[2] is not None for p in people])}
    return Candidates(Columns({}), Columns(columns, known), Columns({}))


def speaking(*shares):
    pair = {n: np.array([s or 0 for s in shares], dtype=np.float32) for n in ("text_met", "semantic_met")}
    known = {n: np.array([s is not None for s in shares]) for n in pair}
    return Candidates(Columns({}), Columns({}), Columns(pair, known))


def test_who_answers_all_and_soon_stands_before_the_slow_and_the_silent_and_newcomers_between(criterion):
    c = answering((20, 20, 3), (20, 20, 168), (0, 0, None), (20, 0, None))
    quick, slow, new, silent = criterion("responsiveness").score(c)
    assert quick > new > slow > silent
    assert new == pytest.approx(0.7)


def test_one_forgotten_message_is_no_verdict(criterion):
    one, many = criterion("responsiveness").score(answering((1, 0, None), (30, 0, None)))
    assert one > 0.5 > many > 0.0


def test_each_answer_is_explained(criterion):
    it, c = criterion("responsiveness"), answering((4, 3, 5), (0, 0, None), (4, 0, None))
    said = [it.reason(c, i, s) for i, s in enumerate(it.score(c).tolist())]
    assert said[0].text % said[0].params == "First messages answered: 3 of 4, half of them within 5 h"
    assert said[1].text == "Nobody has written first yet: counts as neutral"
    assert (said[2].text % said[2].params, said[2].tone) == ("First messages answered: 0 of 4", "miss")


def test_more_words_bring_more_up_to_a_share(criterion):
    it = criterion("text")
    none, some, enough, all_ = it.score(speaking(0.0, 0.2, 0.4, 0.9))
    assert (none, some, enough, all_) == (0.0, pytest.approx(0.5), 1.0, 1.0)


def test_a_brief_without_words_is_said_to_have_none(criterion):
    assert criterion("text").reason(speaking(None), 0, 0.5).text == "The brief says nothing beyond its skills"
    assert criterion("semantic").reason(speaking(None), 0, 0.5).text == "Not compared in meaning yet"


def test_quick_must_be_quicker_than_slow():
    assert "quick_hours" in plugin.manifest.settings().validate({"quick_hours": 200})
