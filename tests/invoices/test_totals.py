"""L14: whatever the amounts, the totals of a document are those of EN 16931, and the ledger's own."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.invoicing.composing import Waits, draw
from marketwright.features.invoicing.due import Due, Item, Kind, from_json, to_json
from marketwright.features.invoicing.fees import cut
from marketwright.features.pricing.service import price
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import Unavailable
from marketwright.kernel.money import Money, share_bps
from marketwright.strategies.countries import REGIMES
from marketwright.strategies.pricing import LineKind, Party
from marketwright.testing.deals import deal, share
from marketwright_commission.rates import EU
from marketwright_commission.settings import CommissionSettings
from marketwright_commission.vat import ValueAddedTax, by_pack, treat
from marketwright_country_fr.pack import FRANCE

SELLER = {"name": "S", "country": "FR", "vat_number": "FR44732829320"}
NETS = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)


def due(nets, bps=2000, country="FR", number="FR44732829320", **more):
    items = tuple(Item(f"Line {n}", net, typed=True) for n, net in enumerate(nets))
    given_ = {"tax": share_bps(sum(nets), bps), "tax_bps": bps, "language": "en", "parties": {}} | more
    return Due(kind=Kind.SALE, cause_type="t", cause_id="1", currency="EUR", items=items,
               sides={"client": {"country": country, "vat_regime": "standard", "vat_number": number}},
               supplied_on=date(2026, 5, 4), **given_)  # fmt: skip


def drawn(one, regime="standard"):
    return draw(one, FRANCE, seller=SELLER, buyer={"name": "B", "country": "FR"}, issuer={},
                regime=regime, on=date(2026, 5, 4), words=lambda item: item.label)  # fmt: skip


@given(NETS, st.integers(-5, 5))
def test_lines_taxes_and_gross_always_add_up(nets, cents):
    one = due(nets, tax=max(0, share_bps(sum(nets), 2000) + cents))
    made = drawn(one)
    assert sum(line["net"] for line in made.body["lines"]) == made.net  # BR-CO-10, -13
    assert sum(tax["tax"] for tax in made.body["taxes"]) == made.tax == one.tax  # BR-CO-14
    assert made.gross == made.net + made.tax  # BR-CO-15


@given(NETS, st.integers(1, 10**9))
def test_lines_cut_to_an_amount_sum_to_it(nets, net):
    assert sum(item.net for item in cut(due(nets).items, min(net, sum(nets)))) == min(net, sum(nets))


@given(NETS)
def test_facts_come_back_from_json_as_they_were(nets):
    one = due(nets)
    assert to_json(from_json(to_json(one))) == to_json(one)


def test_facts_keep_the_params_of_a_sentence():
    items = (Item("from %(least)s, %(day)s", 1, 300, {"least": Money(5, "EUR"), "day": date(2026, 1, 2)}),)
    assert from_json(to_json(replace(due([1]), items=items))).items == items


COUNTRIES = (*sorted(EU), "CH", "GB", "US", "MC")


@pytest.mark.parametrize(("regime", "number"), list(product(REGIMES, (True, False))))
def test_the_plugin_commission_and_the_pack_tax_every_customer_alike(regime, number):
    for country in COUNTRIES:
        vat = f"{country}1" if number else ""
        priced = treat(Party("FR", regime), Party(country, "standard", vat), EU)
        one = due([10_000], priced.bps, country, vat)
        assert drawn(one, regime).tax == share_bps(10_000, priced.bps), (country, priced)


def test_a_quote_that_taxes_otherwise_than_the_law_waits_and_says_so():
    with pytest.raises(Waits, match="reverse charge in the Union"):
        drawn(due([10_000], 2000, "DE", "DE136695976"))
    with pytest.raises(Waits, match="domestic"):
        drawn(due([10_000], 0))


CLIENT = Party("FR", "standard", "FR44732829320")


def quoted(client=CLIENT, **more):
    """Priced as the marketplace prices it, with the pack of France enabled."""
    vat = ValueAddedTax(CommissionSettings().load({"vat": more.pop("vat", {})}), None)
    rules = (Entry("strange", share(700)), Entry("commission", vat))
    enabled = Plugins(pricing_rules=rules, countries={"FR": Entry("country_fr", FRANCE)})
    return price(enabled, deal(100_000, client=client, **more))


def fee_tax(**more):
    [line] = [line for line in quoted(**more).lines if line.kind is LineKind.FREELANCER_FEE_TAX]
    return line.amount.amount, line.rule


@pytest.mark.parametrize(("regime", "number"), list(product(REGIMES, (True, False))))
def test_where_a_pack_is_enabled_a_quote_names_the_row_that_taxes_the_document(regime, number):
    for country in COUNTRIES:
        vat = f"{country}1" if number else ""
        priced = by_pack(FRANCE, Party("FR", regime), Party(country, "standard", vat), {}, date(2026, 5, 4))
        made = drawn(due([10_000], priced.bps, country, vat), regime)
        assert priced.rule == "vat-fr-" + made.body["rule"].lower().replace(" ", "-")
        assert made.tax == share_bps(10_000, priced.bps)


def test_the_fee_of_the_marketplace_is_taxed_by_the_same_table():
    assert fee_tax(regime="standard") == (1_400, "commission.vat-fr-domestic")
    assert fee_tax(regime="franchise") == (0, "commission.vat-fr-small-business-exemption")
    assert fee_tax(regime="standard", freelancer=Party("DE", "standard", "DE1")) == (
        0, "commission.vat-fr-reverse-charge-in-the-union")  # fmt: skip
    assert fee_tax(regime="standard", freelancer=Party("CH", "standard")) == (
        0, "commission.vat-fr-customer-outside-the-union")  # fmt: skip


def test_a_rate_of_the_operator_goes_before_the_packs():
    assert fee_tax(regime="standard", vat={"rates": {"FR": 850}})[0] == 595


def test_a_regime_that_the_legal_identity_contradicts_is_refused():
    with pytest.raises(Unavailable, match="legal identity"):
        fee_tax(regime="standard", vat={"operator_regime": "franchise"})
