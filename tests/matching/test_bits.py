"""Columns of bits say of every row what its list says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.matching.bits import Bits, Looked, make_bits

ROOM = 200
ROWS = st.sets(st.integers(0, ROOM - 1), max_size=ROOM)


def made(*skills, room=ROOM):
    rows = np.array([row for rows in skills for row in sorted(rows)], dtype=np.uint32)
    starts = np.cumsum([0, *map(len, skills)]).astype(np.uint64)
    arrays = make_bits(starts, rows, room, ROOM)
    return Bits(arrays["list.bits"], {s: place for place, s in enumerate(arrays["list.bit_skills"].tolist())})


def asked(rows):
    return np.array(sorted(rows), dtype=np.uint32)


@given(held=ROWS, looked=ROWS)
def test_those_in_the_list_are_found_in_their_places(held, looked):
    bits = made(held | {0, 1})
    rows = asked(looked)
    assert rows[bits.places(0, rows)].tolist() == sorted(looked & (held | {0, 1}))


@given(held=ROWS, looked=ROWS)
def test_one_or_none_is_said_of_every_row(held, looked):
    bits = made(held | {0, 1})
    assert bits.held(0, Looked.of(asked(looked))).tolist() == [int(r in held | {0, 1}) for r in sorted(looked)]


@given(held=ROWS, added=ROWS)
def test_rows_that_are_added_are_found_and_nobody_is_lost(held, added):
    bits = made(held | {0, 1})
    bits.add(0, asked(added))
    assert bits.places(0, np.arange(ROOM, dtype=np.uint32)).tolist() == sorted(held | added | {0, 1})


@given(held=ROWS, added=ROWS, first=st.integers(0, ROOM), more=st.integers(0, ROOM))
def test_rows_that_are_cleared_have_nothing_and_those_before_keep_what_they_have(held, added, first, more):
    bits, size = made(held | {0, 1}), min(first + more, ROOM)
    bits.add(0, asked(added))
    bits.clear(first, size)
    left = [row for row in sorted(held | added | {0, 1}) if row < first]
    assert bits.places(0, np.arange(size, dtype=np.uint32)).tolist() == left


def test_a_skill_of_few_has_no_column():
    bits = made({0}, {0, 1}, set())
    assert 0 not in bits
    assert 1 in bits
    assert 2 not in bits


def test_room_for_later_rows_need_not_be_whole_bytes():
    bits = made({0, 1}, room=ROOM + 3)
    bits.add(0, asked({ROOM + 2}))
    assert bits.places(0, np.arange(ROOM + 3, dtype=np.uint32)).tolist() == [0, 1, ROOM + 2]
