"""What every plugin and every condition holds, and what this one refuses."""

import marketwright_{{ cookiecutter.plugin_name }} as plugin

from marketwright.testing import ConditionConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestCondition(ConditionConformance):
    plugin = plugin

    def test_an_insurance_that_is_over_insures_nothing(self, it):
        assert set(it.check(self.handed({"insurer": "Halden", "until": "2020-01-01"}))) == {"until"}
