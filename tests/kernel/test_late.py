"""What is typed over what somebody saved meanwhile: joined where one left it alone, refused where both changed it."""

from datetime import date

import pytest

from marketwright.kernel.errors import Conflict, Overtaken
from marketwright.kernel.late import begin, joined, mark, read_began

THEN = {"title": "Old", "size": 4, "rows": [("a", 1)], "day": date(2026, 5, 4)}


def test_what_nobody_else_touched_is_written_as_typed():
    typed = {**THEN, "title": "Mine"}
    assert joined(typed, stored=THEN, began=begin(THEN, 7)) == (typed, ())


def test_what_somebody_else_changed_and_i_left_alone_stays_theirs():
    found, taken = joined({**THEN, "title": "Mine"}, stored={**THEN, "size": 5}, began=begin(THEN, 7))
    assert (found["title"], found["size"], taken) == ("Mine", 5, ("size",))


def test_what_both_changed_is_named_and_nothing_is_written():
    with pytest.raises(Overtaken) as refused:
        joined({**THEN, "title": "Mine"}, stored={**THEN, "title": "Theirs", "size": 5}, began=begin(THEN, 7))
    assert (refused.value.parts, refused.value.taken) == (("title",), ("size",))


def test_the_refusal_is_a_conflict():
    assert issubclass(Overtaken, Conflict)
    assert Overtaken(["title"]).status == 409


def test_two_who_typed_the_same_do_not_meet():
    typed = {**THEN, "title": "Same"}
    assert joined(typed, stored=typed, began=begin(THEN, 7)) == (typed, ())


def test_without_a_beginning_what_is_typed_stands():
    typed = {**THEN, "title": "Mine"}
    assert joined(typed, stored={**THEN, "title": "Theirs"}, began=None) == (typed, ())


def test_what_a_form_sends_is_read_back():
    began = begin(THEN, 7)
    assert read_began(str(began)) == began


@pytest.mark.parametrize("text", [
    "", "now", "1 title", "1 title=zz", "1  title=0123456789ab", "9" * 19, "1 " + "x" * 200_000,
])  # fmt: skip
def test_what_no_form_sends_is_no_beginning(text):
    assert read_began(text) is None


@pytest.mark.parametrize("empty", [None, "", [], (), {}, False, {"a": ""}])
def test_all_that_is_empty_is_alike(empty):
    assert mark(empty) == mark(None)


def test_a_whole_number_is_alike_however_it_is_written():
    assert mark(3.0) == mark(3) != mark(3.5)
