"""Changing the list `plugins` in marketplace.toml itself: one place in the text, the rest stays as it is."""

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from marketwright.kernel.errors import BadSetting

_LIST = re.compile(r"^plugins[ \t]*=[ \t]*\[[^\]]*\]", re.MULTILINE)
_ITEM = re.compile(r"""(?P<indent>[ \t]*)["'](?P<name>[A-Za-z0-9_-]+)["'][ \t]*(?P<comma>,?)[ \t]*(?:\#.*)?""")
_ITEMS = re.compile(r"""["']""")
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def with_plugins(text: str, names: Sequence[str]) -> str:
    """``text`` of a marketplace.toml with the list `plugins` changed; ``BadSetting`` where it cannot be found."""
    found = _LIST.search(text)
    first = _TABLE.search(text)
    if found and (first is None or found.start() < first.start()):
        made = text[: found.start()] + _rewritten(found[0], names) + text[found.end() :]
    else:
        made = f"{_on_one_line(names)}\n{text}"
    try:
        said = tomllib.loads(made).get("plugins")
    except tomllib.TOMLDecodeError:
        said = None
    if said != list(names):
        raise BadSetting("the list `plugins` cannot be changed here.", where="marketplace.toml",
                         fix="Write it on one line at the top, or edit it yourself.", key="plugins")  # fmt: skip
    return made


def _on_one_line(names: Sequence[str]) -> str:
    return f"plugins = {json.dumps(list(names), ensure_ascii=False)}"


def _rewritten(list_: str, names: Sequence[str]) -> str:
    """The list with ``names`` in it: one name a line stays so, with its comments; else it is one line."""
    head, *lines = list_.split("\n")
    known = {found["name"]: found for line in lines if (found := _ITEM.fullmatch(line))}
    mixed = any(_ITEMS.search(line.partition("#")[0]) and not _ITEM.fullmatch(line) for line in lines)
    if not known or mixed or _ITEMS.search(head):
        return _on_one_line(names)
    kept = [name for name in names if name in known]
    if kept != [name for name in known if name in names]:
        return _on_one_line(names)  # another order
    end = lines.pop()
    inner = [line for line in lines if not (found := _ITEM.fullmatch(line)) or found["name"] in names]
    last = max((n for n, line in enumerate(inner) if _ITEM.fullmatch(line)), default=len(inner) - 1)
    inner[: last + 1] = [_with_comma(line) for line in inner[: last + 1]]
    indent = next(iter(known.values()))["indent"]
    fresh = [f"{indent}{json.dumps(name, ensure_ascii=False)}," for name in names if name not in known]
    return "\n".join([head, *inner[: last + 1], *fresh, *inner[last + 1 :], end])


def _with_comma(line: str) -> str:
    """A line of the list with the comma that a name after it needs."""
    found = _ITEM.fullmatch(line)
    if found is None or found["comma"]:
        return line
    return line[: found.end("name") + 1] + "," + line[found.end("name") + 1 :]


def write(file: Path, text: str) -> None:
    """Replace ``file`` at once."""
    half = file.with_name(f".{file.name}.half")
    half.write_text(text, "utf-8")
    half.replace(file)
