"""What is made of a tuple that is asked about again and again, kept."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

S = TypeVar("S")
R = TypeVar("R")


def kept_for_last(make: Callable[[S, str], R]) -> Callable[[S, str], R]:
    """``make``, which is not asked again for the tuple that it was last asked for, by the second argument.

    A tuple is known by identity, so that nothing of it need be compared; anything else may change and is not kept.
    """
    last: dict[str, tuple[S, R]] = {}

    @wraps(make)
    def made(whole: S, which: str) -> R:
        known = last.get(which)
        if known is not None and known[0] is whole:
            return known[1]
        found = make(whole, which)
        if type(whole) is tuple:
            last[which] = whole, found
        return found

    return made
