"""Where the templates lie: beside the package in a checkout, inside it in a wheel."""

import json
from pathlib import Path
from typing import Any

from marketwright.kernel.errors import BadSetting

_PACKAGE = Path(__file__).parent.parent
PLACES = (_PACKAGE.parent.parent / "templates-cookiecutter", _PACKAGE / "templates_cookiecutter")


def template_folder(kind: str) -> Path:
    """The cookiecutter template of a ``kind``: ``marketplace``, ``plugin`` or ``theme``; ``BadSetting`` without."""
    for place in PLACES:
        if (place / kind / "cookiecutter.json").is_file():
            return place / kind
    raise BadSetting(f"there is no template {kind!r}.", where="marketwright new",
                     fix="Install marketwright again: its templates are part of the package.")  # fmt: skip


def questions(kind: str) -> dict[str, Any]:
    """The questions of a template with their defaults, as its ``cookiecutter.json`` has them, without private keys."""
    asked = json.loads((template_folder(kind) / "cookiecutter.json").read_text("utf-8"))
    return {key: default for key, default in asked.items() if not key.startswith("_")}


def prompts(kind: str) -> dict[str, str]:
    """What each question of a template asks, in words."""
    return {key: said if isinstance(said, str) else said["__prompt__"] for key, said in _prompts(kind).items()}


def explained(kind: str, key: str) -> dict[str, str]:
    """What each choice of the question ``key`` is, in words, where its template says so."""
    said = _prompts(kind).get(key, "")
    words = {} if isinstance(said, str) else {k: v for k, v in said.items() if k != "__prompt__"}
    return {choice: text.removeprefix(f"{choice}: ") for choice, text in words.items()}


def _prompts(kind: str) -> dict[str, Any]:
    asked = json.loads((template_folder(kind) / "cookiecutter.json").read_text("utf-8"))
    return dict(asked.get("__prompts__", {}))
