"""What the criteria of this plugin share: the words for days and amounts."""

from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from marketwright.plugin import Columns, MatchingCriterion, Money

GOOD, NEAR = 0.85, 0.4
_EPOCH = date(1970, 1, 1).toordinal()


class Criterion(MatchingCriterion):
    """A criterion that speaks of amounts in the marketplace's currency."""

    def amount(self, minor: float) -> Money:
        """``minor`` units of the marketplace's currency."""
        return Money(round(minor), self.desk.currency)


@lru_cache(maxsize=256)
def number(value: float) -> Any:
    """``value`` as float32 without a dimension: NumPy makes an array of every float that it meets, again each time."""
    found = np.array(value, dtype=np.float32)
    found.flags.writeable = False
    return found


ONE, ZERO = number(1.0), number(0.0)


def lone(columns: Columns, name: str) -> Any:
    """The one value of a column of one side as float32 without a dimension; the column where there is none.

    An array of length 1 takes NumPy twice as long beside a long one.
    """
    value = columns.same(name)
    return columns[name].astype(np.float32, copy=False) if value is None else np.array(value, dtype=np.float32)


def filled(found: Any, where: Any, value: Any) -> Any:
    """``found``, of the caller's own making, with ``value`` wherever ``where`` says so."""
    if where.shape != found.shape:
        return np.where(where, value, found)
    np.putmask(found, where, value)
    return found


def tone(score: float) -> str:
    """``good``, ``near`` or ``miss`` for a score."""
    return "good" if score >= GOOD else "near" if score >= NEAR else "miss"


@lru_cache(maxsize=4096)
def day(number: float) -> date:
    """The date of a column of days."""
    return date.fromordinal(_EPOCH + int(number))


def falling(value: Any, full: float, none: float) -> Any:
    """1 up to ``full``, 0 from ``none`` on, a straight line between; float32 stays float32."""
    over = (value - number(full)) * number(1.0 / (none - full))
    return np.maximum(ONE - np.maximum(over, ZERO), ZERO)


@lru_cache(maxsize=4096)
def whole(value: float) -> int | float:
    """``value`` without a needless point: 5.0 reads 5."""
    if value == int(value):
        return int(value)
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
