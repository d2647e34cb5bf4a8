"""A list that was asked for a moment ago is not searched again for its next page."""

import numpy as np

from marketwright.features.matching.answered import PAGES, Answer
from marketwright.features.matching.ids import Ids
from marketwright.features.matching.search import PER_PAGE

MANY = 2 * PAGES * PER_PAGE + 7


def answer():
    rows, asked = np.random.default_rng(1).permutation(MANY), []

    def first(n):
        asked.append(n)
        return rows[:n]

    ids = Ids(np.array([f"{n:06d}".encode() for n in range(MANY)]))
    return Answer(MANY, MANY, (), ids, first), [f"{n:06d}" for n in rows.tolist()], asked


def test_the_pages_hold_everybody_once_in_their_order():
    found, everybody, asked = answer()
    assert [one for number in range(1, found.last + 1) for one in found.page(number)] == everybody
    assert len(asked) == 3


def test_a_page_after_the_last_is_the_last():
    found, everybody, _ = answer()
    assert found.page(10_000) == found.page(found.last) == everybody[-7:]


def test_an_empty_list_has_one_empty_page():
    none = Answer(0, 0, (), Ids(np.array([], dtype="S6")), lambda n: np.zeros(0, dtype=int))
    assert (none.last, none.page(1), none.page(3)) == (1, [], [])


def test_the_text_of_a_page_is_kept_while_its_cards_are_the_same():
    found, _, _ = answer()
    first = found.piece(1, "member", [("a", (1,))])
    assert found.piece(1, "member", [("a", (1,))]) is first
    assert found.piece(1, "staff", [("a", (1,))]) is not first
    assert found.piece(1, "member", [("a", (2,))]) is not first
