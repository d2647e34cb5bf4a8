"""What every plugin, every contract template and every vetting check holds."""

import marketwright_cybersecurity
from marketwright.testing import (
    ConditionConformance,
    ContractTemplateConformance,
    DeliverableConformance,
    NichePackConformance,
    PluginConformance,
    VettingCheckConformance,
)


class TestPlugin(PluginConformance):
    plugin = marketwright_cybersecurity


class TestClauses(ContractTemplateConformance):
    plugin = marketwright_cybersecurity


class TestConditions(ConditionConformance):
    plugin = marketwright_cybersecurity


class TestDeliverables(DeliverableConformance):
    plugin = marketwright_cybersecurity


class TestChecks(VettingCheckConformance):
    plugin = marketwright_cybersecurity


class TestNiche(NichePackConformance):
    plugin = marketwright_cybersecurity
