"""Reading the cells of one row: each mistake becomes a fault with the row's number, and reading goes on."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from marketwright.kernel.money import BadAmount, money
from marketwright.kernel.rows import Fault, Row, too_many_cells
from marketwright.kernel.text import Text, say

_FORMULA = ("=", "@", "\t")
_MONTH = re.compile(r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")


class Cells:
    """One row being read. Files speak to machines: dates are ISO, the point of a number is a point."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = []
        crowded = too_many_cells(row)
        if crowded:
            self.faults.append(crowded)

    def wrong(self, column: str, sentence: Text) -> None:
        """Note that ``column`` is wrong."""
        self.faults.append(Fault(self.row.number, column, sentence))

    def text(self, column: str, *, longest: int, required: bool = False) -> str:
        """Text without control characters."""
        found = self.row.text(column).replace("\r\n", "\n")
        if required and not found:
            self.wrong(column, say("This is missing."))
        if len(found) > longest:
            self.wrong(column, say("At most %(n)s characters, this has %(has)s.", n=longest, has=len(found)))
        if found.startswith(_FORMULA) or any(ord(c) < 32 and c not in "\n\t" for c in found):
            self.wrong(column, say("This may not begin like a formula or hold control characters."))
        return found

    def one_of(self, column: str, allowed: Iterable[str], default: str) -> str:
        """One of ``allowed``; ``default`` for an empty cell."""
        found = self.row.text(column) or default
        if found not in set(allowed):
            self.wrong(column, say("One of %(words)s, please.", words=", ".join(sorted(allowed))))
        return found

    def whole(self, column: str, least: int, most: int) -> int | None:
        """A whole number; ``None`` for an empty cell."""
        found = self.row.text(column)
        if not found:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", found, re.ASCII) or not least <= int(found) <= most:
            self.wrong(column, say("A whole number from %(least)s to %(most)s, please.", least=least, most=most))
            return None
        return int(found)

    def day(self, column: str) -> date | None:
        """A date as ``2026-12-31``; ``None`` for an empty cell."""
        found = self.row.text(column)
        try:
            return date.fromisoformat(found) if found else None
        except ValueError:
            self.wrong(column, say("A date like 2026-12-31, please."))
            return None

    def amount(self, column: str, currency: str, *, required: bool = False) -> int | None:
        """An amount of ``currency`` in major units (``650`` or ``650.50``), as minor units."""
        found = self.row.text(column)
        if not found:
            if required:
                self.wrong(column, say("This is missing."))
            return None
        try:
            if not re.fullmatch(r"[0-9]+([.][0-9]+)?", found, re.ASCII):
                raise BadAmount(found)
            value = money(Decimal(found), currency).amount
        except (BadAmount, InvalidOperation):
            value = 0
        if value <= 0:
            self.wrong(column, say("An amount like 650.50, please."))
            return None
        return value

    def yes(self, column: str, *, default: bool) -> bool:
        """Yes or no, in the words that people use in files."""
        found = self.row.text(column).casefold()
        if found in ("1", "true", "yes", "oui", "vrai", "x"):
            return True
        if found in ("0", "false", "no", "non", "faux"):
            return False
        if found:
            self.wrong(column, say("yes or no, please."))
        return default

    def items(self, column: str) -> list[Any]:
        """Several: a JSON list as it is, or the parts of a cell between bars."""
        found = self.row.values.get(column)
        if isinstance(found, list):
            return found
        return [part.strip() for part in self.row.text(column).split("|") if part.strip()]

    def month(self, column: str, text: str) -> str:
        """``text`` as a month ``2023-05``, or empty; what is neither is a fault of ``column``."""
        if text and not _MONTH.match(text):
            self.wrong(column, say("A month like 2023-05, please."))
            return ""
        return text

    def own(self) -> dict[str, Any]:
        """The niche's own fields: an object ``fields``, or columns ``fields.<name>``."""
        found = self.row.values.get("fields")
        given = dict(found) if isinstance(found, dict) else {}
        for column, value in self.row.values.items():
            if column.startswith("fields.") and str(value or "").strip():
                parts = str(value).split("|")
                given[column.removeprefix("fields.")] = [p.strip() for p in parts] if len(parts) > 1 else value
        return given
