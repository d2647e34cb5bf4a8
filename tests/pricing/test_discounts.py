"""Codes at the bound: no deal that can be priced without a code is refused with one, however it is cut (L11)."""

from dataclasses import replace

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from marketwright.features.payments.amounts import Amounts
from marketwright.features.pricing.service import FeesOutOfBounds, price, price_with_codes
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import PluginFailed
from marketwright.kernel.money import Money
from marketwright.strategies.pricing import LineKind, Voucher
from marketwright.testing.deals import deal
from marketwright_commission.fees import Commission
from marketwright_commission.rules import Band, FeeRule

PLAIN = (FeeRule("client", "client", 300), FeeRule("freelancer", "freelancer", 700))


def running(rules):
    rule = Commission({"rules": []}, None)
    rule.rules = tuple(rules)
    return Plugins(pricing_rules=(Entry("commission", rule),))


def quoted(rules, asked):
    return price(running(rules), asked)


@st.composite
def charged(draw):
    """A rule of each side: by a rate, by bands or with a fixed part on top."""
    made = []
    for side in ("client", "freelancer"):
        bps = draw(st.integers(200, 900))
        bands = (Band(bps, draw(st.integers(1, 500))), Band(draw(st.integers(200, 900)))) if draw(st.booleans()) else ()
        flat = {"EUR": draw(st.integers(1, 3))} if draw(st.booleans()) else {}
        made.append(FeeRule(side, side, 0 if bands else bps, bands=bands, flat=flat))
    return tuple(made)


@st.composite
def codes(draw):
    """A code of one side or of both, by a rate or an amount, most of them too large."""
    made = []
    for side in draw(st.permutations(("client", "freelancer")))[: draw(st.integers(1, 2))]:
        off = draw(st.integers(1, 10**7))
        made.append(Voucher(side.upper(), side, 0, Money(off, "EUR")) if draw(st.booleans())
                    else Voucher(side.upper(), side, draw(st.integers(1, 900))))  # fmt: skip
    return tuple(made)


WORKS = st.lists(st.one_of(st.integers(1, 10**7), st.integers(1, 400)), min_size=1, max_size=12)
ALL_OFF = (Voucher("FREELANCER", "freelancer", amount=Money(5000_00, "EUR")),)


@settings(max_examples=300)
@given(charged(), WORKS, codes())
@example(PLAIN, [22_760_51, 1_287_50, 20_86, 302_40, 285_90], ALL_OFF)
@example(PLAIN, [392_51, 35, 34], ALL_OFF)
@example(PLAIN, [16] * 12, (Voucher("CLIENT", "client", amount=Money(1, "EUR")),))
def test_l11_a_deal_that_can_be_priced_can_be_priced_with_any_code_however_it_is_cut(rules, works, vouchers):
    try:
        plain = quoted(rules, deal(*works))
    except (FeesOutOfBounds, PluginFailed):
        assume(False)
    found = quoted(rules, replace(deal(*works), vouchers=vouchers))
    for n in range(len(works)):
        Amounts.of(found, n).check()
    fees = LineKind.CLIENT_FEE, LineKind.FREELANCER_FEE
    assert found.sum_of(*fees).amount <= plain.sum_of(*fees).amount


def test_a_code_at_the_bound_takes_off_all_that_it_may():
    found = quoted(PLAIN, replace(deal(1000_00, 333_33), vouchers=ALL_OFF))
    assert found.sum_of(LineKind.FREELANCER_FEE) == Money(26_67, "EUR")


def test_of_two_codes_the_one_that_finds_nothing_left_to_take_off_is_not_in_the_price():
    rules = FeeRule("client", "client", 300), FeeRule("freelancer", "freelancer", 300)
    both = Voucher("FIRST", "client", 100), Voucher("SECOND", "freelancer", 100)
    found = price_with_codes(running(rules), replace(deal(1000_00), vouchers=both))
    assert [v.code for v in found.deal.vouchers] == ["FIRST"]
    assert not any("SECOND" in str(note.params) for line in found.lines for note in line.notes)
