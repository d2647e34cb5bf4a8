"""What every plugin, contract template and vetting check holds."""

from datetime import date

import marketwright_data
from marketwright.testing import ContractTemplateConformance, PluginConformance, VettingCheckConformance
from marketwright_data.papers import CONDITIONS


class TestPlugin(PluginConformance):
    plugin = marketwright_data


class TestClauses(ContractTemplateConformance):
    plugin = marketwright_data
    terms = {"handed": {k: v for c in CONDITIONS for k, v in c.example(date(2026, 5, 4)).items()}}


class TestChecks(VettingCheckConformance):
    plugin = marketwright_data
