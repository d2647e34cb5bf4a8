"""The questions of a theme: what each may be answered, and what is wrong with an answer, with the fix."""

import keyword
import re
from collections.abc import Mapping

from marketwright.kernel.packages import offered

NONE = "none"
MOST_ROUND = 40
_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def parents() -> tuple[str, ...]:
    """What a theme may be made from: ``none``, or an installed theme."""
    return (NONE, *sorted({p.name for p in offered("marketwright.themes")}))


def problem(key: str, value: str) -> str:
    """What is wrong with ``value`` as the answer to ``key``, in a sentence with the fix; '' when nothing is."""
    checks = {"theme_name": _name, "brand_colour": _colour, "roundness": _round, "parent": _parent, "author": _author}
    return checks[key](value) if key in checks else ""


def problems(answers: Mapping[str, str]) -> list[str]:
    """A line for each answer that could not work: ``key: reason, fix``."""
    return [f"{key}: {said}" for key, value in answers.items() if (said := problem(key, value))]


def _name(value: str) -> str:
    if not _NAME.fullmatch(value) or value.endswith("_") or "__" in value:
        return f"{value!r} must begin with a small letter and hold 2 to 41 small letters, digits and single _."
    return f"{value!r} is a word of Python; choose another one." if keyword.iskeyword(value) else ""


def _colour(value: str) -> str:
    return "" if _COLOUR.fullmatch(value) else f"{value!r} is no colour; write it as #2f5d8a."


def _round(value: str) -> str:
    fits = value.isascii() and value.isdigit() and int(value) <= MOST_ROUND
    return "" if fits else f"{value!r} is no number of pixels from 0 to {MOST_ROUND}."


def _parent(value: str) -> str:
    return "" if value in parents() else f"no theme {value!r} is installed; there are {', '.join(parents())}."


def _author(value: str) -> str:
    fits = len(value) <= 100 and (value.isprintable() or not value) and not set('"\\{}') & set(value)
    return "" if fits else "up to 100 characters, without quotes and braces."
