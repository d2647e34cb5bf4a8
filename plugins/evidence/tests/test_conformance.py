"""What every plugin and every vetting check holds."""

import marketwright_evidence
from marketwright.testing import PluginConformance, VettingCheckConformance


class TestPlugin(PluginConformance):
    plugin = marketwright_evidence


class TestChecks(VettingCheckConformance):
    plugin = marketwright_evidence
