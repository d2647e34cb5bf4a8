"""The decision table and the mentions of France, row by row; each expectation cites the rule in pack.py."""

from datetime import date

import pytest

import marketwright_country_fr
from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.numbers import checked_registration, checked_vat
from marketwright.plugin import InvalidInput, Place, Supply, Tag
from marketwright.testing import CountryConformance, PluginConformance
from marketwright.testing.agreed import Stage
from marketwright_country_fr.pack import FRANCE

S, E, AE, O = "S", "E", "AE", "O"  # noqa: E741  the codes of EN 16931
TABLE = [
    # regime, place, VAT number known, category, mention
    ("standard", "domestic", True, S, ""), ("standard", "domestic", False, S, ""),
    ("standard", "union", True, AE, "reverse_charge"), ("standard", "union", False, S, ""),
    ("standard", "outside", True, O, "outside_union"), ("standard", "outside", False, O, "outside_union"),
    ("franchise", "domestic", True, E, "franchise"), ("franchise", "domestic", False, E, "franchise"),
    ("franchise", "union", True, E, "franchise"), ("franchise", "union", False, E, "franchise"),
    ("franchise", "outside", True, E, "franchise"), ("franchise", "outside", False, E, "franchise"),
    ("none", "domestic", True, O, "no_vat"), ("none", "domestic", False, O, "no_vat"),
    ("none", "union", True, O, "no_vat"), ("none", "union", False, O, "no_vat"),
    ("none", "outside", True, O, "no_vat"), ("none", "outside", False, O, "no_vat"),
]  # fmt: skip


class TestCountryFr(PluginConformance):
    plugin = marketwright_country_fr


class TestFrance(CountryConformance):
    plugin = marketwright_country_fr


@pytest.mark.parametrize(("regime", "place", "number", "category", "mention"), TABLE)
def test_each_supply_is_decided_as_the_law_says(regime, place, number, category, mention):
    row = FRANCE.decide(Supply(regime, Place(place), number))
    assert (row.category, row.mention) == (category, mention)


@pytest.mark.parametrize(("country", "place"), [("FR", "domestic"), ("MC", "domestic"), ("DE", "union"),
                                                ("GB", "outside"), ("CH", "outside"), ("US", "outside")])  # fmt: skip
def test_a_customer_is_at_home_in_the_union_or_outside(country, place):
    assert FRANCE.place(country) == place


def names(on, *tags, named=""):
    return [m.name for m in FRANCE.mentions_for(tags=tags, named=named, on=on)]


@pytest.mark.parametrize("tag", [Tag.INVOICE, Tag.CREDIT_NOTE])
def test_every_document_names_penalties_the_flat_sum_and_the_discount(tag):
    assert names(date(2026, 8, 31), tag) == ["penalty", "recovery", "discount"]


def test_since_september_2026_it_names_the_category_of_the_supply_too():
    assert names(date(2026, 9, 1), Tag.INVOICE) == ["penalty", "recovery", "category", "discount"]


@pytest.mark.parametrize(("on", "code"), [(date(2026, 8, 31), "CGI"), (date(2027, 12, 31), "CGI"),
                                          (date(2028, 1, 1), "impositions sur les biens")])  # fmt: skip
def test_the_small_business_mention_cites_the_code_of_its_day(on, code):
    (mention,) = FRANCE.mentions_for(tags=(), named="franchise", on=on)
    assert code in mention.text("fr")


def test_every_rule_says_where_and_when_it_was_read():
    dated = [m.dated for m in FRANCE.mentions] + [r.dated for r in FRANCE.rates]
    assert all(d.source.startswith("https://") and d.read >= date(2026, 1, 1) for d in dated)


def test_the_standard_rate_is_twenty_per_cent():
    assert FRANCE.rate(date(2026, 11, 28)) == 2000


def packs():
    return {"FR": FRANCE.identifiers}


@pytest.mark.parametrize("number", ["732 829 320", "73282932000074"])
def test_a_siren_or_siret_whose_key_holds_is_taken_compact(number):
    assert checked_registration("FR", number, packs=packs()) == number.replace(" ", "")


@pytest.mark.parametrize("number", ["732 829 321", "73282932000075", "hello", ""])
def test_a_siren_or_siret_whose_key_does_not_hold_is_refused_by_its_name(number):
    with pytest.raises(InvalidInput, match="SIREN / SIRET"):
        checked_registration("FR", number, packs=packs())


def test_a_vat_number_of_france_holds_the_siren_of_its_business():
    assert checked_vat("FR", "fr 44 732 829 320", "73282932000074", packs=packs()) == "FR44732829320"
    with pytest.raises(InvalidInput, match="another SIREN"):
        checked_vat("FR", "FR44732829320", "552100554", packs=packs())


@pytest.mark.plugins("country_fr")
def test_switched_on_the_form_of_a_business_checks_the_key(house):
    stage = Stage(house).meet()
    with stage.unit() as uow, pytest.raises(InvalidInput) as refused:
        accounts.record_identity(
            uow, owner_kind="freelancer", owner_id=stage.freelancer, name="X", form="EI", country="FR",
            registration_number="732829321", vat_regime="franchise", vat_number="", street="1 rue", postcode="59000",
            city="Lille",
        )  # fmt: skip
    assert "registration_number" in refused.value.errors


def test_what_may_be_asked_of_a_persons_past_is_the_extract_that_they_obtain_themselves():
    found = FRANCE.may_ask(date(2026, 11, 28))
    assert "n° 3" in found.paper["fr"]
    assert "vous-même" in found.how["fr"]
    assert found.months == 3
