"""Country packs, each broken on purpose in one way, and one that is not."""

from dataclasses import replace
from datetime import date

from marketwright.plugin import Country, Dated, Mandate, Mention, Rate, Tag, TaxCategory, TaxRow
from marketwright.testing import CountryConformance

SINCE = Dated(date(2020, 1, 1), None, "https://law.example/vat", date(2026, 1, 1))
FAIR = Country(
    code="XX",
    taxes=(
        TaxRow("no VAT", TaxCategory.EXEMPT, regimes=("franchise", "none"), mention="exempt"),
        TaxRow("charged", TaxCategory.STANDARD),
    ),
    rates=(Rate(1700, SINCE),),
    mentions=(Mention("exempt", {"en": "No VAT"}, SINCE), Mention("late", {"en": "Late"}, SINCE, (Tag.INVOICE,))),
    mandate=Mandate("1", {"en": "{marketplace} may invoice for me; I contest within {days} days."}, 10),
)


class TestFair(CountryConformance):
    country = FAIR


class TestUndecided(CountryConformance):
    country = replace(FAIR, taxes=FAIR.taxes[:1])
    caught_by = "test_every_supply_is_decided_and_every_row_is_reached"


class TestUnsourced(CountryConformance):
    country = replace(FAIR, rates=(Rate(1700, replace(SINCE, source="a colleague")),))
    caught_by = "test_every_rule_says_since_when_and_where_it_was_read"


class TestEnding(CountryConformance):
    country = replace(FAIR, mentions=(
        Mention("exempt", {"en": "No VAT"}, replace(SINCE, until=date.today()))  # noqa: DTZ011, FAIR.mentions[1],
    ))  # fmt: skip
    caught_by = "test_no_day_is_without_a_sentence_or_has_two"


class TestTwoRates(CountryConformance):
    country = replace(FAIR, rates=(*FAIR.rates, Rate(1800, SINCE)))
    caught_by = "test_every_day_has_one_standard_rate"


class TestStrangeMandate(CountryConformance):
    country = replace(FAIR, mandate=Mandate("1", {"en": "{somebody} may invoice for me."}, 10))
    caught_by = "test_the_mandate_can_be_filled_in"


class TestHalfSpoken(CountryConformance):
    country = replace(FAIR, mentions=(Mention("exempt", {"en": "No VAT", "fr": "Sans TVA"}, SINCE), FAIR.mentions[1]))
    caught_by = "test_every_sentence_speaks_the_same_languages"
