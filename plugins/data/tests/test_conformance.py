"""What every plugin and every contract template holds."""

import marketwright_data
from marketwright.testing import ContractTemplateConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = marketwright_data


class TestClauses(ContractTemplateConformance):
    plugin = marketwright_data
