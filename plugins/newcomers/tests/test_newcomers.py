"""Who counts as new, and that settings reach the placement."""

import marketwright_newcomers as plugin
from marketwright.testing import PlacementConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestNewcomers(PlacementConformance):
    plugin = plugin


class TestMore(PlacementConformance):
    plugin = plugin
    settings = {"positions": 5, "days": 365, "proved": False}

    def test_as_many_positions_as_the_settings_say(self, it):
        assert it.most == 5

    def test_who_has_a_review_is_not_new(self, it):
        c = self.candidates()
        recent = c.m["today"] - c.p["joined"] <= 365
        assert it.eligible(c).tolist() == ((c.p["reviews"] == 0) & recent).tolist()


class TestProved(PlacementConformance):
    plugin = plugin

    def test_who_has_no_proof_or_came_long_ago_is_not_among_them(self, it):
        c = self.candidates(2000)
        new = it.eligible(c)
        assert new.any()
        assert (c.p["proved"][new] > 0).all()
        assert (c.m["today"] - c.p["joined"][new] <= 180).all()
