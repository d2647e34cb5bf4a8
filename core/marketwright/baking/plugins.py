"""The questions of a plugin: what each may be answered, and what is wrong with an answer, with the fix."""

import keyword
import re
from collections.abc import Mapping

from marketwright.baking.templates import questions

_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
LONGEST = 140


def kinds() -> tuple[str, ...]:
    """The kinds of plugin that can be baked; the first is the default."""
    return tuple(questions("plugin")["kind"])


def problem(key: str, value: str) -> str:
    """What is wrong with the answer ``value`` to ``key``, with the fix; '' when nothing is."""
    check = {"plugin_name": _name, "kind": _kind, "summary": _summary, "author": _author}.get(key)
    return check(value) if check else ""


def problems(answers: Mapping[str, str]) -> list[str]:
    """One sentence for each answer that could not work: ``key: reason, fix``."""
    return [f"{key}: {said}" for key, value in answers.items() if (said := problem(key, value))]


def _name(value: str) -> str:
    if not _NAME.fullmatch(value) or value.endswith("_") or "__" in value:
        return f"{value!r} must begin with a small letter and hold 2 to 41 small letters, digits and single _."
    return f"{value!r} is a word of Python; choose another one." if keyword.iskeyword(value) else ""


def _kind(value: str) -> str:
    listed = kinds()
    return "" if value in listed else f"there is no kind {value!r}; there are {', '.join(listed)}."


def _summary(value: str) -> str:
    fits = 0 < len(value) <= LONGEST and value.isprintable() and value.endswith(".") and not set('"\\{}') & set(value)
    return "" if fits else f"one sentence of up to {LONGEST} characters with a full stop, without quotes and braces."


def _author(value: str) -> str:
    fits = len(value) <= 100 and (value.isprintable() or not value) and not set('"\\{}') & set(value)
    return "" if fits else "up to 100 characters, without quotes and braces."
