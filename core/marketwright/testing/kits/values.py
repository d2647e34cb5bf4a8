"""Values of fields as they are stored: what is wrong with some, and some that a person might have given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from marketwright.strategies.deliverables import HandedFile
from marketwright.strategies.fields import Field, FieldForm

_TYPES: Mapping[FieldForm, tuple[type, ...]] = {
    FieldForm.TEXT: (str,), FieldForm.LONG_TEXT: (str,), FieldForm.NUMBER: (int, float), FieldForm.MONEY: (int,),
    FieldForm.DATE: (str,), FieldForm.YES_NO: (bool,), FieldForm.CHOICE: (str,), FieldForm.CHOICES: (list, tuple),
    FieldForm.FILE: (HandedFile, str), FieldForm.ROWS: (list, tuple),
}  # fmt: skip


def faults(fields: Iterable[Field], values: Mapping[str, Any]) -> list[str]:
    """What a form of ``fields`` would refuse in ``values``, in sentences."""
    known = {field.name: field for field in fields}
    found = [f"{name!r} is no field of it" for name in values if name not in known]
    for name, field in known.items():
        if name not in values:
            found += [f"{name!r} is required and not there"] if field.required else []
        else:
            found += _faults(field, values[name])
    return found


def _faults(field: Field, value: Any) -> list[str]:
    odd = isinstance(value, bool) and field.form is not FieldForm.YES_NO  # a bool is an int to Python
    if odd or not any(isinstance(value, kind) for kind in _TYPES[field.form]):
        return [f"{field.name!r} is {value!r}, which is not stored for {field.form.value}"]
    if field.form is FieldForm.ROWS:
        return [f"{field.name!r}, row {n}: {said}" for n, row in enumerate(value) for said in faults(field.rows, row)]
    if field.form is FieldForm.DATE and not _is_date(value):
        return [f"{field.name!r} is {value!r}, no date as 2026-05-04"]
    if field.form in (FieldForm.CHOICE, FieldForm.CHOICES):
        picked = [value] if isinstance(value, str) else value
        return [f"{field.name!r} has no choice {one!r}" for one in picked if one not in dict(field.choices)]
    low, high = field.minimum, field.maximum
    out = field.form is FieldForm.NUMBER and ((low is not None and value < low) or (high is not None and value > high))
    return [f"{field.name!r} is {value!r}, out of its bounds"] if out else []


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def others(field: Field) -> Sequence[Any]:
    """Values that a person may have given in ``field`` instead: the ends of what its form allows."""
    match field.form:
        case FieldForm.CHOICE:
            return [name for name, _ in field.choices]
        case FieldForm.CHOICES:
            return [[name] for name, _ in field.choices] + [[name for name, _ in field.choices]]
        case FieldForm.NUMBER:
            return [field.minimum or 0, field.maximum if field.maximum is not None else 10**9]
        case FieldForm.MONEY:
            return [0, 10**12]
        case FieldForm.DATE:
            return ["2000-01-01", "2099-12-31"]
        case FieldForm.YES_NO:
            return [True, False]
        case FieldForm.FILE:
            return [HandedFile("empty.csv", "text/csv", b""), HandedFile("odd.csv", "text/csv", b"\xff\x00,;\n")]
        case _:
            return ["x", "<b>'\"%s {0}\n" * 3]


def varied(fields: Iterable[Field], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``values`` with one field at a time given otherwise, or left out where it may be."""
    found = []
    for field in fields:
        if field.form is FieldForm.ROWS:
            continue
        found += [{**values, field.name: other} for other in others(field)]
        if not field.required:
            found.append({name: value for name, value in values.items() if name != field.name})
    return found
