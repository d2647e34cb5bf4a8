"""Pairs are left out only where they surely are not among the best."""

import numpy as np

from marketwright.features.matching.hopeful import Hope
from marketwright.features.matching.ranking import FINE
from marketwright.hooks.manager import Entry
from marketwright.strategies.matching import Candidates, Columns, MatchingCriterion, Reason

RATE = np.array([0.2, 0.9, 0.5], dtype=np.float32)  # of three people
FIT = np.array([[1.0, 0.0, 0.5], [0.3, 0.9, 0.1]], dtype=np.float32)  # of two missions and these


class Person(MatchingCriterion):
    name, label, weight = "person", "Person", 1.0

    def score(self, c):
        return c.p["rate"]

    def reason(self, c, i, score):
        return Reason("")


class Pair(Person):
    name, weight = "pair", 3.0

    def score(self, c):
        return c.pair["fit"]


class Fails(Person):
    name = "fails"

    def score(self, c):
        raise ValueError("no")


def hope(*kinds):
    def make(mission, person):
        one = Columns({"at": mission.astype(np.float32)})
        return Candidates(one, Columns({"rate": RATE[person]}), Columns({"fit": FIT[mission, person]}))

    return Hope([Entry("own", kind({}, None)) for kind in kinds], make, len(RATE))


def every_pair():
    return np.repeat(np.arange(2), 3), np.tile(np.arange(3), 2)


def test_what_reads_the_person_alone_is_reckoned_once_for_each():
    found = hope(Person, Pair)
    assert np.allclose(found.alone, RATE / 4)
    assert [[one.it.name for one, _ in step] for step in found.steps] == [["pair"]]


def test_who_reaches_the_worst_of_their_best_stays():
    mission, person = every_pair()
    scores = np.rint((RATE[person] * 0.25 + FIT[mission, person] * 0.75) * FINE).astype(np.int64)
    left = hope(Person, Pair).left(mission, person, scores.reshape(2, 3).max(axis=0))
    assert list(zip(*(some.tolist() for some in left), strict=True)) == [(0, 0), (0, 2), (1, 1)]


def test_where_a_criterion_fails_nobody_is_left_out():
    mission, person = every_pair()
    for kinds in ((Fails, Pair), (Pair, Fails)):
        assert len(hope(*kinds).left(mission, person, np.full(3, FINE))[0]) == len(mission)
