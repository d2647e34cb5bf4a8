"""What every plugin and every matching criterion holds, and what this one counts."""

import marketwright_{{ cookiecutter.plugin_name }} as plugin
import numpy as np

from marketwright.plugin import Candidates, Columns
from marketwright.testing import MatchingCriterionConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestCriterion(MatchingCriterionConformance):
    plugin = plugin

    def test_half_the_days_score_half(self, it):
        asked, free = np.array([4.0], np.float32), np.array([2.0, 4.0, 5.0], np.float32)
        c = Candidates(Columns({"days_a_week": asked}), Columns({"days_a_week": free}), Columns({}))
        assert it.score(c).tolist() == [0.5, 1.0, 1.0]
