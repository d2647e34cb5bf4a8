"""What every plugin and every contract template holds."""

import marketwright_standard_contracts
from marketwright.testing import ContractTemplateConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = marketwright_standard_contracts


class TestTemplates(ContractTemplateConformance):
    plugin = marketwright_standard_contracts
