"""What a form of the settings says where somebody changed them while it was being filled."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request

from marketwright.features.overlay import queries
from marketwright.features.overlay.changing import overtaken
from marketwright.kernel.errors import Conflict, Overtaken
from marketwright.kernel.late import begin, mark, read_began
from marketwright.web.house import house
from marketwright.web.i18n import gettext
from marketwright.web.late import BEGAN, who_and_when


def sent_seen() -> int | None:
    """The version of the settings that the sent form showed."""
    typed = request.form.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def seen_now(*, late: bool) -> int:
    """The version that a form is to send: the one that it began with, unless it has just shown what came after."""
    sent = sent_seen()
    if sent is not None and not late:
        return sent
    with house().database.reading() as session:
        return queries.overlay(session, house().clock.business()).version


def refusal(error: Conflict) -> str:
    """Who changed what the form changes too, in a sentence; its writer reads what to do."""
    keys: Iterable[str] = error.parts if isinstance(error, Overtaken) else ()
    with house().database.reading() as session:
        later = queries.changed_since(session, sent_seen() or 0)
    theirs = [deed for key, deed in later.items() if overtaken([key], keys)] or list(later.values())
    kept = gettext(
        "What you typed stands here: saving again puts yours in its place. The history shows what was saved."
    )
    return f"{who_and_when(max(theirs, key=lambda d: d.at, default=None))} {kept}"


def began_with(values: Mapping[str, Any]) -> str:
    """What a form that shows ``values`` sends of them."""
    return str(begin(values))


def left_alone(typed: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of ``now`` that were changed since the sent form was opened, and that its writer left as they were."""
    began = read_began(request.form.get(BEGAN, ""))
    if began is None:
        return []
    found = [n for n in now if began.marks.get(n) == mark(typed.get(n))]
    return [n for n in found if began.marks[n] != mark(now[n])]
