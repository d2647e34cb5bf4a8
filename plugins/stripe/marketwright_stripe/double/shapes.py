"""Objects with every field that Stripe's published examples have (``shapes.json``, MIT, see its notice)."""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _examples() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("shapes.json").read_text("utf-8"))
    return found


def fresh(kind: str, /, **values: Any) -> dict[str, Any]:
    """An object of ``kind`` with all its fields; what is not given is empty as Stripe leaves it empty."""
    made = {name: _empty(name, example) for name, example in _examples()[kind].items()}
    unknown = set(values) - set(made)
    if unknown:
        msg = f"{kind} has no field {sorted(unknown)[0]!r} in Stripe's examples"
        raise KeyError(msg)
    return {**made, **deepcopy(values), "object": kind}


def _empty(name: str, example: Any) -> Any:
    if name in ("metadata",):
        return {}
    if isinstance(example, bool):
        return False
    if isinstance(example, list):
        return []
    if isinstance(example, int) and (name.startswith("amount") or name in ("fee", "net", "pending")):
        return 0
    if isinstance(example, dict) and example.get("object") == "list":
        return {"object": "list", "data": [], "has_more": False, "url": example.get("url", "")}
    return None
