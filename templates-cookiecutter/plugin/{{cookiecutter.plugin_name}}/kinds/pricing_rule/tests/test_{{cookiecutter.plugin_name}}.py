"""What every plugin and every pricing rule holds, and what this one charges."""

from datetime import date

import marketwright_{{ cookiecutter.plugin_name }} as plugin

from marketwright.plugin import Deal, Money, Part, Party, Quote
from marketwright.testing import PluginConformance, PricingRuleConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestRule(PricingRuleConformance):
    plugin = plugin


class TestAnotherRate(PricingRuleConformance):
    plugin = plugin
    settings = {"bps": 1234}

    def test_it_charges_the_rate_of_the_settings(self, it):
        france = Party("FR", "standard")
        deal = Deal("EUR", (Part("One", Money(100_000, "EUR")),), france, france, date(2026, 6, 1))
        assert [line.amount for line in it.lines(Quote(deal, ()))] == [Money(12_340, "EUR")]
