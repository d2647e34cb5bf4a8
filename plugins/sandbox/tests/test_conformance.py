"""What every plugin holds."""

import marketwright_sandbox
from marketwright.testing import PluginConformance


class TestPlugin(PluginConformance):
    plugin = marketwright_sandbox
