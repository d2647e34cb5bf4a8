"""What every plugin and every vetting check holds, and what this one waits for."""

import marketwright_{{ cookiecutter.plugin_name }} as plugin

from marketwright.plugin import Waiting
from marketwright.testing import PluginConformance, VettingCheckConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestCheck(VettingCheckConformance):
    plugin = plugin

    def test_it_waits_for_a_person_of_staff(self, it):
        assert all(isinstance(outcome, Waiting) and outcome.for_staff for _, _, outcome in self.begun(it))
