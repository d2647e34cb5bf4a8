"""Asking several strategies in turn at the price of one call."""

import logging
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import TypeVar

from marketwright.hooks.calls import Question, call_in_turn, take_quickly, trusted
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import MarketwrightError, PluginFailed
from marketwright.kernel.guard import unit_is_open

log = logging.getLogger("marketwright.plugins")
S = TypeVar("S")
R = TypeVar("R")


@lru_cache(maxsize=1024)
def _which(what: str, name: str) -> str:
    return f"{what} {name}"


def ask_in_turn(questions: Sequence[tuple[Entry[S], str, Callable[[S], R]]]) -> list[R | MarketwrightError]:
    """Several calls of plugins at the price of one (P2): what each answers, or what went wrong with it.

    A plugin that fails or hangs costs its own answer alone.
    """
    if unit_is_open():
        msg = f"P1: {questions[0][0].plugin}.{questions[0][1]} was called while a unit of work is open"
        raise RuntimeError(msg)
    named = [
        (e.meters, e.plugin, what, _which(what, getattr(e.it, "name", "")), partial(question, e.it))
        for e, what, question in questions
    ]
    quick = all(trusted(meters, plugin, which) for meters, plugin, _, which, _ in named)
    answers = take_quickly(named) if quick else call_in_turn([Question(*one) for one in named])
    found: list[R | MarketwrightError] = []
    for (entry, what, _), given in zip(questions, answers, strict=True):
        if isinstance(given, BaseException) and not isinstance(given, MarketwrightError):
            log.error("plugin %s failed in %s", entry.plugin, what, exc_info=given)
            found.append(PluginFailed(entry.plugin, what, f"{type(given).__name__}: {given}"))
        else:
            found.append(given)
    return found
