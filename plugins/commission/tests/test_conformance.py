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


class TestRulesOfEveryShape(PricingRuleConformance):
    plugin = marketwright_commission
    settings = {"rules": [
        {"name": "tiny", "side": "freelancer", "bps": 1100, "up_to": 1000},
        {"name": "pro", "side": "freelancer", "bps": 600, "entitlement": "lower_commission"},
        {"name": "web", "side": "freelancer", "bps": 900, "category": "web"},
        {"name": "limits", "side": "freelancer", "bps": 700, "from": 1000, "up_to": 4000,
         "floor": {"EUR": 80, "JPY": 80, "KWD": 80}, "cap": {"EUR": 250, "JPY": 250, "KWD": 250},
         "flat": {"EUR": 1, "JPY": 1, "KWD": 1}},
        {"name": "bands", "side": "freelancer", "bands": [{"bps": 900, "up_to": 3000}, {"bps": 600}]},
        {"name": "client", "side": "client", "bps": 300},
    ]}  # fmt: skip
