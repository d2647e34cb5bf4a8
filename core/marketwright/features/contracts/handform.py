"""The form of a deliverable: its fields, its lists of rows, words beside them; what is typed back as plain values.

Fields are called ``x_<name>``, columns ``<list>-<number>-x_<column>``. A row that answers an earlier one carries its
number in the column ``row``, so that it is found again whatever stands empty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import Schema
from marshmallow import fields as ma

from marketwright.features.facets import forms
from marketwright.features.facets.forms import FieldView, FileView
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.deliverables import Deliverable, Handed, HandedRows
from marketwright.strategies.fields import FieldForm
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.rowlists import count

NOTE, ROW = "note", "row"


@dataclass(frozen=True, slots=True)
class RowForm:
    """One row in the form: what stands fixed as (label, text, long), its fields, and its number where it is carried."""

    number: int
    said: list[tuple[str, str, bool]]
    views: list[FieldView]
    carried: bool


@dataclass(frozen=True, slots=True)
class RowsForm:
    """One list in the form; ``grows`` says whether rows are added and taken away."""

    name: str
    label: str
    one: str
    rows: list[RowForm]
    grows: bool


def schema(it: Deliverable) -> Schema:
    """What a form of ``it`` takes."""
    lists = {one.name: ma.List(ma.Nested(_row_schema(one)), load_default=list) for one in it.rows}
    return Schema.from_dict({
        **forms.schema(it.handed), **lists, NOTE: TextField(longest=4000, lines=True),
    })()  # fmt: skip


def _row_schema(one: HandedRows) -> Schema:
    return Schema.from_dict({**forms.schema(one.columns), ROW: TextField(longest=4)})()


def typed_in(it: Deliverable, loaded: Mapping[str, Any], fixed: Mapping[str, Sequence[Mapping[str, Any]]]) -> Handed:
    """The plain values of a valid form; rows that answer earlier ones begin with what those say."""
    rows: dict[str, tuple[dict[str, Any], ...]] = {}
    for one in it.rows:
        typed = list(loaded.get(one.name) or ())
        if one.fixed:
            by_row = {str(t.get(ROW) or ""): t for t in typed}
            rows[one.name] = tuple(
                {**known, **forms.values(one.columns, by_row.get(str(n), {}))}
                for n, known in enumerate(fixed.get(one.name, ()))
            )
        else:
            rows[one.name] = tuple(forms.values(one.columns, t) for t in typed)
    return Handed(forms.values([f for f in it.handed if f.form is not FieldForm.FILE], loaded), rows)


def note_of(loaded: Mapping[str, Any]) -> str:
    """The words beside it."""
    return str(loaded.get(NOTE) or "").strip()


def lists(it: Deliverable, form: Form, fixed: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[RowsForm]:
    """The lists of ``it`` as the form shows them."""
    found: list[RowsForm] = []
    locale = current_locale()
    for one in it.rows:
        known = fixed.get(one.name, ()) if one.fixed else ()
        number = len(known) if one.fixed else count(form, one.name, least=max(one.least, 1))
        rows = [
            RowForm(n, forms.shown(one.fixed, known[n], locale, private=True) if one.fixed else [],
                    [replace(v, name=f"{one.name}-{n}-{v.name}") for v in forms.views(one.columns, locale)],
                    bool(one.fixed))
            for n in range(number)
        ]  # fmt: skip
        found.append(RowsForm(one.name, forms.word(one.label, locale), forms.word(one.one, locale), rows,
                              grows=not one.fixed))  # fmt: skip
    return found


def file_views(it: Deliverable) -> list[FileView]:
    """The fields of ``it`` that are files."""
    return forms.file_views(it.handed, {}, current_locale())


def labels(it: Deliverable, lists_: Sequence[RowsForm]) -> dict[str, str]:
    """What each field is called in the list of errors."""
    locale = current_locale()
    found = {forms.PREFIX + f.name: forms.word(f.label, locale) for f in it.handed}
    found |= {NOTE: gettext("Your words"), "files": gettext("Files")}
    for one in lists_:
        found[one.name] = one.label
        for row in one.rows:
            found |= {v.name: f"{one.one} {row.number + 1}, {v.label}" for v in row.views}
    return found
