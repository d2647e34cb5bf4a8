"""Core lays the work, rules add, and what they add is checked."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.pricing.service import FeesOutOfBounds, price, quote_from_json, quote_to_json
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import InvalidInput, PluginFailed, Unavailable
from marketwright.kernel.guard import inside_unit
from marketwright.kernel.money import MAX_MINOR, Money
from marketwright.strategies.pricing import Extra, Line, LineKind, Note, Override, Party, Voucher
from marketwright.testing.deals import deal, flat, plugins, rule, share

K = LineKind


def test_the_work_of_each_part_is_laid_by_core_under_its_title():
    quote = price(plugins(share(1000)), deal(100_00, 50_00))
    assert [(ln.amount.amount, ln.part, ln.params["title"]) for ln in quote.lines if ln.kind is K.WORK] == [
        (100_00, 0, "Part 1"), (50_00, 1, "Part 2"),
    ]  # fmt: skip


def test_rules_run_in_the_order_given_and_each_sees_what_came_before():
    seen = []

    def watch(quote):
        seen.append([ln.kind for ln in quote.lines])
        return []

    price(plugins(share(300, K.CLIENT_FEE), rule(watch), share(700)), deal(100_00))
    assert seen == [[K.WORK, K.CLIENT_FEE]]


def test_a_line_names_its_plugin_and_rule():
    quote = price(plugins(share(1000)), deal(100_00))
    assert quote.lines[-1].rule == "strange.test"


def test_the_client_pays_and_the_freelancer_receives_what_the_lines_come_to():
    rules = (share(300, K.CLIENT_FEE), share(700), flat(20_00, K.WORK_TAX), flat(60, K.CLIENT_FEE_TAX))
    quote = price(plugins(*rules), deal(100_00))
    assert quote.client_pays() == Money(123_60, "EUR")
    assert quote.freelancer_receives() == Money(113_00, "EUR")


@pytest.mark.parametrize(("bps", "fine"), [(499, False), (500, True), (1500, True), (1501, False)])
def test_l11_both_sides_together_pay_from_5_to_15_per_cent(bps, fine):
    if fine:
        assert price(plugins(share(bps)), deal(100_00))
    else:
        with pytest.raises(FeesOutOfBounds) as refused:
            price(plugins(share(bps)), deal(100_00))
        assert refused.value.code == "L11"
        assert "strange.test" in str(refused.value)


def test_l11_the_fees_of_both_sides_count_together():
    with pytest.raises(FeesOutOfBounds, match=r"16\.00"):
        price(plugins(share(800, K.CLIENT_FEE), share(800)), deal(100_00))


def test_l11_holds_in_each_part_and_not_only_on_the_whole():
    with pytest.raises(FeesOutOfBounds, match="Part 2"):
        price(plugins(flat(20_00, part=0)), deal(200_00, 10_00))


def test_l11_rounding_of_a_tiny_amount_breaks_no_bound():
    assert price(plugins(share(1500)), deal(1, 3, 7)).sum_of(K.FREELANCER_FEE) == Money(1, "EUR")


@pytest.mark.parametrize("fee", [4_99, 15_01])
def test_l11_a_fee_without_a_rate_is_held_to_the_bound_to_the_cent(fee):
    with pytest.raises(FeesOutOfBounds):
        price(plugins(flat(fee)), deal(100_00))


@pytest.mark.parametrize(("work", "fee"), [(9_989, 499), (9_990, 500), (9_997, 1_500), (9_990, 1_499)])
def test_l11_what_an_exact_share_at_the_bound_rounds_to_is_within(work, fee):
    assert price(plugins(flat(fee)), deal(work)).sum_of(K.FREELANCER_FEE) == Money(fee, "EUR")


def test_l11_what_no_exact_share_within_the_bounds_rounds_to_is_refused():
    with pytest.raises(FeesOutOfBounds):  # 5 % are 499.5 cents, half up 500
        price(plugins(flat(499)), deal(9_990))


def test_l11_two_fees_without_a_rate_do_not_leave_the_bounds_together():
    with pytest.raises(FeesOutOfBounds):
        price(plugins(flat(2_49, K.CLIENT_FEE), flat(2_50)), deal(100_00))


def test_l11_what_a_hold_would_refuse_is_never_priced():
    parts = [1000_24] * 10
    shared = [flat(30_00 if n < 3 else 30_01, part=n) for n in range(10)]
    with pytest.raises(FeesOutOfBounds):
        price(plugins(share(200, K.CLIENT_FEE), *shared), deal(*parts))


def test_own_network_may_pay_nothing():
    quote = price(plugins(share(0)), deal(100_00, own_network=True))
    assert quote.freelancer_receives() == Money(100_00, "EUR")


def test_own_network_pays_no_more_than_others():
    with pytest.raises(FeesOutOfBounds):
        price(plugins(share(1600)), deal(100_00, own_network=True))


SIGNED = Override("Maud Vandenbroucke", date(2026, 5, 4), "night shifts")


def test_l11_a_signature_lets_a_fee_leave_the_bounds_and_not_the_work():
    assert price(plugins(flat(40_00, override=SIGNED)), deal(100_00)).overrides == (SIGNED,)
    assert price(plugins(flat(0, override=SIGNED)), deal(100_00)).freelancer_receives() == Money(100_00, "EUR")
    with pytest.raises(FeesOutOfBounds):
        price(plugins(flat(100_02, override=SIGNED)), deal(100_00))


def test_l11_a_fee_shared_over_parts_may_differ_by_the_unit_it_was_rounded_by():
    rules = (flat(1, part=0), flat(0, part=1), flat(0, part=2))
    assert price(plugins(*rules), deal(3, 3, 3)).sum_of(K.FREELANCER_FEE) == Money(1, "EUR")


INSURED = (
    Extra("insurance", "client", "Insurance", Money(99_00, "EUR")),
    Extra("course", "freelancer", "Course", Money(5_00, "EUR")),
)  # fmt: skip


def test_what_is_ordered_beside_a_deal_stands_in_its_quote_and_is_no_part_of_what_is_held():
    quote = price(plugins(share(1000)), deal(100_00, extras=INSURED))
    assert (quote.extras_of("client"), quote.extras_of("freelancer")) == (Money(99_00, "EUR"), Money(5_00, "EUR"))
    assert (quote.client_pays(), quote.freelancer_receives()) == (Money(100_00, "EUR"), Money(90_00, "EUR"))


def test_a_tax_on_what_is_ordered_is_never_more_than_it():
    with pytest.raises(PluginFailed, match="client_extra_tax is more than client_extra"):
        price(plugins(share(1000), flat(99_01, K.CLIENT_EXTRA_TAX)), deal(100_00, extras=INSURED))


BAD_LINES = {
    "adds what nobody ordered": (Line(K.CLIENT_EXTRA, "More", Money(10, "EUR"), 0), "nobody ordered"),
    "has half a signature": (
        Line(K.FREELANCER_FEE, "Fee", Money(10, "EUR"), 0, override=Override("", date(2026, 5, 4), "so")), "not signed"
    ),
    "has a note with a hole": (
        Line(K.FREELANCER_FEE, "Fee", Money(10, "EUR"), 0, notes=(Note("with %(code)s"),)), "nothing fills"
    ),
    "has a text for a note": (Line(K.FREELANCER_FEE, "Fee", Money(10, "EUR"), 0, notes=("so",)), "not a Note"),
    "takes money away": (Line(K.FREELANCER_FEE, "Fee", Money(-1, "EUR"), 0), "only add"),
    "is in dollars": (Line(K.FREELANCER_FEE, "Fee", Money(10, "USD"), 0), "USD"),
    "adds work": (Line(K.WORK, "More", Money(10, "EUR"), 0), "adds work"),
    "belongs nowhere": (Line(K.FREELANCER_FEE, "Fee", Money(10, "EUR"), 1), "part 1"),
    "belongs to all": (Line(K.FREELANCER_FEE, "Fee", Money(10, "EUR"), None), "part None"),
    "is no line": ({"amount": 10}, "not a line"),
    "has a float": (Line(K.FREELANCER_FEE, "Fee", 10.0, 0), "whole number"),
    "misstates its share": (Line(K.FREELANCER_FEE, "Fee", Money(999, "EUR"), 0, bps=1000), "1000"),
    "has half a rate": (Line(K.FREELANCER_FEE, "Fee", Money(999, "EUR"), 0, bps=9.99), "basis points"),
    "has an empty place": (Line(K.FREELANCER_FEE, "Fee of %(who)s", Money(10, "EUR"), 0), "nothing fills"),
    "fills it with a list": (Line(K.FREELANCER_FEE, "Fee", Money(10, "EUR"), 0, params={"who": []}), "list"),
    "says nothing": (Line(K.FREELANCER_FEE, " ", Money(10, "EUR"), 0), "no label"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_line_that_may_not_be_is_refused_with_plugin_and_rule(case):
    line, word = BAD_LINES[case]
    with pytest.raises(PluginFailed, match=word) as refused:
        price(plugins(rule(lambda _q: [line])), deal(100_00))
    assert refused.value.plugin == "strange"
    assert "test" in refused.value.what


def test_p2_a_rule_that_answers_nothing_fails_by_name():
    with pytest.raises(PluginFailed, match="NoneType"):
        price(plugins(rule(lambda _q: None)), deal(100_00))


def test_p2_a_rule_that_raises_fails_by_name():
    with pytest.raises(PluginFailed, match="ZeroDivisionError"):
        price(plugins(rule(lambda _q: 1 // 0)), deal(100_00))


def test_p1_no_rule_is_asked_while_a_unit_of_work_is_open():
    with inside_unit(), pytest.raises(RuntimeError, match="P1"):
        price(plugins(share(1000)), deal(100_00))


def test_a_tax_is_never_more_than_what_it_is_on():
    with pytest.raises(PluginFailed, match="work_tax is more than work"):
        price(plugins(share(1000), flat(100_01, K.WORK_TAX)), deal(100_00))


def test_without_rules_nothing_is_priced():
    with pytest.raises(Unavailable, match="no pricing rules"):
        price(Plugins(), deal(100_00))


@pytest.mark.parametrize("works", [(), (0,), (100, 0), (-1,), (MAX_MINOR,)])
def test_a_deal_without_work_or_with_too_much_is_refused_at_its_lines(works):
    with pytest.raises(InvalidInput) as refused:
        price(plugins(share(1000)), deal(*works))
    assert list(refused.value.errors) == ["lines"]


works = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)
rates = st.tuples(st.integers(0, 1500), st.integers(0, 1500)).filter(lambda r: 500 <= sum(r) <= 1500)


@given(works, rates)
def test_parts_always_come_to_the_whole(amounts, sides):
    client, freelancer = sides
    quote = price(plugins(share(client, K.CLIENT_FEE), share(freelancer)), deal(*amounts))
    parts = range(len(amounts))
    assert sum(quote.client_pays(n).amount for n in parts) == quote.client_pays().amount
    assert sum(quote.freelancer_receives(n).amount for n in parts) == quote.freelancer_receives().amount


@given(works, rates)
def test_what_the_client_pays_is_what_the_freelancer_receives_and_the_marketplace_keeps(amounts, sides):
    quote = price(plugins(share(sides[0], K.CLIENT_FEE), share(sides[1])), deal(*amounts))
    kept = quote.sum_of(K.CLIENT_FEE, K.FREELANCER_FEE)
    assert quote.client_pays() - kept == quote.freelancer_receives()


words = st.text(st.characters(codec="utf-8", exclude_characters="%\0"), min_size=1, max_size=20)
params = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.one_of(words, st.integers(-9, 10**12), st.dates(), st.builds(Money, st.integers(0, 10**9), st.just("JPY"))),
)


codes = st.lists(st.one_of(
    st.builds(Voucher, words, st.just("client"), st.integers(1, 900)),
    st.builds(Voucher, words, st.just("freelancer"), st.just(0), st.builds(Money, st.integers(1, 99), st.just("EUR")),
              st.builds(Override, words, st.dates(), words)),
), max_size=2).map(tuple)  # fmt: skip


@given(works, words, params, st.booleans(), st.one_of(st.none(), st.dates()), st.integers(0, 10**12), codes)
def test_a_quote_survives_json_exactly(amounts, label, given_params, own, first, cumulated, vouchers):
    notes = (Note(label + "y", given_params, 250), Note("plain"))
    line = Line(K.FREELANCER_FEE, label + "x", Money(0, "EUR"), 0, bps=0, params=given_params, why=label, notes=notes,
                override=SIGNED)  # fmt: skip
    priced = price(plugins(rule(lambda _q: [line])), deal(*amounts, own_network=True, extras=INSURED))
    asked = replace(priced.deal, own_network=own, first_contract=first, cumulated=cumulated, vouchers=vouchers,
                    categories=frozenset({"web", label}), process="milestones",
                    client=Party("FR", "standard", "", frozenset({"lower_commission"})))  # fmt: skip
    quote = replace(priced, deal=asked)
    assert quote_from_json(quote_to_json(quote)) == quote


def test_a_quote_of_the_first_version_is_read_as_one_without_what_came_later():
    quote = price(plugins(share(1000)), deal(100_00))
    stored = quote_to_json(quote)
    for key in ("categories", "process", "vouchers", "extras"):
        del stored[key]
    for line in stored["lines"]:
        del line["notes"], line["override"]
    for side in ("client", "freelancer"):
        del stored[side]["entitlements"]
    assert quote_from_json(stored | {"version": 1}) == quote


def test_a_stored_quote_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="version"):
        quote_from_json({"version": 7})
