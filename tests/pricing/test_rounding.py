"""Fees and refunds round once, in one place, and come to the last cent (L11, L12, L13)."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.kernel.money import BadAmount, prorate, refund_share, share_bands, share_bps, split

amounts = st.integers(1, 10**12)


@given(amounts, st.integers(0, 10_000))
def test_l11_a_share_is_at_most_half_a_minor_unit_from_exact(work, bps):
    assert abs(share_bps(work, bps) - Fraction(work * bps, 10_000)) <= Fraction(1, 2)


bands = st.lists(
    st.tuples(st.integers(1, 10**6), st.integers(0, 1500)), min_size=1, max_size=4, unique_by=lambda band: band[0]
).map(sorted)


@given(amounts, bands, st.integers(0, 10**7))
def test_l11_bands_round_once_whatever_they_are(work, slices, before):
    edges = [0, *(bound for bound, _ in slices[:-1]), 10**15]
    exact = sum(
        Fraction(max(0, min(end, before + work) - max(start, before)) * bps, 10_000)
        for (start, end), (_, bps) in zip(pairwise(edges), slices, strict=True)
    )
    assert abs(share_bands(work, slices, before=before) - exact) <= Fraction(1, 2)


@given(amounts, st.integers(0, 1500))
def test_one_band_is_a_plain_share(work, bps):
    assert share_bands(work, [(0, bps)]) == share_bps(work, bps)


@st.composite
def refunds(draw):
    """(fee, captured, the refunds that come to all of it)."""
    whole = draw(amounts)
    cuts = sorted(draw(st.lists(st.integers(0, whole), max_size=6)))
    return draw(st.integers(0, whole)), whole, [b - a for a, b in pairwise([0, *cuts, whole])]


@given(refunds())
def test_l12_over_any_sequence_of_refunds_the_fee_goes_back_to_the_last_cent(given_refunds):
    fee, whole, parts = given_refunds
    refunded = back = 0
    for part in parts:
        refunded += part
        share = refund_share(fee, whole, refunded, back)
        assert share >= 0
        back += share
        assert abs(back - Fraction(fee * refunded, whole)) <= Fraction(1, 2)
    assert back == fee


@pytest.mark.parametrize("asked", [(10, 100, 101, 0), (10, 100, -1, 0), (10, 0, 0, 0), (-1, 100, 5, 0)])
def test_l12_more_than_was_captured_cannot_go_back(asked):
    with pytest.raises(BadAmount):
        refund_share(*asked)


@given(st.integers(-(10**12), 10**12), st.integers(1, 50))
def test_l13_equal_parts_sum_to_the_whole_and_differ_by_one_at_most(amount, parts):
    found = split(amount, parts)
    assert sum(found) == amount
    assert max(found) - min(found) <= 1


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any))
def test_l13_weighted_parts_sum_to_the_whole_and_differ_from_exact_by_less_than_one(amount, weights):
    found = prorate(amount, weights)
    assert sum(found) == amount
    assert all(abs(part - Fraction(amount * w, sum(weights))) < 1 for part, w in zip(found, weights, strict=True))
