"""What every plugin holds."""

import marketwright_ai
from marketwright.testing import PluginConformance


class TestPlugin(PluginConformance):
    plugin = marketwright_ai
