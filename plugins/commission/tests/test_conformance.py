"""What every plugin and every pricing rule holds."""

import marketwright_commission
from marketwright.testing import PluginConformance, PricingRuleConformance


class TestPlugin(PluginConformance):
    plugin = marketwright_commission


class TestRules(PricingRuleConformance):
    plugin = marketwright_commission


class TestRulesByRelation(PricingRuleConformance):
    plugin = marketwright_commission
    settings = {"rules": [
        {"name": "client", "side": "client", "bps": 300},
        {"name": "loyal", "side": "freelancer", "bps": 400, "known_days": 365},
        {"name": "large", "side": "freelancer", "bps": 500, "from": 5000, "measure": "relation"},
        {"name": "small", "side": "freelancer", "bps": 1000},
    ]}  # fmt: skip
