"""Changing the list `plugins` in marketplace.toml itself: one place in the text, the rest stays as it is."""

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from marketwright.kernel.errors import BadSetting

_LIST = re.compile(r"^plugins[ \t]*=[ \t]*\[[^\]]*\]", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def with_plugins(text: str, names: Sequence[str]) -> str:
    """``text`` of a marketplace.toml with the list `plugins` changed; ``BadSetting`` where it cannot be found."""
    line = f"plugins = {json.dumps(list(names), ensure_ascii=False)}"
    found = _LIST.search(text)
    first = _TABLE.search(text)
    if found and (first is None or found.start() < first.start()):
        made = text[: found.start()] + line + text[found.end() :]
    else:
        made = f"{line}\n{text}"
    try:
        said = tomllib.loads(made).get("plugins")
    except tomllib.TOMLDecodeError:
        said = None
    if said != list(names):
        raise BadSetting("the list `plugins` cannot be changed here.", where="marketplace.toml",
                         fix="Write it on one line at the top, or edit it yourself.", key="plugins")  # fmt: skip
    return made


def write(file: Path, text: str) -> None:
    """Replace ``file`` at once."""
    half = file.with_name(f".{file.name}.half")
    half.write_text(text, "utf-8")
    half.replace(file)
