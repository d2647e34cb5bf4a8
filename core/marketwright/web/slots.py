"""Slots on a page: what plugins fill them with, and what no theme may drop."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from typing import Any

from flask import current_app, g
from markupsafe import Markup, escape

from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import MarketwrightError
from marketwright.strategies.slots import REQUIRED_SLOTS, SLOTS, SlotFill
from marketwright.web.house import house
from marketwright.web.i18n import current_locale

log = logging.getLogger("marketwright.plugins")
MARK = "<!-- required: {} -->"
HOLES = "<!-- slot: "
_NOTHING = Markup()
_HOLE = re.compile(re.escape(HOLES) + "([a-z.]+) -->")


def slot(name: str, id: str, among: Iterable[str] = ()) -> Markup:  # noqa: A002  the word of the domain
    """What plugins show in the slot ``name`` for ``id``; ``among`` are all ids of this page, filled in one call.

    A plugin that fails is logged under its name and shows nothing.
    """
    if name not in SLOTS:
        msg = f"there is no slot {name!r}: {', '.join(SLOTS)}"
        raise LookupError(msg)
    fills = [entry for entry in house().plugins.slots if entry.it.slot == name]
    if not fills:
        return _NOTHING
    if g.get("holes"):
        return Markup(f"{HOLES}{name} -->")  # noqa: S704  a name of the list
    shown = [_shown(entry, _filled(name, number, entry, id, among).get(id)) for number, entry in enumerate(fills)]
    return Markup("").join(shown)


def filled(text: str, id: str, among: Iterable[str]) -> Markup:  # noqa: A002  the word of the domain
    """``text`` with its holes filled: what :func:`slot` left where a text is rendered to be kept (``g.holes``)."""
    return Markup(_HOLE.sub(lambda hole: slot(hole[1], id, among), text))  # noqa: S704  both parts are escaped


def _filled(
    name: str, number: int, entry: Entry[SlotFill], id_: str, among: Iterable[str]
) -> Mapping[str, Mapping[str, Any]]:
    """The values of one fill by id, asked for once a page."""
    if "slots" not in g:
        g.slots = {}
    asked, found = g.slots.setdefault((name, number), (set(), {}))
    if id_ not in asked:
        ids = [i for i in dict.fromkeys([*among, id_]) if i not in asked]
        asked.update(ids)
        found.update(_ask(entry, ids))
    values: Mapping[str, Mapping[str, Any]] = found
    return values


def _ask(entry: Entry[SlotFill], ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    try:
        answer = entry.ask(f"fill {entry.it.slot}", lambda fill: fill.fill(tuple(ids)))
    except MarketwrightError as error:
        log.warning("plugin %s shows nothing in the slot %s: %s", entry.plugin, entry.it.slot, error)
        return {}
    if not isinstance(answer, Mapping) or not all(isinstance(v, Mapping) for v in answer.values()):
        _note(entry, f"fill() returned {type(answer).__name__}, not values by id")
        return {}
    return {i: answer[i] for i in ids if i in answer}


def _shown(entry: Entry[SlotFill], values: Mapping[str, Any] | None) -> Markup:
    if values is None:
        return Markup("")
    began = perf_counter()
    try:
        template = current_app.jinja_env.get_template(f"{entry.plugin}:{entry.it.template}")
        return Markup(template.render({"locale": current_locale(), **values}))  # noqa: S704  autoescape is on
    except Exception as error:
        log.exception("plugin %s failed in its template %s", entry.plugin, entry.it.template)
        _note(entry, f"{entry.it.template}: {type(error).__name__}: {error}", perf_counter() - began)
        return Markup("")


def _note(entry: Entry[SlotFill], error: str, seconds: float = 0.0) -> None:
    log.error("plugin %s shows nothing in the slot %s: %s", entry.plugin, entry.it.slot, error)
    entry.meters.note(entry.plugin, f"fill {entry.it.slot}", seconds, error)


def required(name: str, content: Any = "", caller: Callable[[], Markup] | None = None) -> Markup:
    """``content`` (text, markup, or a list of lines as paragraphs) in a slot that no theme may drop."""
    if name not in REQUIRED_SLOTS:
        msg = f"there is no required slot {name!r}: {', '.join(REQUIRED_SLOTS)}"
        raise LookupError(msg)
    if caller is not None:
        content = caller()
    if isinstance(content, list | tuple):
        content = Markup("\n").join(Markup("<p>{}</p>").format(line) for line in content)
    return Markup(MARK.format(name)) + escape(content)  # noqa: S704  the mark is ours


def mark(name: str) -> str:
    """What stands in the page where the required slot ``name`` is."""
    return MARK.format(name)
