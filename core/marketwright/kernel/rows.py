"""Rows of a CSV or JSON file, numbered as their author sees them, and the report of an import."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say

LARGEST_CELL = 200_000  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """One record: ``number`` is its line in a CSV file (the header is 1), or its place in a JSON list (from 1)."""

    number: int
    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """The cell ``name``, stripped; empty where there is none."""
        value = self.values.get(name)
        return "" if value is None else str(value).strip()


@dataclass(frozen=True, slots=True)
class Rows:
    """A file that was read: its rows, and notes on how it had to be read."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row: its number, the column, and a sentence that says the fix."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. ``refused`` means that rows were wrong and nothing at all was kept."""

    read: int
    created: int = 0
    updated: int = 0
    skipped: int = 0
    refused: bool = False
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values, for machines."""
        counts = {n: getattr(self, n) for n in ("read", "created", "updated", "skipped", "refused")}
        faults = [{"row": f.row, "field": f.field, "message": str(f.message)} for f in self.faults]
        return counts | {"faults": faults, "notes": [str(n) for n in self.notes]}


def read_rows(data: bytes, name: str, required: Iterable[str] = ()) -> Rows:
    """The rows of a ``.csv`` or ``.json`` file; raises ``InvalidInput`` for what is neither or lacks a column.

    UTF-8 (with or without a mark), UTF-16 with a mark and Windows-1252 are read; comma, semicolon or tab parts cells.
    """
    text, notes = _decode(data)
    if not text.strip():
        raise InvalidInput({"file": [say("The file is empty.")]})
    rows = _json(text) if name.lower().endswith(".json") or text.lstrip()[:1] in ("[", "{") else _csv(text)
    found = {key for row in rows for key in row.values}
    lacking = [column for column in required if column not in found]
    if rows and lacking:
        raise InvalidInput(
            {"file": [say("The column %(column)s is missing; there are: %(columns)s.", column=lacking[0],
                          columns=", ".join(sorted(found)))]}
        )  # fmt: skip
    return Rows(tuple(rows), tuple(notes))


def _decode(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), [say("Read as UTF-16.")]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        note = say("Line %(line)s is not UTF-8; the file was read as Windows-1252. Check the accents.", line=line)
    try:
        return data.decode("cp1252"), [note]
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput(
            {"file": [say("Line %(line)s is neither UTF-8 nor Windows-1252. Save the file as UTF-8.", line=line)]}
        ) from None


def _csv(text: str) -> list[Row]:
    if "\x00" in text:
        raise InvalidInput({"file": [say("The file holds characters that no text has. Save it as CSV in UTF-8.")]})
    first = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [h.strip() for h in next(reader)]
        _check_header(header)
        return list(_records(reader, header))
    except csv.Error as error:
        raise InvalidInput(
            {"file": [say("Line %(line)s cannot be read: %(why)s.", line=reader.line_num, why=str(error))]}
        ) from None


def _check_header(header: Sequence[str]) -> None:
    doubled = sorted({h for h in header if header.count(h) > 1})
    if doubled:
        raise InvalidInput({"file": [say("The column %(column)s stands twice.", column=doubled[0] or "''")]})


def _records(reader: Any, header: Sequence[str]) -> Iterable[Row]:
    start = reader.line_num + 1
    for cells in reader:
        if any(c.strip() for c in cells):
            extra = {"": cells[len(header) :]} if len(cells) > len(header) else {}
            yield Row(start, dict(zip(header, cells, strict=False)) | extra)
        start = reader.line_num + 1


def _json(text: str) -> list[Row]:
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise InvalidInput({"file": [say("Line %(line)s is not valid JSON.", line=line)]}) from None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidInput({"file": [say("The JSON file must be a list of objects: [{...}, {...}].")]})
    return [Row(n, item) for n, item in enumerate(value, start=1)]


def too_many_cells(row: Row) -> Fault | None:
    """The fault of a CSV row with more cells than the header has columns (a comma that wants quotes)."""
    if row.values.get(""):
        return Fault(row.number, "", say("The row has more cells than the header. Put quotes around text with commas."))
    return None
