"""Ids of ours take ten bytes and read as they were; others stay as they are."""

import numpy as np
import pytest

from marketwright.features.matching.ids import Ids, Numbers, packed, unpacked
from marketwright.kernel.ids import LENGTH, new_id


def text(ids):
    return np.array([one.encode() for one in ids], dtype=bytes)


@pytest.fixture(scope="module")
def ours():
    return sorted([*(new_id() for _ in range(60)), "0" * LENGTH, "z" * LENGTH, "1" + "0" * 15])


def test_they_read_as_they_were(ours):
    rows = packed(text(ours))
    assert rows.shape == (len(ours), 10)
    assert unpacked(rows).tolist() == text(ours).tolist()
    ids = Ids(rows, np.array([4, 0]))
    assert [ids[0], ids[1], *ids[:], *ids.texts(np.array([1]))] == [ours[4], ours[0], ours[4], ours[0], ours[0]]


def test_their_bytes_stand_in_the_order_of_the_letters(ours):
    assert [bytes(row) for row in packed(text(ours))] == sorted(bytes(row) for row in packed(text(ours)))


def test_each_is_found_again_and_no_other(ours):
    number = Numbers(packed(text(ours)), np.arange(len(ours), dtype=np.uint32), {})
    assert [number[one] for one in ours] == list(range(len(ours)))
    assert number.get("0" * 15 + "1") is None
    assert number.get("anna") is None


@pytest.mark.parametrize("other", ["anna", "ANNA000000000000", "anna-0000000000l"])
def test_one_that_is_none_of_ours_leaves_all_as_they_are(ours, other):
    assert packed(text([*ours, other])) is None
    assert Ids(text([*ours, other]))[len(ours)] == other
