"""Asking several strategies in turn at the price of one call."""

import logging
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from time import perf_counter
from typing import Any, TypeVar

from marketwright.hooks.calls import QUICK, TRUSTED, Question, call_in_turn, take_quickly, trusted
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import MarketwrightError, PluginFailed
from marketwright.kernel.guard import unit_is_open
from marketwright.kernel.kept import kept_for_last

log = logging.getLogger("marketwright.plugins")
S = TypeVar("S")
R = TypeVar("R")


@lru_cache(maxsize=1024)
def _which(what: str, name: str) -> str:
    return f"{what} {name}"


@kept_for_last
def _counted(entries: Sequence[Entry[Any]], what: str) -> tuple[bool, list[tuple[str, str]]]:
    """(whether all are of one plugin, under which the calls of each are counted)."""
    first = entries[0]
    alike = all(e.meters is first.meters and e.plugin == first.plugin for e in entries)
    return alike, [(e.plugin, _which(what, getattr(e.it, "name", ""))) for e in entries]


def ask_in_turn(questions: Sequence[tuple[Entry[S], str, Callable[[S], R]]]) -> list[R | MarketwrightError]:
    """Several calls of plugins at the price of one (P2): what each answers, or what went wrong with it.

    A plugin that fails or hangs costs its own answer alone.
    """
    _refuse_in_unit(questions[0][0], questions[0][1])
    named = [
        (e.meters, e.plugin, what, _which(what, getattr(e.it, "name", "")), partial(question, e.it))
        for e, what, question in questions
    ]
    quick = all(trusted(meters, plugin, which) for meters, plugin, _, which, _ in named)
    answers = take_quickly(named) if quick else call_in_turn([Question(*one) for one in named])
    return [_answer(e, what, given) for (e, what, _), given in zip(questions, answers, strict=True)]


def ask_all(entries: Sequence[Entry[S]], what: str, question: Callable[[S], R]) -> list[R | MarketwrightError]:
    """One question to several strategies, as by :func:`ask_in_turn`; those that were always quick cost next to none."""
    if not entries:
        return []
    first = entries[0]
    _refuse_in_unit(first, what)
    alike, keys = _counted(entries, what)
    for e, key in zip(entries, keys, strict=True):
        if e.meters.quick.get(key, 0) < TRUSTED:
            return ask_in_turn([(e, what, question) for e in entries])
    found: list[R | MarketwrightError] = []
    failed: dict[int, str] = {}
    before, longest = perf_counter(), 0.0
    times = [before]
    for e in entries:
        try:
            found.append(question(e.it))
        except BaseException as raised:  # noqa: BLE001  sys.exit() in a plugin ends the call, not the site
            failed[len(found)] = f"{type(raised).__name__}: {raised}"
            found.append(_answer(e, what, raised))
        now = perf_counter()
        times.append(now)
        if now - before > longest:
            longest = now - before
        before = now
    if alike and not failed and longest <= QUICK:
        first.meters.note_quick(first.plugin, what, len(entries), times[-1] - times[0], longest)
        return found
    for place, e in enumerate(entries):
        asked = Question(e.meters, e.plugin, what, _which(what, getattr(e.it, "name", "")), lambda: None)
        asked.took(times[place + 1] - times[place], failed.get(place, ""))
    return found


def _refuse_in_unit(entry: Entry[S], what: str) -> None:
    if unit_is_open():
        msg = f"P1: {entry.plugin}.{what} was called while a unit of work is open"
        raise RuntimeError(msg)


def _answer(entry: Entry[S], what: str, given: R | BaseException) -> R | MarketwrightError:
    if isinstance(given, BaseException) and not isinstance(given, MarketwrightError):
        log.error("plugin %s failed in %s", entry.plugin, what, exc_info=given)
        return PluginFailed(entry.plugin, what, f"{type(given).__name__}: {given}")
    if isinstance(given, PluginFailed) and given.late:
        log.error("plugin %s failed in %s: %s", entry.plugin, what, given.reason)
    return given
