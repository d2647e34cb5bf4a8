"""Conclusions as JSON and back, and asking a plugin for one. Plugins are asked before a unit of work opens."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marketwright.hooks.manager import Entry
from marketwright.strategies.fields import Field
from marketwright.strategies.questionnaires import Conclusion, Duty, Questionnaire


def conclude(entry: Entry[Questionnaire], sets: Field, answers: Mapping[str, Any], today: date) -> Conclusion:
    """What the plugin makes of ``answers``; ``PluginFailed`` where it is none of the choices of the field it sets."""
    found = entry.ask("conclude", lambda q: q.conclude(answers, today))
    if not isinstance(found, Conclusion) or found.value not in {value for value, _ in sets.choices}:
        raise entry.failed("conclude", f"it came to {found!r}, no choice of the field {sets.name!r}")
    return found


def to_json(conclusion: Conclusion) -> dict[str, Any]:
    """``conclusion`` as plain JSON values."""
    return {
        "value": conclusion.value, "headline": str(conclusion.headline),
        "reasons": [str(r) for r in conclusion.reasons],
        "duties": [
            {"text": str(d.text), "since": d.since.isoformat() if d.since else "", "source": d.source}
            for d in conclusion.duties
        ],
        "as_of": conclusion.as_of.isoformat() if conclusion.as_of else "",
    }  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Conclusion:
    """The conclusion that :func:`to_json` wrote."""
    return Conclusion(
        data["value"], data["headline"], tuple(data["reasons"]),
        tuple(Duty(d["text"], _day(d["since"]), d["source"]) for d in data["duties"]), _day(data["as_of"]),
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
