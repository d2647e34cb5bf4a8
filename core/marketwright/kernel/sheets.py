"""Cells of files that people open in a spreadsheet."""

from datetime import datetime

from marketwright.kernel.money import Money
from marketwright.kernel.time import iso

# What makes a spreadsheet run a cell, full-width forms too; a line break may begin a new row in careless readers.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """One value: amounts in major units, instants as ISO 8601; text that a spreadsheet would run is quoted (S37)."""
    if isinstance(value, Money):
        return str(value.decimal)
    if isinstance(value, datetime):
        return iso(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_ACTIVE) else text
