"""Who counts as new, and that settings reach the placement."""

import marketwright_newcomers as plugin
from marketwright.testing import PlacementConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestNewcomers(PlacementConformance):
    plugin = plugin


class TestMore(PlacementConformance):
    plugin = plugin
    settings = {"positions": 5}

    def test_as_many_positions_as_the_settings_say(self, it):
        assert it.most == 5

    def test_who_has_a_review_is_not_new(self, it):
        c = self.candidates()
        assert it.eligible(c).tolist() == (c.p["reviews"] == 0).tolist()
