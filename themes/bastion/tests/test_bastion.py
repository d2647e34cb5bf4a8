"""What every theme holds."""

import marketwright_theme_bastion
from marketwright.testing import ThemeConformance


class TestTheme(ThemeConformance):
    theme = marketwright_theme_bastion
