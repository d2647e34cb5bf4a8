"""What every theme holds, and what a child keeps and changes of its parent."""

import json
from pathlib import Path

import marketwright_theme_bastion
import marketwright_theme_lattice
from marketwright.testing import ThemeConformance


class TestTheme(ThemeConformance):
    theme = marketwright_theme_lattice


PARENT, OWN = (Path(next(iter(t.__path__))) for t in (marketwright_theme_bastion, marketwright_theme_lattice))


def test_every_drawing_of_the_parent_is_drawn_anew():
    drawn = [f.relative_to(PARENT) for f in PARENT.rglob("*.html")]
    assert [f for f in drawn if not (OWN / f).is_file()] == []


def test_every_token_of_the_parent_gets_a_value_of_its_own():
    parent, own = (json.loads((folder / "tokens.json").read_text()) for folder in (PARENT, OWN))
    assert [name for name in parent if own.get(name, parent[name]) == parent[name]] == []
