"""VAT between businesses: place of supply, regimes, and what the line says."""

import pytest

from marketwright.plugin import LineKind, Money, Party, Quote, Unavailable
from marketwright.testing.deals import deal, flat
from marketwright_commission.settings import CommissionSettings
from marketwright_commission.vat import ValueAddedTax

FR = Party("FR", "standard", "FR83404833048")
DE = Party("DE", "standard", "DE136695976")
CH = Party("CH", "standard", "CHE-123.456.788")


def tax(work=1000_00, *, client=FR, freelancer=FR, settings=None):
    quote = Quote(deal(work, client=client, freelancer=freelancer), ())
    fees = flat(30_00, LineKind.CLIENT_FEE).lines(quote) + flat(70_00).lines(quote)
    work_line = flat(work, LineKind.WORK).lines(quote)
    lines = ValueAddedTax(CommissionSettings().load({"vat": settings or {}}), None).lines(
        Quote(quote.deal, tuple(work_line + fees))
    )
    return {line.kind: line for line in lines}


def on_work(**parties):
    line = tax(**parties)[LineKind.WORK_TAX]
    return line.amount.amount, line.rule


def test_inside_one_country_the_standard_rate_is_due():
    assert on_work() == (200_00, "vat-standard")


@pytest.mark.parametrize(("regime", "rule"), [("franchise", "vat-franchise"), ("none", "vat-none")])
def test_a_freelancer_outside_vat_charges_none_and_the_line_says_so(regime, rule):
    assert on_work(freelancer=Party("FR", regime)) == (0, rule)


def test_across_a_border_of_the_union_the_customer_declares_it():
    assert on_work(client=DE) == (0, "vat-reverse-charge")


def test_a_customer_across_the_border_without_vat_number_pays_the_suppliers_rate():
    assert on_work(client=Party("DE", "franchise")) == (200_00, "vat-standard")


def test_a_customer_outside_the_union_is_taxed_at_home():
    assert on_work(client=CH) == (0, "vat-abroad")


def test_a_supplier_outside_the_union_leaves_it_to_the_customer():
    assert on_work(freelancer=CH) == (0, "vat-reverse-charge")


def test_monaco_is_taxed_as_france():
    assert on_work(client=Party("MC", "standard", "FR53000054321")) == (200_00, "vat-standard")


def test_the_fees_are_taxed_as_the_operators_service_to_each_side():
    lines = tax(client=DE, freelancer=Party("FR", "franchise"))
    assert lines[LineKind.CLIENT_FEE_TAX].amount == Money(0, "EUR")
    assert lines[LineKind.FREELANCER_FEE_TAX].amount == Money(14_00, "EUR")


def test_where_no_fee_is_due_no_tax_line_stands():
    quote = Quote(deal(100_00), tuple(flat(100_00, LineKind.WORK).lines(Quote(deal(100_00), ()))))
    lines = ValueAddedTax(CommissionSettings().load({}), None).lines(quote)
    assert [line.kind for line in lines] == [LineKind.WORK_TAX]


def test_the_operator_may_set_a_rate():
    assert tax(settings={"rates": {"FR": 850}})[LineKind.WORK_TAX].amount == Money(85_00, "EUR")


def test_an_operator_without_vat_adds_none_to_its_fees():
    assert tax(settings={"operator_regime": "franchise"})[LineKind.CLIENT_FEE_TAX].amount.amount == 0


def test_a_country_without_a_rate_is_named():
    nowhere = Party("BR", "standard")
    with pytest.raises(Unavailable, match="BR"):
        tax(client=nowhere, freelancer=nowhere)
