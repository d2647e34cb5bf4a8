"""What every plugin and every placement holds, and whom this one lets stand there."""

import marketwright_{{ cookiecutter.plugin_name }} as plugin

from marketwright.testing import PlacementConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestPlacement(PlacementConformance):
    plugin = plugin

    def test_nobody_without_proof_stands_there(self, it):
        c = self.candidates()
        assert c.p["proved"][it.eligible(c)].min() >= 0.5
