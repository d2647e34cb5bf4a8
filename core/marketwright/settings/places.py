"""Where in the file a key stands, so that a refusal names its line."""

import re
from pathlib import Path

from marketwright.kernel.errors import BadSetting
from marketwright.settings.marketplace import Marketplace

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_HEAD = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.\"' -]+)")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_AT = re.compile(r"\(at line (\d+), column \d+\)")


def lines(text: str) -> dict[str, int]:
    """The line of every key and table of a TOML file by dotted key; rows of ``[[table]]`` are numbered from 0.

    A reader of lines, not a parser: what stands inside a value of several lines is passed over well enough to point.
    """
    found: dict[str, int] = {}
    above, counts = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if table := _TABLE.match(line):
            above = _dotted(table[2])
            if table[1] == "[[":
                above = _in_row(above, counts)
                counts[above] = counts.get(above, -1) + 1
                found.setdefault(above, number)
                above = f"{above}.{counts[above]}"
            else:
                above = _in_row(above, counts)
            found.setdefault(above, number)
        elif key := _KEY.match(line):
            found.setdefault(f"{above}.{_dotted(key[1])}" if above else _dotted(key[1]), number)
    return found


def _dotted(written: str) -> str:
    return ".".join(p.strip().strip("\"'") for p in written.split("."))


def _in_row(table: str, counts: dict[str, int]) -> str:
    row = next((a for a in sorted(counts, key=len, reverse=True) if table.startswith(f"{a}.")), "")
    return f"{row}.{counts[row]}{table[len(row) :]}" if row else table


def line_of(file: Path, key: str) -> int:
    """The line of ``key`` in ``file``, or of the nearest table above it; 0 when none is there."""
    try:
        found = lines(file.read_text("utf-8"))
    except OSError:
        return 0
    while key:
        if key in found:
            return found[key]
        key = key.rpartition(".")[0]
    return 0


def key_at(text: str, message: str) -> tuple[int, str]:
    """The line that tomllib complains of, and the key that begins there or before; (0, '') when it names none."""
    at = _AT.search(message)
    if at is None:
        return 0, ""
    number = int(at[1])
    rows = text.splitlines()
    if number <= len(rows) and (head := _HEAD.match(rows[number - 1])):  # the head of a table, perhaps half of one
        return number, _dotted(head[1])
    known = [(n, key) for key, n in lines(text).items() if n <= number]
    return number, max(known)[1] if known else ""


def spot(file: Path, key: str) -> str:
    """``<file>: <key> (line <n>)``."""
    number = line_of(file, key)
    return f"{file}: {key}" + (f" (line {number})" if number else "")


def placed(error: BadSetting, marketplace: Marketplace) -> BadSetting:
    """``error`` with the place of its first key: the line of the file, or that the console said it."""
    source = marketplace.source
    key = next(iter(error.errors), "")
    if not key:
        return error
    if any(k == key or key.startswith(f"{k}.") or k.startswith(f"{key}.") for k in source.overlay):
        where = f"the console's settings: {key}"
    elif source.file is not None and line_of(source.file, key):
        where = spot(source.file, key)
    else:
        return error
    return BadSetting(error.sentence, where=where, fix=error.fix, errors=error.errors)
