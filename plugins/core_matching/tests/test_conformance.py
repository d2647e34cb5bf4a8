"""What every plugin and every matching criterion holds."""

import marketwright_core_matching
from marketwright.testing import MatchingCriterionConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = marketwright_core_matching


class TestCriteria(MatchingCriterionConformance):
    plugin = marketwright_core_matching
