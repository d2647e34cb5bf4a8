"""Lists as CSV files, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Response

from marketwright.kernel.money import Money
from marketwright.kernel.time import iso

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
MOST = 10_000  # rows of one file


def cell(value: object) -> str:
    """One value: amounts in major units, instants as ISO 8601; text that a spreadsheet would run is quoted (S37)."""
    if isinstance(value, Money):
        return str(value.decimal)
    if isinstance(value, datetime):
        return iso(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_ACTIVE) else text


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A download: UTF-8 with a mark, so that spreadsheets read the accents."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([cell(v) for v in row] for row in rows)
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
