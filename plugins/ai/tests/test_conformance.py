"""What every plugin and every contract template holds."""

import marketwright_ai
from marketwright.testing import (
    ContractTemplateConformance,
    NichePackConformance,
    PluginConformance,
    VettingCheckConformance,
)


class TestPlugin(PluginConformance):
    plugin = marketwright_ai


class TestClauses(ContractTemplateConformance):
    plugin = marketwright_ai


class TestPeerReview(VettingCheckConformance):
    plugin = marketwright_ai


class TestNiche(NichePackConformance):
    plugin = marketwright_ai
