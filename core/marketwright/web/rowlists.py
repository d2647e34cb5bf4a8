"""Lists of rows in a form without a script: adding one, taking one away, and numbering them anew.

Rows are named ``<list>-<number>-<field>``; the buttons send ``<list>_add``, or ``<list>_remove`` with a number.
"""

import re
from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from marketwright.web.forms import Form


def tidy(data: MultiDict[str, str], *names: str) -> MultiDict[str, str]:
    """``data`` without the removed and the empty rows of ``names``, the others numbered from 0 in their order.

    Done before a form takes the data, so that the numbers in its errors are those of the page.
    """
    kept: MultiDict[str, str] = MultiDict(data)
    for name in names:
        rows = _rows(data, name)
        for key in [k for k in kept if _number(k, name) is not None]:
            kept.poplist(key)
        removed = data.get(f"{name}_remove", "")
        left = [r for n, r in sorted(rows.items()) if str(n) != removed and any(v.strip() for _, v in r)]
        for number, row in enumerate(left):
            for field, value in row:
                kept.add(f"{name}-{number}-{field}", value)
    return kept


def pressed(data: MultiDict[str, str], *names: str) -> bool:
    """Whether a button of one of the lists sent the form, rather than its own."""
    return any(f"{name}_add" in data or f"{name}_remove" in data for name in names)


def count(form: Form, name: str, *, least: int = 0) -> int:
    """How many rows to show: those typed, one more where it was asked for, and ``least`` at least."""
    return max(least, len(form.rows(name)) + (1 if f"{name}_add" in form.values else 0))


def _rows(data: MultiDict[str, str], name: str) -> dict[int, list[tuple[str, str]]]:
    rows: dict[int, list[tuple[str, str]]] = {}
    for key, value in _items(data):
        number = _number(key, name)
        if number is not None:
            rows.setdefault(number, []).append((key.split("-", 2)[2], value))
    return rows


def _items(data: MultiDict[str, str]) -> Iterable[tuple[str, str]]:
    return data.items(multi=True)


def _number(key: str, name: str) -> int | None:
    match = re.fullmatch(rf"{re.escape(name)}-([0-9]{{1,3}})-[a-z_]+", key)
    return int(match[1]) if match else None
