"""What every plugin and every questionnaire holds, and what this one comes to."""

from datetime import date

import marketwright_{{ cookiecutter.plugin_name }} as plugin

from marketwright.testing import PluginConformance, QuestionnaireConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestQuestionnaire(QuestionnaireConformance):
    plugin = plugin

    def test_data_on_health_needs_high_care(self, it):
        assert it.conclude({"persons": "yes", "health": "yes"}, date(2026, 6, 1)).value == "high"
