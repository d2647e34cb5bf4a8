"""What every plugin and every deliverable holds, and what this one judges."""

import marketwright_{{ cookiecutter.plugin_name }} as plugin

from marketwright.plugin import Handed
from marketwright.testing import DeliverableConformance, PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


class TestDeliverable(DeliverableConformance):
    plugin = plugin

    def test_a_text_that_is_too_short_misses_what_was_agreed(self, it):
        assert it.judge({"least_words": 5}, Handed({"words": "Far too short."})).met is False
