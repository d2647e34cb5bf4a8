"""L6 and E1: currencies of no, two and three decimals from the quote to the last credit note, to the last unit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.invoicing.composing import draw
from marketwright.features.invoicing.due import Due, Item, Kind
from marketwright.features.payments.amounts import Amounts, back_parts, kept_of, minus, plus, release_cut, split_cut
from marketwright.features.pricing.service import price
from marketwright.features.pricing.wire import quote_from_json, quote_to_json
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput, PluginFailed
from marketwright.kernel.money import Money, exponent
from marketwright.strategies.pricing import Deal, Line, LineKind, Part, Party
from marketwright.testing.deals import plugins, rule
from marketwright_commission.fees import Commission
from marketwright_commission.settings import CommissionSettings
from marketwright_commission.vat import ValueAddedTax
from marketwright_country_fr.pack import FRANCE

ON = date(2026, 5, 4)
FR = Party("FR", "standard", "FR83404833048")
CURRENCIES = ("JPY", "EUR", "KWD", "TND")
SETTINGS = CommissionSettings().load({})
ENABLED = Plugins(
    pricing_rules=tuple(Entry("commission", r(SETTINGS, None)) for r in (Commission, ValueAddedTax)),
    countries={"FR": Entry("country_fr", FRANCE)},
)  # fmt: skip
PAIRS = {
    Kind.SALE: ("work", "work_tax"), Kind.CLIENT_FEE: ("client_fee", "client_fee_tax"),
    Kind.FREELANCER_FEE: ("freelancer_fee", "freelancer_fee_tax"),
}  # fmt: skip
SIDES = {side: {"country": "FR", "vat_regime": "standard", "vat_number": "FR83404833048"}
         for side in ("client", "freelancer")}  # fmt: skip
deals = st.builds(
    lambda currency, works: Deal(currency, tuple(Part(f"Part {n}", Money(w, currency)) for n, w in enumerate(works)),
                                 FR, FR, ON, marketplace="FR", regime="standard"),
    st.sampled_from(CURRENCIES), st.lists(st.integers(1_000, 10**9), min_size=1, max_size=4),
)  # fmt: skip


def document(amounts, kind, *, credit=False):
    """The invoice or credit note of one pair of ``amounts``, by the pack of France; None for nothing."""
    net, tax = (getattr(amounts, name) for name in PAIRS[kind])
    if not net:
        return None
    due = Due(kind=kind, cause_type="t", cause_id="1", currency=amounts.currency, items=(Item("x", net, typed=True),),
              tax=tax, tax_bps=2000, sides=SIDES, parties={}, language="en", supplied_on=ON, credit=credit)  # fmt: skip
    at = {"name": "S", "country": "FR", "vat_number": "FR44732829320"}
    return draw(due, FRANCE, seller=at, buyer=at, issuer={}, regime="standard", on=ON, words=lambda item: item.label)


def test_no_two_and_three_decimals_are_among_them():
    assert {exponent(c) for c in CURRENCIES} == {0, 2, 3}


@given(deals)
def test_a_quote_is_in_one_currency_and_its_parts_sum_to_the_whole(deal):
    quote = price(ENABLED, deal)
    assert {line.amount.currency for line in quote.lines} == {deal.currency}
    assert quote_from_json(quote_to_json(quote)).lines == quote.lines
    parts = [Amounts.of(quote, n) for n in range(len(deal.parts))]
    for name in ("work", "client_fee", "freelancer_fee", "client_pays", "freelancer_receives"):
        assert sum(getattr(p, name) for p in parts) == getattr(Amounts.of(quote), name)


@given(deals, st.data())
def test_what_was_funded_goes_out_to_the_last_unit_and_its_documents_say_the_same(deal, data):
    quote = price(ENABLED, deal)
    for number in range(len(deal.parts)):
        amounts = Amounts.of(quote, number)
        funded, back = amounts.client_pays, data.draw(st.integers(0, amounts.client_pays - 1))
        cut = split_cut(amounts, back) if back else release_cut(amounts)
        assert cut.whole == cut.paid + cut.fees + cut.fee_taxes + cut.refunded == funded  # E1
        kept = kept_of(amounts, back) if back else amounts
        made = [document(kept, kind) for kind in PAIRS]
        for one, (net, tax) in zip(made, PAIRS.values(), strict=True):
            assert one is None or one.gross == getattr(kept, net) + getattr(kept, tax)
        assert cut.paid == kept.freelancer_receives
        assert cut.fees + cut.fee_taxes == kept.fees + kept.fee_taxes


@given(deals, st.data())
def test_refunds_after_release_credit_what_was_invoiced_to_the_last_unit(deal, data):
    amounts = Amounts.of(price(ENABLED, deal), 0)
    done = Amounts(amounts.currency)
    for last in (False, False, True):
        left = amounts.client_pays - done.client_pays
        refund = left if last else data.draw(st.integers(1, max(1, left // 2)))
        parts = back_parts(amounts, done, refund)
        assert parts.client_pays == refund
        for kind, pair in PAIRS.items():
            note = document(parts, kind, credit=True)
            assert note is None or note.gross == sum(getattr(parts, name) for name in pair)
        done = plus(done, parts)
    assert minus(amounts, done) == Amounts(amounts.currency)


@pytest.mark.parametrize("other", CURRENCIES[1:])
def test_a_part_in_another_currency_is_no_part_of_the_deal(other):
    parts = (Part("one", Money(5_000, "JPY")), Part("other", Money(5_000, other)))
    with pytest.raises(InvalidInput):
        price(ENABLED, Deal("JPY", parts, FR, FR, ON, marketplace="FR"))


def test_a_rule_that_answers_in_another_currency_is_refused_by_name():
    mixed = rule(lambda _q: [Line(LineKind.FREELANCER_FEE, "Fee", Money(7, "EUR"), 0)])
    with pytest.raises(PluginFailed, match="EUR, the deal in KWD"):
        price(plugins(mixed), Deal("KWD", (Part("x", Money(100, "KWD")),), FR, FR, ON, marketplace="FR"))
