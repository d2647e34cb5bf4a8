"""Which rule applies, what it takes, and what it says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.plugin import Money, Quote, say
from marketwright.testing.deals import deal
from marketwright_commission.fees import KINDS, WHY, Commission
from marketwright_commission.rules import FeeRule, first_fit, out_of_bounds
from marketwright_commission.settings import CommissionSettings


def quote(*works, **more):
    return Quote(deal(*works, **more), ())


def commission(*rules):
    return Commission(CommissionSettings().load({"rules": list(rules)} if rules else {}), None)


FLAT = {"name": "flat", "side": "freelancer", "bps": 1000}
TIERS = (
    {"name": "small", "side": "freelancer", "bps": 1000, "up_to": 5000},
    {"name": "middle", "side": "freelancer", "bps": 700, "from": 5000, "up_to": 20_000},
    {"name": "large", "side": "freelancer", "bps": 500, "from": 20_000},
)


def names(lines):
    return [line.rule for line in lines]


@pytest.mark.parametrize(
    ("work", "name"),
    [(4999_99, "small"), (5000_00, "middle"), (19_999_99, "middle"), (20_000_00, "large")],
)
def test_a_tier_begins_at_its_first_euro_and_ends_before_its_last(work, name):
    assert names(commission(*TIERS).lines(quote(work))) == [name]


def test_the_tier_follows_the_whole_deal_and_the_fee_each_part():
    lines = commission(*TIERS).lines(quote(4000_00, 1000_00))
    assert [(ln.rule, ln.part, ln.amount.amount) for ln in lines] == [("middle", 0, 280_00), ("middle", 1, 70_00)]


def test_what_they_agreed_before_counts_where_the_relation_is_measured():
    loyal = {"name": "loyal", "side": "freelancer", "bps": 600, "measure": "relation", "from": 30_000}
    rules = commission(loyal, FLAT)
    assert names(rules.lines(quote(1000_00, cumulated=28_999_99))) == ["flat"]
    assert names(rules.lines(quote(1000_00, cumulated=29_000_00))) == ["loyal"]


@pytest.mark.parametrize(("days", "name"), [(364, "flat"), (365, "old")])
def test_how_long_they_know_each_other_counts_from_the_first_contract(days, name):
    rules = commission({"name": "old", "side": "freelancer", "bps": 500, "known_days": 365}, FLAT)
    first = date(2026, 5, 4) - timedelta(days=days)
    assert names(rules.lines(quote(1000_00, first_contract=first))) == [name]


def test_people_without_a_contract_do_not_know_each_other():
    rules = commission({"name": "old", "side": "freelancer", "bps": 500, "known_days": 0}, FLAT)
    assert names(rules.lines(quote(1000_00))) == ["flat"]


def test_either_side_pays_by_its_own_rule():
    lines = commission().lines(quote(1000_00))
    assert [(ln.kind, ln.amount) for ln in lines] == [
        (KINDS["client"], Money(30_00, "EUR")), (KINDS["freelancer"], Money(70_00, "EUR")),
    ]  # fmt: skip


def test_own_network_pays_nothing_and_is_told_why():
    lines = commission().lines(quote(1000_00, own_network=True))
    assert {(ln.amount.amount, ln.rule) for ln in lines} == {(0, "own-network")}
    assert all("knew each other" in ln.why for ln in lines)


def test_every_line_says_its_rule_in_words():
    line = commission(*TIERS).lines(quote(8000_00))[0]
    shown = {k: str(v) for k, v in line.params.items()}
    assert say(line.why, **shown) == "rule “middle”, contracts from 5000.00 EUR to 20000.00 EUR"


@given(
    st.integers(0, 3), st.integers(0, 3), st.sampled_from(["deal", "relation"]), st.one_of(st.none(), st.just(30))
)
def test_every_shape_of_rule_has_a_sentence_that_its_params_fill(least, more, measure, known):
    shape = {"name": "r", "side": "freelancer", "bps": 500, "measure": measure, "from": least, "known_days": known}
    shape["up_to"] = least + more if more else None
    rest = {"name": "rest", "side": "freelancer", "bps": 500}
    first = date(2020, 1, 1)
    for line in commission(shape, rest).lines(quote(1_00, 2_50, first_contract=first, cumulated=1)):
        assert line.why in WHY.values()
        assert line.why % line.params


rules = st.lists(
    st.builds(
        FeeRule, st.just("r"), st.sampled_from(["client", "freelancer"]), st.integers(0, 1500), st.integers(0, 4),
        st.one_of(st.none(), st.integers(1, 6)), st.sampled_from(["deal", "relation"]),
        st.one_of(st.none(), st.integers(0, 3)),
    ),
    max_size=5,
)  # fmt: skip


@given(rules, st.integers(0, 8), st.integers(0, 8), st.one_of(st.none(), st.integers(0, 5)))
def test_rules_that_start_within_bounds_stay_there_for_every_deal(given_rules, work, before, days):
    if out_of_bounds(given_rules):
        return
    found = [first_fit(given_rules, side, work, work + before, days) for side in KINDS]
    assert 500 <= sum(r.bps for r in found if r) <= 1500
