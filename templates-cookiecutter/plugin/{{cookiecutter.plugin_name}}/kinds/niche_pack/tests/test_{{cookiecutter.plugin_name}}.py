"""What every plugin holds, and that the skills and the brief of the trade are in order."""

import csv

import marketwright_{{ cookiecutter.plugin_name }} as plugin
import pytest

from marketwright.testing import PluginConformance


class TestPlugin(PluginConformance):
    plugin = plugin


@pytest.fixture
def skills():
    with plugin.SKILLS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_skill_has_a_name_in_both_languages(skills):
    assert [s["key"] for s in skills if not (s["label_en"] and s["label_fr"])] == []


def test_every_broader_skill_exists(skills):
    assert {s["broader"] for s in skills} - {s["key"] for s in skills} <= {""}


def test_every_choice_of_the_brief_is_labelled_in_both_languages():
    for field in plugin.register_fields(settings={}):
        assert all(set(label) == {"en", "fr"} for _, label in field.choices)
