"""Late saves: a form remembers what it began with, so that what was saved meanwhile is seen and not overwritten.

A form is made of parts. Where somebody else changed a part that its writer left alone, theirs stays; where both changed
it, the save is :class:`~marketwright.kernel.errors.Overtaken`.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from marketwright.kernel.errors import Overtaken
from marketwright.kernel.frozen import dataclass

_WRITTEN = re.compile(r"[0-9]{1,18}(?: [^\s=]{1,200}=[0-9a-f]{12})*")
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Began:
    """The newest deed on its thing when a form was opened (0: none, or nobody asks), and a mark of each part then."""

    after: int
    marks: Mapping[str, str]

    def __str__(self) -> str:
        """As a form sends it."""
        return " ".join([str(self.after), *(f"{name}={mark}" for name, mark in self.marks.items())])


def begin(parts: Mapping[str, Any], after: int = 0) -> Began:
    """What a form that shows ``parts`` begins with."""
    return Began(after, {name: mark(value) for name, value in parts.items()})


def read_began(text: str) -> Began | None:
    """What a form sent; ``None`` where it sent none, or something else."""
    if len(text) > LONGEST or not _WRITTEN.fullmatch(text):
        return None
    after, *marks = text.split(" ")
    return Began(int(after), dict(m.split("=", 1) for m in marks))


def mark(value: Any) -> str:
    """A few letters that differ where ``value`` does; all that is empty is alike."""
    return sha256(json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        found = {str(k): p for k, v in value.items() if (p := _plain(v)) is not None}
        return found or None
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value] or None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return int(value) if value == int(value) else float(value)
    return None if value in ("", False) else value


def joined(
    typed: Mapping[str, Any], *, stored: Mapping[str, Any], began: Began | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """``typed`` with what others changed meanwhile where it was left alone, and the names of these parts.

    ``Overtaken`` names the parts that both changed. Without ``began`` nobody asks, and ``typed`` stands.
    """
    found, taken, both = dict(typed), [], []
    for name, value in typed.items():
        then = began.marks.get(name) if began else None
        now, mine = mark(stored.get(name)), mark(value)
        if then is None or then == now or mine == now:
            continue
        if mine == then:
            found[name] = stored.get(name)
            taken.append(name)
        else:
            both.append(name)
    if both:
        raise Overtaken(both, taken)
    return found, tuple(taken)
