"""That settings reach the placement; who paid is core's to say."""

import marketwright_promoted as plugin
from marketwright.testing import PlacementConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestPromoted(PlacementConformance):
    plugin = plugin

    def test_it_draws_among_those_whose_plan_grants_visibility(self, it):
        assert (it.entitlement, it.most) == ("visibility", 1)


class TestMore(PlacementConformance):
    plugin = plugin
    settings = {"positions": 3, "entitlement": "front_row"}

    def test_settings_reach_it(self, it):
        assert (it.entitlement, it.most) == ("front_row", 3)
