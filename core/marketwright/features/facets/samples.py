"""An answer to a field that somebody asks for and nobody is there to give: in a rehearsal, in demo data, in tests."""

from typing import Any

from marketwright.strategies.fields import Field, FieldForm


def some_answer(field: Field) -> Any:
    """A valid answer to ``field``, as it is stored: the first choice, the least number, a dash of text."""
    match field.form:
        case FieldForm.NUMBER:
            least = field.minimum if field.minimum is not None else min(1, field.maximum or 1)
            return int(least) if float(least).is_integer() else least
        case FieldForm.MONEY:
            return 100 * max(1, round(field.minimum or 1))
        case FieldForm.YES_NO:
            return True
        case FieldForm.DATE:
            return "2030-01-01"
        case FieldForm.CHOICE:
            return field.choices[0][0]
        case FieldForm.CHOICES:
            return [field.choices[0][0]]
        case FieldForm.ROWS:
            return [{row.name: some_answer(row) for row in field.rows}]
        case _:
            return "…"
