"""What the criteria of this plugin share: the words for days and amounts."""

from datetime import date
from typing import Any

import numpy as np

from marketwright.plugin import MatchingCriterion, Money

GOOD, NEAR = 0.85, 0.4
_EPOCH = date(1970, 1, 1).toordinal()


class Criterion(MatchingCriterion):
    """A criterion that speaks of amounts in the marketplace's currency."""

    def amount(self, minor: float) -> Money:
        """``minor`` units of the marketplace's currency."""
        return Money(round(minor), self.desk.currency)


def tone(score: float) -> str:
    """``good``, ``near`` or ``miss`` for a score."""
    return "good" if score >= GOOD else "near" if score >= NEAR else "miss"


def day(number: float) -> date:
    """The date of a column of days."""
    return date.fromordinal(_EPOCH + int(number))


def falling(value: Any, full: float, none: float) -> Any:
    """1 up to ``full``, 0 from ``none`` on, a straight line between; float32 stays float32."""
    return np.maximum(1.0 - np.maximum((value - full) * (1.0 / (none - full)), 0.0), 0.0)


def whole(value: float) -> int | float:
    """``value`` without a needless point: 5.0 reads 5."""
    if value == int(value):
        return int(value)
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
