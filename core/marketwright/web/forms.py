"""Forms: what was typed, what it means, what is wrong. A refused form keeps every value as typed.

Rows (milestones, skills) are named ``<list>-<number>-<field>``; their errors carry the same names.
"""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError
from werkzeug.datastructures import MultiDict

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import N_
from marketwright.web.i18n import translate

ABSENT = "Missing data for required field."  # marshmallow's own words, of a field that was not sent at all
FILL_IN = N_("Please fill this in.")
_ROW = re.compile(r"^([a-z_][a-z0-9_]*)-([0-9]{1,3})-([a-z_][a-z0-9_]*)$")


class Form:
    """A form of ``schema``: ``values`` as typed (strings or lists), ``errors`` by field name, ``value`` the result."""

    def __init__(self, schema: Schema, initial: Mapping[str, Any] | None = None) -> None:
        self.schema = schema
        self.values: dict[str, Any] = flatten(initial or {})
        self.errors: dict[str, list[str]] = {}
        self.value: dict[str, Any] = {}
        self.late: Any = None  # what somebody saved meanwhile: web/late.py

    def accept(self, data: MultiDict[str, str]) -> bool:
        """Take what was sent; true when it is valid."""
        self.values = {key: _single(data.getlist(key)) for key in data if key != "csrf_token"}
        lists = {n for n, f in self.schema.load_fields.items() if type(f).__name__ == "List"}
        for name in lists:
            if name in self.values and not isinstance(self.values[name], list):
                self.values[name] = [self.values[name]]
        try:
            self.value = self.schema.load(gather(self.values), unknown=EXCLUDE)
        except ValidationError as error:
            self.errors = {}
            _spread(self.errors, error.messages)
            return False
        return True

    def accept_rows(
        self, data: MultiDict[str, str], rows: str, first: str, *, add: str = "add", remove: str = "remove"
    ) -> bool:  # fmt: skip
        """As :meth:`accept`, where buttons ``add`` and ``remove`` (a row's number) change ``rows``.

        True when it is valid and none was pressed. Afterwards the rows are numbered from 0, as errors number those
        that were not empty; ``first`` is the field of an empty row.
        """
        valid = self.accept(data)
        pressed = self.press_rows(data, rows, first, add=add, remove=remove)
        if pressed:
            self.errors = {}
        return valid and not pressed

    def press_rows(self, data: MultiDict[str, str], rows: str, first: str, *, add: str, remove: str) -> bool:
        """Number ``rows`` as errors do, and add or remove the one whose button was pressed; whether one was."""
        without = data.get(remove, type=int)
        found = [dict(row) for row in gather(self.values).get(rows, []) if isinstance(row, dict)]
        if without is not None and 0 <= without < len(found):
            del found[without]
        found += [{first: ""}] * (add in data)
        plain = {k: v for k, v in self.values.items() if not k.startswith(f"{rows}-")}
        self.values = plain | flatten({rows: found or [{first: ""}]})
        return add in data or without is not None

    def count(self, rows: str) -> int:
        """How many of ``rows`` the form shows."""
        return len({name.split("-")[1] for name in self.values if name.startswith(f"{rows}-")})

    def bring(self, name: str, value: Any) -> None:
        """Let ``value`` stand in the place of what was typed in ``name``, rows included."""
        kept = {k: v for k, v in self.values.items() if k != name and not k.startswith(f"{name}-")}
        self.values = kept | flatten({name: value})

    def refuse(self, error: InvalidInput) -> None:
        """Show the refusal of a service at its fields."""
        for name, messages in error.errors.items():
            self.errors.setdefault(name, []).extend(translate(m) for m in messages)

    def get(self, name: str, default: Any = "") -> Any:
        """What was typed in ``name``."""
        return self.values.get(name, default)

    def rows(self, name: str, least: int = 0) -> list[dict[str, Any]]:
        """The typed rows of the list ``name``, padded to ``least`` with empty ones."""
        found = gather(self.values).get(name, [])
        rows = [r for r in found if isinstance(r, dict)] if isinstance(found, list) else []
        return rows + [{}] * max(0, least - len(rows))


def _single(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


def gather(values: Mapping[str, Any]) -> dict[str, Any]:
    """``a-0-b`` names as lists of dicts, in the order of their numbers; rows with nothing typed are left out."""
    plain: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for key, value in values.items():
        match = _ROW.match(key)
        if match:
            rows.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = value
        else:
            plain[key] = value
    for name, numbered in rows.items():
        plain[name] = [r for _, r in sorted(numbered.items()) if any(str(v).strip() for v in r.values())]
    return plain


def flatten(value: Mapping[str, Any]) -> dict[str, Any]:
    """Lists of dicts as ``a-0-b`` names; ``None`` as an empty box."""
    flat: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, list) and item and isinstance(item[0], dict):
            for i, row in enumerate(item):
                flat.update({f"{key}-{i}-{k}": "" if v is None else v for k, v in row.items()})
        else:
            flat[key] = "" if item is None else item
    return flat


def _spread(errors: dict[str, list[str]], messages: Any, prefix: str = "") -> None:
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            name = "" if key == "_schema" else str(key)
            _spread(errors, value, f"{prefix}-{name}" if prefix and name else prefix or name)
        return
    found = messages if isinstance(messages, list) else [messages]
    errors.setdefault(prefix, []).extend(translate(FILL_IN if m == ABSENT else m) for m in found)
