"""Which rule applies, what it takes, and what it says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketwright.plugin import Money, Override, Quote, Voucher, say
from marketwright.testing.deals import deal
from marketwright_commission.bounds import out_of_bounds
from marketwright_commission.discounts import Charge
from marketwright_commission.fees import KINDS, WHY, Commission, case_of
from marketwright_commission.rules import Band, Case, Fee, FeeRule, first_fit
from marketwright_commission.settings import CommissionSettings
from marketwright_commission.sharing import amounts_of


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


UNITS = st.one_of(st.none(), st.integers(1, 60).map(lambda n: n * 100))


@st.composite
def rules(draw):
    """Rules of every shape, and now and then some that keep the bounds."""
    made = []
    for n in range(draw(st.integers(1, 4))):
        least, more = draw(st.sampled_from([0, 500, 2000])), draw(st.one_of(st.none(), st.sampled_from([1000, 5000])))
        bands = draw(st.lists(st.integers(300, 1200), max_size=2))
        ends = [1000 * (k + 1) for k in range(len(bands) - 1)] + [None]
        table = {name: {"EUR": v} for name in ("flat", "floor", "cap") if (v := draw(UNITS)) is not None and least}
        if table.get("cap", {}).get("EUR", 9999) < table.get("floor", {}).get("EUR", 0):
            del table["cap"]
        made.append(FeeRule(
            f"r{n}", draw(st.sampled_from(["client", "freelancer"])), 0 if bands else draw(st.integers(200, 1200)),
            least, least + more if more else None, draw(st.sampled_from(["deal", "relation"])),
            draw(st.one_of(st.none(), st.integers(0, 2))), draw(st.sampled_from(["", "", "web"])),
            bands=tuple(Band(b, e) for b, e in zip(bands, ends, strict=False)), **table,
        ))  # fmt: skip
    return [*made, FeeRule("rest", "freelancer", 500), FeeRule("rest-client", "client", 200)]


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    rules(), st.integers(1, 8_000_00), st.integers(0, 8_000_00), st.one_of(st.none(), st.integers(0, 3)), st.booleans()
)
def test_rules_that_start_within_bounds_stay_there_for_every_deal(given_rules, work, before, days, web):
    if out_of_bounds(given_rules):
        return
    case = Case(work, before, "EUR", days, frozenset({"web"} if web else ()))
    found = [first_fit(given_rules, side, case) for side in KINDS]
    assert 500 * work - 20_000 <= sum(r.fee(case).amount for r in found if r) * 10_000 <= 1500 * work + 20_000


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=6), rules(), st.integers(0, 10**6))
def test_what_is_taken_of_the_parts_is_what_is_taken_of_the_deal(works, given_rules, off):
    asked = replace(deal(*works), vouchers=(Voucher("X", "freelancer", amount=Money(off, "EUR")),))
    rule = Commission({"rules": []}, None)
    rule.rules = tuple(given_rules)
    case = case_of(asked)
    lines = rule.lines(Quote(asked, ()))
    for side, kind in KINDS.items():
        fee = first_fit(given_rules, side, case).fee(case)
        taken = sum(ln.amount.amount for ln in lines if ln.kind is kind)
        if side == "client" and fee.bps is None:
            assert taken == fee.amount
        assert 0 <= taken <= fee.amount + len(works)


def at_the_bound(bound):
    """Two sides whose bands sum to ``bound`` basis points, whatever the deal."""
    low = bound // 2 - 50
    return commission(
        {"name": "c", "side": "client", "bands": [{"bps": bound - low, "up_to": 1000}, {"bps": low}]},
        {"name": "f", "side": "freelancer", "bands": [{"bps": low, "up_to": 1000}, {"bps": bound - low}]},
    )


def fees_of(lines, part):
    return sum(ln.amount.amount for ln in lines if ln.part == part)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([500, 1500]), st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_fees_at_the_bound_leave_it_by_a_unit_at_most_in_every_part(bound, works):
    lines = at_the_bound(bound).lines(quote(*works))
    for part, work in enumerate(works):
        assert 500 * work - 10_000 <= 10_000 * fees_of(lines, part) <= 1500 * work + 10_000


def test_sharing_gives_a_unit_to_the_part_that_would_fall_below_the_bound():
    fees = {"client": 200_05, "freelancer": 300_07}
    sides = [Charge(side, FeeRule(side, side, 0), Fee(fee)) for side, fee in fees.items()]
    client, freelancer = amounts_of([1000_24] * 10, sides)
    assert (sum(client), sum(freelancer)) == (200_05, 300_07)
    assert min(c + f for c, f in zip(client, freelancer, strict=True)) == 50_01


def test_sharing_leaves_what_somebody_signed_for():
    signed = FeeRule("f", "freelancer", 0, override=Override("Maud Vandenbroucke", date(2026, 5, 4), "a favour"))
    assert amounts_of([300_00, 100_00], [Charge("freelancer", signed, Fee(4))]) == [[3, 1]]


@pytest.mark.parametrize(("before", "bps"), [(0, 1000), (999_00, None), (1000_00, 500)])
def test_work_that_lies_in_one_band_has_the_rate_of_that_band(before, bps):
    bands = {"name": "bands", "side": "freelancer", "measure": "relation",
             "bands": [{"bps": 1000, "up_to": 1000}, {"bps": 500}]}  # fmt: skip
    (line,) = commission(bands).lines(quote(100_00, cumulated=before))
    assert line.bps == bps


def test_a_code_never_takes_both_fees_below_5_per_cent_but_for_a_signature():
    off = Voucher("FREE", "freelancer", bps=700)
    signed = replace(off, override=Override("Maud Vandenbroucke", date(2026, 5, 4), "the first hundred"))
    for voucher, bps in ((off, 200), (signed, 0)):
        lines = commission().lines(quote(1000_00, vouchers=(voucher,)))
        assert [ln.bps for ln in lines] == [300, bps]
        assert [ln.override for ln in lines] == [None, voucher.override]
    notes = commission().lines(quote(1000_00, vouchers=(off,)))[1].notes
    assert any("takes no more off" in note.text for note in notes)


def test_own_network_pays_nothing_whatever_the_code():
    lines = commission().lines(quote(1000_00, own_network=True, vouchers=(Voucher("X", "client", 100),)))
    assert {ln.amount.amount for ln in lines} == {0}


def test_each_band_floor_and_fixed_part_is_said_in_words():
    rule = {"name": "all", "side": "freelancer", "from": 1000, "flat": {"EUR": 10}, "floor": {"EUR": 90},
            "bands": [{"bps": 900, "up_to": 2000}, {"bps": 800}]}  # fmt: skip
    rest = {"name": "rest", "side": "freelancer", "bps": 900}
    shown = [
        [say(note.text, rate=note.bps, **{k: str(v) for k, v in note.params.items()}) for note in line.notes]
        for work in (1000_00, 3000_00)
        for line in commission(rule, rest).lines(quote(work))
    ]
    bands = ["900 up to 2000.00 EUR", "800 of what is above 2000.00 EUR"]
    assert shown == [[*bands, "with 10.00 EUR for the contract"]] * 2
