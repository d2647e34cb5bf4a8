"""Picking skills in a form without a script: typed words become rows, rows can be taken away again.

The list ``<name>`` of a form has rows ``<name>-<n>-key`` (with level, years, kind); ``<name>_new`` holds typed words,
``<name>_add`` and ``<name>_remove`` are the buttons. Whatever else was typed stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from marketwright.features.skills import queries
from marketwright.kernel.frozen import dataclass
from marketwright.web.forms import Form
from marketwright.web.i18n import gettext

_PARTS = re.compile(r"[,;\n|]")
MOST = 40


@dataclass(frozen=True, slots=True)
class Picked:
    """One row of the list as the page shows it; ``level``, ``years`` and ``kind`` as typed."""

    key: str
    label: str
    level: str = ""
    years: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Picker:
    """What the list needs around its rows: suggestions (key, label), and every label that the browser may offer."""

    rows: list[Picked]
    suggestions: list[tuple[str, str]]
    all: list[str]


def press(session: Session, form: Form, name: str, locale: str, *, kind: str = "") -> bool:
    """Do what a pressed button of the list asks: true when there was one, and the page is shown again.

    Words left in the box when the whole form is sent are taken as well; those that name no skill are errors with
    suggestions. ``kind`` is what a new row begins with.
    """
    removed, added = form.get(f"{name}_remove", ""), form.values.get(f"{name}_add")
    rows = form.rows(name)
    if removed:
        rows = [r for r in rows if r.get("key") != removed]
    rows = _with(rows, [str(added)], kind) if added else _take_words(session, form, name, locale, rows, kind)
    if len(rows) > MOST:
        rows = rows[:MOST]
        form.errors.setdefault(name, []).append(gettext("At most %(n)s skills.", n=MOST))
    _put(form, name, rows)
    return bool(removed) or added is not None


def _take_words(
    session: Session, form: Form, name: str, locale: str, rows: list[dict[str, Any]], kind: str
) -> list[dict[str, Any]]:
    words = [w.strip() for w in _PARTS.split(str(form.get(f"{name}_new"))) if w.strip()]
    if not words:
        return rows
    found = queries.exact(session, words, locale)
    lost = [w for w in words if w not in found]
    form.values[f"{name}_new"] = ", ".join(lost)
    for word in lost[:5]:
        close = ", ".join(row.label for row in queries.near(session, word, locale))
        form.errors.setdefault(name, []).append(
            gettext("“%(word)s” is not a skill we know. Did you mean: %(close)s?", word=word, close=close)
            if close
            else gettext("“%(word)s” is not a skill we know, and nothing is spelt like it.", word=word)
        )
    return _with(rows, [found[w].id for w in words if w in found], kind)


def _with(rows: list[dict[str, Any]], keys: Sequence[str], kind: str) -> list[dict[str, Any]]:
    there = {r.get("key") for r in rows}
    return rows + [{"key": k, "level": "", "years": "", "kind": kind} for k in dict.fromkeys(keys) if k not in there]


def _put(form: Form, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows back, numbered from 0."""
    for old in [k for k in form.values if re.match(rf"{name}-\d+-", k)]:
        del form.values[old]
    for n, row in enumerate(rows):
        form.values.update({f"{name}-{n}-{part}": value for part, value in row.items()})


def picker(session: Session, form: Form, name: str, locale: str) -> Picker:
    """The list as the page shows it; a key that names no skill (any more) is left out."""
    rows = form.rows(name)
    keys = [str(r.get("key", "")) for r in rows]
    labels = queries.labels(session, keys, locale)
    known = [r for r in rows if r.get("key") in labels]
    if len(known) != len(rows):
        _put(form, name, known)
    shown = [
        Picked(str(r["key"]), labels[str(r["key"])], *(str(r.get(p, "") or "") for p in ("level", "years", "kind")))
        for r in known
    ]
    beside = [(r.id, r.label) for r in queries.related(session, labels, locale)]
    close = [
        (row.id, row.label)
        for word in _PARTS.split(str(form.get(f"{name}_new"))) if word.strip()
        for row in queries.near(session, word, locale) if row.id not in labels
    ]  # fmt: skip
    return Picker(shown, list(dict.fromkeys(close + beside))[:10], queries.common(session, locale))
