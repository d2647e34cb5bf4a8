"""What every theme holds."""

import marketwright_theme_synapse
from marketwright.testing import ThemeConformance


class TestTheme(ThemeConformance):
    theme = marketwright_theme_synapse
