"""Who changed which setting, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.deeds import who_words
from marketwright.features.operator.drafts import value_words
from marketwright.features.operator.pages.base import argument, pages, show
from marketwright.features.operator.pages.settings import CHANGE, READ, tabs
from marketwright.features.overlay import changing, queries
from marketwright.features.overlay.queries import ChangeRow, Overlay
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.errors import sentence
from marketwright.web.house import actor, house, reading, the_viewer
from marketwright.web.i18n import _
from marketwright.web.render import tell

_AS_FILE = N_("as the file says")


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version: who, when, why, and (key, before, after) of each key."""

    number: int
    by: str
    at: datetime
    starts: datetime | None
    note: str
    undoes: int | None
    undone_by: int | None
    keys: list[tuple[str, str, str]]
    undoable: bool


@dataclass(frozen=True, slots=True)
class HistoryContext:
    """The versions, newest first; of one key alone when ``key`` is set."""

    tabs: list[tuple[str, str, bool, int | None]]
    versions: list[VersionCard]
    key: str
    seen: int
    editable: bool


@pages.get("/settings/history", READ)
def settings_history() -> BaseResponse:
    """All changes of the settings."""
    session, now, key = reading(), house().clock.business(), argument("key", 200)
    saved = queries.overlay(session, now)
    rows = queries.history(session, key=key)
    numbers = list(dict.fromkeys(r.version for r in rows))
    cards = [_card([r for r in rows if r.version == n], saved, now) for n in numbers]
    editable = the_viewer().may("settings.change")
    return show("settings_history.html", HistoryContext(tabs("history"), cards, key, saved.version, editable))


@pages.post("/settings/history/<int:version>/undo", CHANGE.objects("versions of the settings; none there is 404"))
def settings_undo(version: int) -> BaseResponse:
    """Take a version back."""
    try:
        changing.undo(house(), actor(), version)
    except InvalidInput as error:
        tell(sentence(error), "error")
    else:
        tell(_("Undone, and in force."))
    return redirect(url_for("operator.settings_history", key=request.args.get("key") or None), 303)


def _card(rows: Sequence[ChangeRow], saved: Overlay, now: datetime) -> VersionCard:
    first = rows[0]
    held = all(r.after is None or (h := saved.saved.get(r.key)) is None or h.version == r.version for r in rows)
    later = first.starts_at > now
    return VersionCard(
        first.version, who_words(first.actor, first.actor_name), first.at,
        first.starts_at if first.starts_at > first.at else None, first.note, first.undoes, first.undone_by,
        [(r.key, _said(r.before), _said(r.after)) for r in rows],
        first.undone_by is None and (first.undoes is not None or held or later),
    )  # fmt: skip


def _said(change: dict[str, Any] | None) -> str:
    return _(_AS_FILE) if change is None else value_words(change["value"])
