"""Settings as text, to carry from one stage to another, and what differs between two."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomli_w

from marketwright.kernel.errors import BadSetting
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.overlay import in_force, merge, tables

ABSENT = None
_ADDRESSES = ("marketplace.database", "mail.smtp")


def exported(marketplace: Marketplace, *, changes_only: bool = False) -> dict[str, Any]:
    """The tables of the file with the console's changes in them (``changes_only``: those alone); no password."""
    source = marketplace.source
    data = {} if changes_only else tables(source.base or marketplace)
    made = merge(data, source.overlay)
    for key in _ADDRESSES:
        table, _, name = key.partition(".")
        if name in made.get(table, {}) and urlsplit(str(made[table][name])).password:
            made[table] = {k: v for k, v in made[table].items() if k != name}
    return made


def to_toml(data: Mapping[str, Any]) -> str:
    """``data`` as a marketplace.toml."""
    return tomli_w.dumps(_without_none(data), multiline_strings=True)


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_without_none(v) for v in value]
    return value


def read_other(path: Path) -> dict[str, Any]:
    """The tables of another stage: a folder, a marketplace.toml, or what ``config export`` wrote (TOML or JSON)."""
    file = path / "marketplace.toml" if path.is_dir() else path
    try:
        text = file.read_text("utf-8")
        found: dict[str, Any] = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except OSError as error:
        raise BadSetting(f"it cannot be read: {error.strerror}.", where=str(file),
                         fix="Name a folder, a marketplace.toml, or a file of `config export`.") from error  # fmt: skip
    except (ValueError, UnicodeDecodeError) as error:
        raise BadSetting(f"neither TOML nor JSON: {error}.", where=str(file)) from error
    return found


def difference(marketplace: Marketplace, other: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(key, here, there) of every key whose values in force differ, defaults filled in on both sides."""
    here = in_force(marketplace)
    there = in_force(other)
    return [
        (key, here.get(key, ABSENT), there.get(key, ABSENT))
        for key in dict.fromkeys((*here, *there))
        if here.get(key, ABSENT) != there.get(key, ABSENT)
    ]


def hidden(key: str, value: Any) -> Any:
    """``value`` as it may be shown: without the password of an address."""
    if key not in _ADDRESSES or not isinstance(value, str):
        return value
    password = urlsplit(value).password
    return value.replace(f":{password}@", ":***@") if password else value
