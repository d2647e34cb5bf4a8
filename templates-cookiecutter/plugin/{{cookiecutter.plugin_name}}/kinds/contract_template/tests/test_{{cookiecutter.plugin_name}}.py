"""What every plugin and every contract template holds, and what this one says."""

import marketwright_{{ cookiecutter.plugin_name }} as plugin

from marketwright.testing import ContractTemplateConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestTemplate(ContractTemplateConformance):
    plugin = plugin
    settings = {"notice_days": 5}

    def test_the_days_of_the_settings_stand_in_the_text(self, it):
        assert all("5" in document.sections[0].paragraphs[0] for document in self.each(it))
