"""The arithmetic of a deal, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.payments.amounts import (
    Amounts,
    back_parts,
    kept_of,
    minus,
    refund_cut,
    release_cut,
    split_cut,
)
from marketwright.kernel.errors import BrokenInvariant
from marketwright.kernel.money import share_bps


@st.composite
def deals(draw):
    work = draw(st.integers(min_value=100, max_value=50_000_000))
    client, freelancer = draw(st.sampled_from([(500, 0), (0, 500), (500, 500), (1000, 500), (700, 800), (750, 250)]))
    taxed = draw(st.sampled_from([0, 550, 2000, 2100]))
    fees = share_bps(work, client), share_bps(work, freelancer)
    return Amounts("EUR", work, share_bps(work, taxed), fees[0], share_bps(fees[0], taxed), fees[1],
                   share_bps(fees[1], taxed))  # fmt: skip


@given(amounts=deals())
def test_e1_a_release_sends_every_cent_somewhere(amounts):
    amounts.check()
    assert release_cut(amounts).whole == amounts.client_pays


@given(amounts=deals())
def test_e15_a_refund_leaves_no_commission(amounts):
    cut = refund_cut(amounts)
    assert (cut.fees, cut.fee_taxes, cut.paid, cut.refunded) == (0, 0, 0, amounts.client_pays)


@given(amounts=deals(), share=st.floats(min_value=0.001, max_value=0.999))
def test_e1_l13_a_split_sends_every_cent_somewhere_and_takes_from_nobody(amounts, share):
    refund = min(max(1, int(amounts.client_pays * share)), amounts.client_pays - 1)
    cut = split_cut(amounts, refund)
    assert cut.whole == amounts.client_pays
    assert cut.refunded == refund
    assert min(cut.paid, cut.fees, cut.fee_taxes) >= 0
    assert cut.fees <= amounts.fees
    assert cut.fee_taxes <= amounts.fee_taxes


@given(amounts=deals())
def test_a_split_in_the_middle_gives_the_freelancer_half(amounts):
    cut = split_cut(amounts, amounts.client_pays // 2)
    assert abs(cut.paid - amounts.freelancer_receives // 2) <= 3


@pytest.mark.parametrize("refund", [0, 126_000, 126_001, -1])
def test_a_split_that_gives_one_side_nothing_is_no_split(refund):
    with pytest.raises(BrokenInvariant):
        split_cut(Amounts("EUR", 100_000, 20_000, 5_000, 1_000, 5_000, 1_000), refund)


@pytest.mark.parametrize(("client", "freelancer"), [(0, 0), (499, 0), (1000, 501), (5000, 5000)])
def test_l11_fees_outside_five_to_fifteen_percent_are_refused(client, freelancer):
    amounts = Amounts("EUR", 1_000_000, 0, client * 100, 0, freelancer * 100, 0)
    with pytest.raises(BrokenInvariant) as refused:
        amounts.check()
    assert refused.value.code == "L11"
    if client + freelancer < 10_000:
        amounts.check(override="own network")


@pytest.mark.parametrize("work", [0, -1, 1.5, "100", True])
def test_l15_a_deal_needs_whole_positive_work(work):
    with pytest.raises((BrokenInvariant, ValueError)):
        Amounts("EUR", work, 0, 0, 0, 0, 0).check(override="x")


def test_l15_an_amount_beyond_a_trillion_is_refused():
    with pytest.raises(ValueError, match="beyond"):
        Amounts("EUR", 10**12, 1, 0, 0, 0, 0).check(override="x")


@st.composite
def priced(draw):
    """Amounts with fees of 5 to 15 % and taxes of up to 27 %, each rounded once, as quotes have them."""
    work, vat = draw(st.integers(1, 400)), draw(st.sampled_from([0, 550, 2000, 2700]))
    ours = draw(st.sampled_from([0, 2000, 2700]))
    both = draw(st.integers(500, 1500))
    client = draw(st.integers(0, both))
    fees = share_bps(work, client), share_bps(work, both - client)
    return Amounts("EUR", work, share_bps(work, vat), fees[0], share_bps(fees[0], ours), fees[1],
                   share_bps(fees[1], ours))  # fmt: skip


@given(priced(), st.data())
def test_whoever_keeps_a_part_of_a_deal_within_the_bounds_keeps_a_minor_unit_or_more(amounts, data):
    if amounts.client_pays < 2 or amounts.freelancer_receives < 1:
        return
    gone = data.draw(st.integers(1, amounts.client_pays - 1))
    lost = minus(amounts, back_parts(amounts, Amounts("EUR"), gone))
    assert kept_of(amounts, gone).freelancer_receives >= 1
    assert lost.freelancer_receives >= 1
    if lost.client_pays > 1:
        assert kept_of(lost, data.draw(st.integers(1, lost.client_pays - 1))).freelancer_receives >= 1
