"""What every plugin, every contract template and every vetting check holds."""

from datetime import date

import marketwright_cybersecurity
from marketwright.testing import ContractTemplateConformance, PluginConformance, VettingCheckConformance
from marketwright_cybersecurity.authorisation import example


class TestPlugin(PluginConformance):
    plugin = marketwright_cybersecurity


class TestClauses(ContractTemplateConformance):
    plugin = marketwright_cybersecurity
    terms = {
        "handed": example(date(2026, 5, 4)), "zone": "Europe/Paris", "drawn_on": "2026-05-04",
        "signatories": {"owner": [{"name": "Ada", "company": "Filature SAS"}], "host": []},
    }  # fmt: skip


class TestChecks(VettingCheckConformance):
    plugin = marketwright_cybersecurity
