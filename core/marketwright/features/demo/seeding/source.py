"""The demo data of a plugin: JSON files in its ``demo/`` folder, read once."""

import json
from dataclasses import field
from pathlib import Path
from typing import Any

from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.frozen import dataclass

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """People, organisations, missions and texts of one niche; its services and the deals on its own course, if any."""

    folder: Path
    people: list[Json]
    organisations: list[Json]
    missions: list[Json]
    texts: Json
    services: list[Json] = field(default_factory=list)
    deals: list[Json] = field(default_factory=list)


def find_source(plugins: Plugins) -> Source | None:
    """The demo data of the first enabled plugin that brings some; ``None`` without."""
    for plugin in plugins.enabled:
        folder = plugin.folder / "demo" if plugin.folder else None
        if folder is not None and (folder / "missions.json").is_file():
            return read_source(folder)
    return None


def read_source(folder: Path) -> Source:
    """The demo data in ``folder``; a file that is no JSON is named."""
    people = [p for file in sorted((folder / "people").glob("*.json")) for p in _json(file)]
    return Source(
        folder, people, _json(folder / "organisations.json"), _json(folder / "missions.json"),
        _json(folder / "texts.json"),
        *(_json(folder / name) if (folder / name).is_file() else [] for name in ("services.json", "deals.json")),
    )  # fmt: skip


def suits(text: Json, mission: Json) -> bool:
    """Whether a text of the demo data fits a mission: it names no field of the brief that says otherwise there."""
    return all(text.get(name, value) == value for name, value in mission["fields"].items())


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadSetting(f"the demo data cannot be read: {error}.", where=str(file)) from error
