"""What every theme holds."""

import marketwright_theme_{{ cookiecutter.theme_name }}
from marketwright.testing import ThemeConformance


class TestTheme(ThemeConformance):
    theme = marketwright_theme_{{ cookiecutter.theme_name }}
