"""What every country pack holds: every supply decided, every rule dated and sourced, no day without its sentence."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import ModuleType
from typing import Any, ClassVar

import pytest

from marketwright.strategies.countries import Country, Dated, TaxCategory, faults_of

NEXT_YEARS = 3  # a pack that is installed today is still there then


class CountryConformance:
    """For a ``Country``: ``country = MY_PACK``, or ``plugin = my_module`` for all that its hook returns."""

    country: ClassVar[Country | None] = None
    plugin: ClassVar[ModuleType | None] = None
    settings: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def countries(cls) -> list[Country]:
        """The packs under test."""
        if cls.country is not None:
            return [cls.country]
        return list(cls.plugin.register_countries(settings=cls.settings)) if cls.plugin is not None else []

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One round of tests a pack."""
        if "pack" in metafunc.fixturenames:
            assert metafunc.cls is not None
            found = metafunc.cls.countries()
            metafunc.parametrize("pack", found, ids=[c.code for c in found])

    def test_every_supply_is_decided_and_every_row_is_reached(self, pack: Country) -> None:
        """What core refuses at the start: a supply that no row fits, a row in another's shadow, a missing mention."""
        assert faults_of(pack) == []

    def test_every_rule_says_since_when_and_where_it_was_read(self, pack: Country) -> None:
        """An address, and a day of reading that has come; an end is not before its beginning."""
        for name, dated in _rules(pack):
            assert dated.source.startswith("https://"), f"{name}: its source is no https address"
            assert dated.read <= date.today(), f"{name}: it was read on a day to come"  # noqa: DTZ011  a day, no instant
            assert dated.until is None or dated.since <= dated.until, f"{name}: it ends before it begins"

    def test_no_day_is_without_a_sentence_or_has_two(self, pack: Country) -> None:
        """A mention that ends has a successor from the next day on, and one alone holds at a time."""
        for day in _days(pack):
            for name in {m.name for m in pack.mentions}:
                holding = [m for m in pack.mentions if m.name == name and m.dated.holds(day)]
                assert len(holding) == 1, f"{len(holding)} mentions {name!r} hold on {day}"

    def test_every_day_has_one_standard_rate(self, pack: Country) -> None:
        """Where anything is charged at all; in basis points."""
        if any(row.category is TaxCategory.STANDARD for row in pack.taxes):
            for day in _days(pack):
                holding = [rate.bps for rate in pack.rates if rate.dated.holds(day)]
                assert len(holding) == 1, f"{len(holding)} standard rates hold on {day}"
                assert 0 < holding[0] <= 5000, f"{holding[0]} basis points are no rate of VAT"

    def test_the_mandate_can_be_filled_in(self, pack: Country) -> None:
        """With ``{marketplace}`` and ``{days}``, which it names: whose mandate, and how long one may contest."""
        for language, text in pack.mandate.texts.items():
            filled = text.format(marketplace="Place", days=pack.mandate.contest_days)
            assert "Place" in filled, f"{language}: the mandate does not say who may invoice"
            assert str(pack.mandate.contest_days) in filled, f"{language}: the mandate does not say how long to contest"

    def test_every_sentence_speaks_the_same_languages(self, pack: Country) -> None:
        """A document in one language has all its sentences in it."""
        spoken = set(pack.mandate.texts)
        for mention in pack.mentions:
            assert set(mention.texts) == spoken, f"{mention.name}: it speaks {sorted(mention.texts)}, others {spoken}"


def _rules(pack: Country) -> Iterable[tuple[str, Dated]]:
    yield from ((f"the mention {m.name}", m.dated) for m in pack.mentions)
    yield from ((f"the rate of {r.bps}", r.dated) for r in pack.rates)


def _days(pack: Country) -> list[date]:
    """Today, the days after something ends or before it begins, and a day some years on."""
    today = date.today()  # noqa: DTZ011  a day, no instant
    ends = [d.until + timedelta(days=1) for _, d in _rules(pack) if d.until is not None]
    begins = [d.since for _, d in _rules(pack)]
    later = today + timedelta(days=366 * NEXT_YEARS)
    return [day for day in {today, later, *ends, *begins} if today <= day <= later]
