"""Lists as CSV files, safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response

from marketwright.kernel.money import Money
from marketwright.kernel.sheets import cell
from marketwright.strategies.fields import Field, FieldForm

MOST = 10_000  # rows of one file


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A download: UTF-8 with a mark, so that spreadsheets read the accents."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([cell(v) for v in row] for row in rows)
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def own_cells(fields: Sequence[Field], stored: Mapping[str, Any]) -> list[object]:
    """The values of the public ``fields`` as imports read them: choices parted by ``|``, amounts in major units."""
    return [_own_cell(f, stored.get(f.name)) for f in fields]


def _own_cell(field: Field, value: Any) -> object:
    if value in (None, "", []):
        return ""
    if field.form is FieldForm.MONEY:
        return Money(value, field.unit)
    if field.form is FieldForm.YES_NO:
        return "yes"
    if field.form is FieldForm.FILE:
        return value["name"]
    if field.form is FieldForm.ROWS:
        return json.dumps(value, ensure_ascii=False)
    return "|".join(map(str, value)) if isinstance(value, list) else value


def own_heads(fields: Sequence[Field]) -> list[str]:
    """The columns of ``fields``, named as imports name them."""
    return [f"fields.{f.name}" for f in fields]
