"""An answer that nobody is there to give is one that the field's own form takes."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from marketwright.features.demo.seeding.briefs import brief_of
from marketwright.features.facets.samples import some_answer
from marketwright.strategies.fields import Field, FieldForm
from marketwright.testing.kits.values import faults

CHOICES = (("clay", {"en": "Clay"}), ("sand", {"en": "Sand"}))


def asked(form, **more):
    if form in (FieldForm.CHOICE, FieldForm.CHOICES):
        more["choices"] = CHOICES
    if form is FieldForm.ROWS:
        more["rows"] = (asked(FieldForm.TEXT), asked(FieldForm.CHOICE))
    return Field("mission", f"a_{form}", form, {"en": "A"}, required=True, **more)


@pytest.mark.parametrize("form", [f for f in FieldForm if f is not FieldForm.FILE])
def test_the_answer_is_taken(form):
    field = asked(form)
    assert faults([field], {field.name: some_answer(field)}) == []


@pytest.mark.parametrize("bounds", [{"minimum": 5}, {"maximum": 0.5}, {"minimum": 0.25, "maximum": 1}])
def test_the_answer_keeps_to_the_bounds(bounds):
    field = asked(FieldForm.NUMBER, **bounds)
    assert faults([field], {field.name: some_answer(field)}) == []


def test_demo_data_answers_what_another_plugin_requires():
    area = asked(FieldForm.NUMBER, minimum=1)
    plugins = SimpleNamespace(fields=[SimpleNamespace(it=area)])
    stage = SimpleNamespace(house=SimpleNamespace(plugins=plugins), now=datetime(2026, 6, 1, tzinfo=UTC))
    given = dict.fromkeys(
        ("title", "description", "language", "days_a_week", "city", "country", "remote", "visibility", "named",
         "confidential_note"), "",
    ) | {"must": [], "nice": [], "languages": [], "questions": [], "start_in_days": 1, "duration_days": 5,
         "budget": {"kind": "fixed", "amount_minor": 1}, "fields": {"own": "x", "empty": ""}}  # fmt: skip
    assert brief_of(stage, given).fields == {area.name: 1, "own": "x"}
