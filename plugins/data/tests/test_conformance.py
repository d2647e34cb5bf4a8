"""What every plugin, contract template and vetting check holds."""

import marketwright_data
from marketwright.testing import (
    ContractTemplateConformance,
    NichePackConformance,
    PluginConformance,
    VettingCheckConformance,
)


class TestPlugin(PluginConformance):
    plugin = marketwright_data


class TestClauses(ContractTemplateConformance):
    plugin = marketwright_data


class TestChecks(VettingCheckConformance):
    plugin = marketwright_data


class TestNiche(NichePackConformance):
    plugin = marketwright_data
