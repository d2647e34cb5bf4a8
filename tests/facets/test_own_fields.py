from decimal import Decimal

import pytest
from marshmallow import Schema, ValidationError
from sqlalchemy import select

from marketwright.features.facets import forms, service
from marketwright.features.facets.tables import Facet
from marketwright.kernel.actors import system
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.ids import new_id
from marketwright.strategies.fields import Field, FieldForm

KIND = Field(
    "mission", "kind", FieldForm.CHOICE, {"en": "Kind", "fr": "Type"}, required=True,
    choices=(("a", {"en": "Audit", "fr": "Audit"}), ("t", {"en": "Test", "fr": "Essai"})),
)  # fmt: skip
WHERE = Field("mission", "where", FieldForm.CHOICES, {"en": "Where"}, choices=(("x", {"en": "X"}), ("y", {"en": "Y"})))
COUNT = Field("mission", "count", FieldForm.NUMBER, {"en": "Count"}, minimum=1, maximum=50, unit="hosts")
URGENT = Field("mission", "urgent", FieldForm.YES_NO, {"en": "Urgent"})
SINCE = Field("mission", "since", FieldForm.DATE, {"en": "Since"})
TARGETS = Field("mission", "targets", FieldForm.LONG_TEXT, {"en": "Targets"}, private=True)
ALL = [KIND, WHERE, COUNT, URGENT, SINCE, TARGETS]
TYPED = {"x_kind": "t", "x_where": ["x", "y"], "x_count": "12", "x_urgent": "1", "x_since": "2026-05-04",
         "x_targets": "10.0.0.0/8"}  # fmt: skip
VALUES = {"kind": "t", "where": ["x", "y"], "count": 12, "urgent": True, "since": "2026-05-04", "targets": "10.0.0.0/8"}


def load(typed, fields=ALL, **kw):
    return Schema.from_dict(forms.schema(fields, **kw))().load(typed)


def test_a_declaration_alone_reads_what_was_typed():
    assert forms.values(ALL, load(TYPED)) == VALUES


def test_a_required_field_is_asked_for_but_not_in_a_draft():
    with pytest.raises(ValidationError):
        load({})
    assert forms.values(ALL, load({}, strict=False)) == {}


@pytest.mark.parametrize(("name", "value"), [("x_kind", "z"), ("x_count", "51"), ("x_since", "May"), ("x_where", "q")])
def test_what_does_not_fit_is_refused_at_its_field(name, value):
    with pytest.raises(ValidationError) as refused:
        load(TYPED | {name: value})
    assert list(refused.value.messages) == [name]


@pytest.mark.parametrize(("name", "named"), [("kind", "a, t"), ("where", "x, y")])
def test_a_choice_that_is_none_is_refused_with_those_that_there_are(name, named):
    with pytest.raises(InvalidInput) as refused:
        forms.check(ALL, VALUES | {name: "q"})
    assert str(refused.value.errors[name][0]) == f"One of these, please: {named}."


def test_of_many_choices_the_first_are_named():
    many = Field("mission", "many", FieldForm.CHOICE, {"en": "Many"},
                 choices=tuple((f"c{k:02d}", {"en": str(k)}) for k in range(30)))  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        forms.check([many], {"many": "q"})
    assert str(refused.value.errors["many"][0]).endswith("c18, c19, ….")


def test_one_choice_of_several_comes_as_plain_text():
    assert forms.values([WHERE], load({"x_where": "x"}, [WHERE])) == {"where": ["x"]}


def test_values_from_files_are_checked_alike():
    assert forms.check(ALL, VALUES | {"count": 12.0}) == VALUES
    with pytest.raises(InvalidInput) as refused:
        forms.check(ALL, {"count": 99, "nonsense": 1})
    assert set(refused.value.errors) == {"count", "nonsense"}


def test_private_values_are_left_out_for_strangers():
    public = forms.shown(ALL, VALUES, "fr", private=False)
    assert ("Type", "Essai", False) in public
    assert "Targets" not in [label for label, _, _ in public]
    assert "Targets" in [label for label, _, _ in forms.shown(ALL, VALUES, "fr", private=True)]


def test_numbers_carry_their_unit():
    assert forms.shown([COUNT], {"count": 1200}, "en", private=False) == [("Count", "1,200 hosts", False)]


def test_a_stored_value_goes_back_into_its_form():
    typed = forms.initial(ALL, VALUES)
    assert forms.values(ALL, load(typed)) == VALUES


def test_facets_hold_public_values_and_are_rewritten_whole(database):
    owner = new_id()

    def write(values):
        with database.unit(system("test")) as uow:
            service.rewrite(uow, owner_kind="mission", owner_id=owner, fields=ALL, values=values)
            uow.commit()
        with database.reading() as session:
            rows = session.execute(select(Facet.field, Facet.text, Facet.number).order_by(Facet.field, Facet.text))
            return [tuple(r) for r in rows]

    first = write(VALUES)
    assert [f for f, _, _ in first] == ["count", "kind", "since", "urgent", "where", "where"]
    assert write({"kind": "a"}) == [("kind", "a", None)]


def test_a_number_keeps_its_digits():
    assert forms.values([COUNT], {"x_count": Decimal("2.5")}) == {"count": 2.5}
