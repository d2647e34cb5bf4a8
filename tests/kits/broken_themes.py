"""Themes, each broken on purpose in one way, and one that is not."""

import tempfile
from pathlib import Path
from types import ModuleType

from marketwright.baking.bake import bake
from marketwright.testing import ThemeConformance

PLACE = Path(tempfile.mkdtemp(prefix="broken-themes-"))
FEES = "content/fees.html"
FRONT = "content/landing.html"


def theme(name, *, tokens="{}", parent="", css="", folder="", **templates):
    """A theme's folder; a template is given by its path with ``__`` for ``/``."""
    place = PLACE / (folder or name)
    (place / "static").mkdir(parents=True)
    (place / "theme.toml").write_text(f'name = "{name}"\nparent = "{parent}"\n', "utf-8")
    (place / "tokens.json").write_text(tokens, "utf-8")
    (place / "static" / "theme.css").write_text(css, "utf-8")
    for path, text in templates.items():
        file = place / "templates" / f"{path.replace('__', '/')}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'{{% extends "next:{path.replace("__", "/")}.html" %}}{text}', "utf-8")
    return place


def main(text):
    return f"{{% block main %}}{{{{ super() }}}}{text}{{% endblock %}}"


class TestFair(ThemeConformance):
    pages = (FEES,)  # the bundled themes are walked whole
    css = ".x { color: var(--mw-text); }"
    folder = theme("fair", tokens='{"brand": "#ffff00"}', css=css, content__fees=main("More"))


class TestBaked(ThemeConformance):
    """What ``marketwright new theme`` makes, in the most awkward colour: it draws the front page anew."""

    pages = (FRONT, FEES)
    folder = bake("theme", {"theme_name": "baked", "brand_colour": "#ffff00"}, PLACE) / "marketwright_theme_baked"


def module(name, folder):
    made = ModuleType(name)
    made.__file__ = str(folder / "__init__.py")
    return made


class TestNamedOtherwise(ThemeConformance):
    caught_by = "test_its_name_is_that_of_its_package"
    theme = module("marketwright_theme_one", theme("other"))


class TestUnknownToken(ThemeConformance):
    caught_by = "test_its_tokens_are_those_that_there_are"
    folder = theme("unknown", tokens='{"glitter": "much"}')


class TestOwnAncestor(ThemeConformance):
    caught_by = "test_its_parents_are_installed_and_make_no_loop"
    folder = theme("ancestor", parent="ancestor")


class TestReadsAnUnknownToken(ThemeConformance):
    caught_by = "test_every_token_that_it_reads_is_declared"
    folder = theme("reads", css=".x { color: var(--mw-glitter); }")


class TestNoSuchBlock(ThemeConformance):
    caught_by = "test_its_layers_fit"
    folder = theme("block", content__fees="{% block headline %}{% endblock %}")


class TestFailsOnOnePage(ThemeConformance):
    caught_by = "test_every_page_is_drawn"
    pages = (FEES,)
    folder = theme("fails", content__fees=main("{{ nobody.name }}"))


class TestHidesTheLegalLines(ThemeConformance):
    caught_by = "test_required_slots_survive"
    pages = (FEES,)
    folder = theme("hides", layout="{% block footer %}{% if false %}{{ super() }}{% endif %}{% endblock %}")


class TestPaleText(ThemeConformance):
    caught_by = "test_every_text_can_be_read"
    folder = theme("pale", tokens='{"text-muted": "#c8c8c8"}')


class TestInlineStyle(ThemeConformance):
    caught_by = "test_no_page_carries_inline_style_or_script"
    pages = (FEES,)
    folder = theme("inline", content__fees=main('<p style="color: red">Red</p>'))


class TestInlineScript(ThemeConformance):
    caught_by = "test_no_page_carries_inline_style_or_script"
    pages = (FEES,)
    folder = theme("script", content__fees=main("<script>alert(1)</script>"))


class TestTwoHeadings(ThemeConformance):
    caught_by = "test_each_page_has_one_first_heading"
    pages = (FEES,)
    folder = theme("headings", content__fees=main("<h1>And</h1>"))


class TestInputWithoutLabel(ThemeConformance):
    caught_by = "test_each_input_has_a_label"
    pages = (FEES,)
    folder = theme("label", content__fees=main('<input name="q">'))


class TestFontFromElsewhere(ThemeConformance):
    caught_by = "test_it_asks_nothing_of_another_server"
    pages = (FEES,)
    folder = theme("elsewhere", css='@font-face { font-family: X; src: url("https://fonts.example/x.woff2"); }')


class TestScriptFromElsewhere(ThemeConformance):
    caught_by = "test_it_asks_nothing_of_another_server"
    pages = (FEES,)
    folder = theme("beacon", content__fees=main('<img src="//count.example/1.gif" alt="">'))
