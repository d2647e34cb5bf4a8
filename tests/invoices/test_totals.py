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
from marketwright.kernel.money import Money, share_bps
from marketwright.strategies.countries import REGIMES
from marketwright.strategies.pricing import Party
from marketwright_commission.rates import EU
from marketwright_commission.vat import treat
from marketwright_country_fr.pack import FRANCE

NETS = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)


def due(nets, bps=2000, country="FR", number="FR44732829320", **more):
    items = tuple(Item(f"Line {n}", net, typed=True) for n, net in enumerate(nets))
    given_ = {"tax": share_bps(sum(nets), bps), "tax_bps": bps, "language": "en", "parties": {}} | more
    return Due(kind=Kind.SALE, cause_type="t", cause_id="1", currency="EUR", items=items,
               sides={"client": {"country": country, "vat_regime": "standard", "vat_number": number}},
               supplied_on=date(2026, 5, 4), **given_)  # fmt: skip


def drawn(one, regime="standard"):
    return draw(one, FRANCE, seller={"name": "S", "country": "FR"}, buyer={"name": "B", "country": "FR"}, issuer={},
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
