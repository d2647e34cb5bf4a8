"""A field may be a table: rows of further fields, in the form, checked and shown."""

import pytest
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from marketwright.features.facets import forms
from marketwright.hooks.fields import faults_of, in_currency
from marketwright.kernel.errors import InvalidInput
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.forms import Form

PLACE = Field("mission", "place", FieldForm.TEXT, {"en": "Place"}, required=True)
OPENS = Field("mission", "opens", FieldForm.DATE, {"en": "Opens"})
FEE = Field("mission", "fee", FieldForm.MONEY, {"en": "Fee"})
STOPS = Field("mission", "stops", FieldForm.ROWS, {"en": "Stops"}, rows=(PLACE, OPENS), most=3)


def taken(typed):
    form = Form(Schema.from_dict(forms.schema([STOPS]))())
    return form, form.accept(MultiDict(typed))


def test_rows_are_taken_from_a_form_and_empty_ones_left_out():
    form, valid = taken({"x_stops-0-place": "Lille", "x_stops-1-place": "", "x_stops-2-place": "Arras",
                         "x_stops-2-opens": "2026-05-01"})  # fmt: skip
    assert valid
    assert forms.values([STOPS], form.value) == {
        "stops": [{"place": "Lille"}, {"place": "Arras", "opens": "2026-05-01"}]
    }


def test_a_wrong_cell_is_named_by_its_row_and_column():
    form, valid = taken({"x_stops-0-place": "Lille", "x_stops-1-opens": "yesterday"})
    assert not valid
    assert set(form.errors) == {"x_stops-1-place", "x_stops-1-opens"}


def test_more_rows_than_the_field_takes_are_refused():
    form, valid = taken({f"x_stops-{n}-place": "Lille" for n in range(4)})
    assert not valid
    assert "x_stops" in form.errors


def test_a_button_adds_a_row_and_keeps_what_was_typed():
    form, _ = taken({"x_stops-0-place": "Lille"})
    assert forms.press(form, [STOPS], MultiDict({"x_stops_add": "1"}))
    assert form.count("x_stops") == 2
    assert form.get("x_stops-0-place") == "Lille"


def test_rows_of_an_import_are_checked_as_those_of_a_form():
    with pytest.raises(InvalidInput) as refused:
        forms.check([STOPS], {"stops": [{"place": "Lille"}, {"opens": "never"}]})
    assert set(refused.value.errors) == {"stops-1-place", "stops-1-opens"}


def test_stored_rows_come_back_into_the_form_and_read_as_lines():
    stored = {"stops": [{"place": "Lille"}, {"place": "Arras"}]}
    assert Form(Schema(), forms.initial([STOPS], stored)).get("x_stops-1-place") == "Arras"
    assert forms.shown([STOPS], stored, "en", private=True) == [("Stops", "Lille\nArras", True)]


@pytest.mark.parametrize("bad", [
    Field("mission", "a", FieldForm.ROWS, {}), Field("mission", "a", FieldForm.TEXT, {}, rows=(PLACE,)),
    Field("mission", "a", FieldForm.ROWS, {}, rows=(PLACE,), facet=True),
    Field("mission", "a", FieldForm.ROWS, {}, rows=(STOPS,)),
])  # fmt: skip
def test_a_table_that_cannot_be_is_refused_when_the_site_starts(bad):
    assert faults_of([bad])


def test_amounts_in_rows_are_in_the_currency_of_the_marketplace():
    table = Field("mission", "a", FieldForm.ROWS, {}, rows=(FEE,))
    assert in_currency(table, "EUR").rows[0].unit == "EUR"
