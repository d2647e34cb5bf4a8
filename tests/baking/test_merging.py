"""Three texts become one, and no line of either side is lost on the way."""

from hypothesis import given
from hypothesis import strategies as st

from marketwright.baking.merging import MIDDLE, MINE, THEIRS, difference, merge

TEXT = st.lists(st.sampled_from(["one\n", "two\n", "three\n", "four\n", "\n"]), max_size=8).map("".join)


@given(TEXT, TEXT)
def test_what_only_the_template_changed_is_taken(base, theirs):
    assert merge(base, base, theirs).text == theirs


@given(TEXT, TEXT)
def test_what_only_the_operator_changed_stays(base, mine):
    assert merge(base, mine, base).text == mine


@given(TEXT, TEXT)
def test_the_same_change_on_both_sides_is_one_change(base, both):
    merged = merge(base, both, both)
    assert (merged.text, merged.conflicts) == (both, 0)


@given(TEXT, TEXT, TEXT)
def test_taking_one_side_of_every_conflict_leaves_no_mark(base, mine, theirs):
    merged = merge(base, mine, theirs)
    assert merged.text.count(MINE) == merged.text.count(MIDDLE) == merged.text.count(THEIRS) == merged.conflicts


@given(TEXT, TEXT, TEXT)
def test_no_line_that_the_operator_added_is_lost(base, mine, theirs):
    merged = merge(base, mine, theirs).text.splitlines()
    for line in set(mine.splitlines()) - set(base.splitlines()):
        assert line in merged


def test_changes_apart_from_each_other_are_both_there():
    merged = merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n")
    assert (merged.text, merged.conflicts) == ("A\nb\nc\nD\n", 0)


def test_changes_of_one_line_stand_side_by_side():
    merged = merge("a\nb\nc\n", "a\nmine\nc\n", "a\ntheirs\nc\n")
    assert merged.text == f"a\n{MINE}mine\n{MIDDLE}theirs\n{THEIRS}c\n"
    assert merged.conflicts == 1


def test_a_last_line_without_its_end_is_said_in_the_difference():
    assert difference("f", "a\n", "a\nb").endswith("+b\n\\ No newline at end of file\n")
