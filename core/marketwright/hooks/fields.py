"""The fields that plugins bring, looked at when the site starts."""

from collections.abc import Iterable
from dataclasses import replace

from marketwright.strategies.fields import Field, FieldForm

_NOT_IN_ROWS = (FieldForm.ROWS, FieldForm.FILE)


def faults_of(fields: Iterable[Field]) -> list[str]:
    """What is wrong with the tables among ``fields``, in sentences."""
    found: list[str] = []
    for one in fields:
        table = one.form is FieldForm.ROWS
        if table != bool(one.rows):
            found.append(f"the field {one.name!r} " + ("has no rows." if table else "has rows and is no table."))
        if table and (one.facet or one.column):
            found.append(f"the field {one.name!r} is a table: it can be neither facet nor column.")
        if one.sealed and (one.facet or one.column or one.form is FieldForm.FILE or not one.asked):
            found.append(f"the field {one.name!r} is sealed: it is no facet, no column, no file, and asked in a form.")
        if one.sealed and one.owner == "mission" and not one.private:
            found.append(f"the field {one.name!r} is sealed and not private.")
        if one.sealed and one.owner not in ("mission", "condition"):
            found.append(f"the field {one.name!r} is sealed: only a mission or a condition holds such fields.")
        bad = [r.name for r in one.rows if r.form in _NOT_IN_ROWS]
        if bad:
            found.append(f"the field {one.name!r} has {bad[0]!r} in its rows: no row holds rows or files.")
    return found


def in_currency(field: Field, currency: str) -> Field:
    """``field`` with its amounts in ``currency``, those in its rows too."""
    if field.form is FieldForm.MONEY:
        return replace(field, unit=currency)
    return replace(field, rows=tuple(in_currency(r, currency) for r in field.rows)) if field.rows else field
