"""What every plugin and every estimator holds, and what this one says."""

import marketwright_{{ cookiecutter.plugin_name }} as plugin

from marketwright.plugin import Sizing
from marketwright.testing import EstimatorConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestEstimator(EstimatorConformance):
    plugin = plugin

    def test_six_rooms_are_four_days(self, it):
        assert it.estimate(Sizing({plugin.ROOMS: 6})).likely == 4
