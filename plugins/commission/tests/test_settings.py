"""Settings of commission: what is wrong is named, with what would be right."""

import pytest

from marketwright.hooks.manager import check_settings
from marketwright.kernel.errors import BadSetting
from marketwright.testing.desks import make_desk
from marketwright_commission import manifest
from marketwright_commission.fees import Commission


def rule(**more):
    return {"name": "one", "side": "freelancer", "bps": 1000} | more


def refusal(*rules, **more):
    with pytest.raises(BadSetting) as refused:
        check_settings(manifest, {"rules": list(rules), **more})
    return str(refused.value)


def test_without_settings_the_client_pays_3_and_the_freelancer_7_per_cent():
    rules = check_settings(manifest, {})["rules"]
    assert [(r["side"], r["bps"]) for r in rules] == [("client", 300), ("freelancer", 700)]


@pytest.mark.parametrize("bps", [500, 1500])
def test_the_bounds_themselves_are_fine(bps):
    assert check_settings(manifest, {"rules": [rule(bps=bps)]})


def test_4_99_per_cent_is_refused_and_said():
    assert "4.99 %" in refusal(rule(bps=499))


def test_15_01_per_cent_of_one_side_is_refused_and_said():
    assert "15.01 %" in refusal(rule(bps=1501))


def test_15_01_per_cent_of_both_sides_together_names_both_rules():
    words = refusal(rule(name="mine", bps=801), rule(name="theirs", side="client", bps=700))
    assert "15.01 %" in words
    assert "'mine'" in words
    assert "'theirs'" in words


def test_a_negative_rate_is_refused():
    assert "from 0 to 10000" in refusal(rule(bps=-1))


def test_a_rate_with_a_point_is_refused():
    assert "bps" in refusal(rule(bps=7.5))


def test_no_rules_at_all_is_refused():
    assert "no rule at all" in refusal()


def test_a_gap_between_two_tiers_is_found():
    words = refusal(rule(up_to=5000), rule(name="two", **{"from": 6000}))
    assert "A deal of 5000" in words


def test_a_gap_that_only_an_old_relation_falls_into_is_found():
    words = refusal(rule(name="old", bps=300, known_days=365), rule())
    assert "365 days" in words
    assert "'old'" in words


def test_a_gap_on_the_way_of_the_relation_is_found():
    words = refusal(rule(name="much", bps=100, measure="relation", **{"from": 50_000}), rule())
    assert "50000 EUR with what was agreed before" in words


def test_tiers_that_leave_no_gap_are_fine():
    tiers = [rule(up_to=5000), rule(name="two", bps=700, **{"from": 5000, "up_to": 20_000}),
             rule(name="three", bps=500, **{"from": 20_000})]  # fmt: skip
    assert check_settings(manifest, {"rules": tiers})


def test_two_rules_with_one_name_are_refused():
    assert "Two rules are called 'one'" in refusal(rule(), rule(side="client", bps=0))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"side": "both"}, "'client' or 'freelancer'"), ({"name": "Big Tier"}, "small letters"),
        ({"from": 10, "up_to": 10}, "more than 'from'"), ({"from": -1}, "from 0 to"), ({"measure": "year"}, "'deal'"),
        ({"known_days": -1}, "Days since"), ({"rate": 7}, "rate"),
    ],
)  # fmt: skip
def test_each_mistake_of_a_rule_is_named(change, word):
    assert word in refusal(rule(**change))


def test_the_place_of_a_mistake_is_named():
    assert "marketplace.toml: [plugin.commission] rules.1.bps" in refusal(rule(), rule(name="two", bps=-3))


@pytest.mark.parametrize("vat", [{"rates": {"France": 2000}}, {"rates": {"FR": -1}}, {"operator_regime": "odd"}])
def test_a_wrong_vat_setting_is_refused(vat):
    assert "vat" in refusal(rule(), vat=vat)


def test_a_floor_without_a_beginning_is_refused_with_the_deal_that_it_would_ruin():
    assert "any small amount" in refusal(rule(floor={"EUR": 50}))


def test_a_cap_without_an_end_is_refused():
    assert "both sides together would pay" in refusal(rule(cap={"EUR": 500}))


def test_a_signature_lets_a_rule_leave_the_bounds():
    signed = {"signed_by": "Maud", "signed_on": "2026-05-04", "signed_why": "night shifts"}
    assert check_settings(manifest, {"rules": [rule(bps=2000) | signed]})


@pytest.mark.parametrize("lacking", ["signed_by", "signed_on", "signed_why"])
def test_half_a_signature_is_none(lacking):
    signed = {"signed_by": "Maud", "signed_on": "2026-05-04", "signed_why": "night shifts"}
    del signed[lacking]
    assert f"rules.0.{lacking}" in refusal(rule(bps=2000) | signed)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"bands": [{"bps": 900}]}, "not both"), ({"bps": 0, "bands": [{"bps": 900}, {"bps": 800}]}, "but the last"),
        ({"bps": 0, "bands": [{"bps": 9, "up_to": 5}, {"bps": 8, "up_to": 5}, {"bps": 7}]}, "Bands rise"),
        ({"floor": {"EURO": 5}}, "not a supported currency"), ({"flat": {"EUR": 1.5}}, "flat"),
        ({"floor": {"EUR": 9}, "cap": {"EUR": 5}}, "more than 'cap'"), ({"entitlement": "Pro!"}, "entitlement"),
    ],
)  # fmt: skip
def test_each_mistake_of_bands_and_limits_is_named(change, word):
    assert word in refusal(rule(**change))


def test_two_rules_of_different_categories_are_looked_at_together():
    both = [rule(name="web", bps=900, category="web"), rule(name="rest", bps=700),
            rule(name="cloud", side="client", bps=700, category="cloud")]  # fmt: skip
    words = refusal(*both)
    assert "in cloud and web" in words
    assert "16 %" in words


CAPPED = (rule(name="small", up_to=20_000, cap={"EUR": 1500}), rule(name="large", bps=500, **{"from": 20_000}))


def started(folder, currency):
    desk = make_desk(manifest, check_settings(manifest, {"rules": list(CAPPED)}), folder, currency=currency)
    return Commission(desk.settings, desk)


def test_rules_that_leave_the_bounds_in_the_currency_of_the_marketplace_alone_stop_its_start(tmp_path):
    assert len(started(tmp_path, "EUR").rules) == 2
    with pytest.raises(ValueError, match="any small amount of JPY gets no rule at all"):
        started(tmp_path, "JPY")
