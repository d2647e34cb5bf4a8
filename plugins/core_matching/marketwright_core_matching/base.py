"""What the criteria of this plugin share: how reasons are said, the words for days and amounts."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from marketwright.plugin import Candidates, Columns, MatchingCriterion, Money, Reason

GOOD, NEAR = 0.85, 0.4
KEPT = 512  # reasons of a sort that are kept: of many candidates the same is said
MORE = 1.0 + 2.0**-22  # for what is cut at full points, so that no rounding of float32 ends below
_EPOCH = date(1970, 1, 1).toordinal()


class Criterion(MatchingCriterion):
    """A criterion whose reasons are said of a few values of a candidate, those of the columns in ``says``.

    ``says`` are a side of the candidates and a column of it. A reason's tone is that of the score and ``grace``.
    """

    says: ClassVar[tuple[tuple[str, str], ...]]
    grace: ClassVar[float] = 0.0
    say: Any  # Callable[..., Reason], or one that keeps its answers
    """The reason of whoever has the tone, and these values of ``says``; ``None`` for what is not known."""

    def asks(self, c: Candidates) -> tuple[tuple[str, str], ...]:
        """Those of ``says`` that matter here; ``say`` has a default for the others."""
        return self.says

    def reason(self, c: Candidates, i: int, score: float) -> Reason:
        """What is said of candidate ``i``."""
        values = [getattr(c, side).at(name, i) for side, name in self.says]
        said: Reason = self.say(tones([score + self.grace])[0], *values)
        return said

    def reasons(self, c: Candidates, scores: Sequence[float]) -> list[Reason]:
        """What is said of each."""
        values = [getattr(c, side).each(name, len(scores)) for side, name in self.asks(c)]
        return list(map(self.say, tones([score + self.grace for score in scores] if self.grace else scores), *values))



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
    return columns[name].astype(np.float32, copy=False) if value is None else number(value)


def filled(found: Any, where: Any, value: Any) -> Any:
    """``found``, of the caller's own making, with ``value`` wherever ``where`` says so."""
    if where.shape != found.shape:
        return np.where(where, value, found)
    np.putmask(found, where, value)
    return found


def tones(scores: Sequence[float]) -> list[str]:
    """``good``, ``near`` or ``miss`` for each score."""
    return ["good" if score >= GOOD else "near" if score >= NEAR else "miss" for score in scores]


def amount(minor: float, currency: str) -> Money:
    """``minor`` units of a currency."""
    return Money(round(minor), currency)


@lru_cache(maxsize=4096)
def day(number: float) -> date:
    """The date of a column of days."""
    return date.fromordinal(_EPOCH + int(number))


def falling(value: Any, full: float, none: float) -> Any:
    """1 up to ``full``, 0 from ``none`` on, a straight line between; float32 stays float32."""
    end, steep = _line(full, none)
    return np.maximum(np.minimum((end - value) * steep, ONE), ZERO)


@lru_cache(maxsize=256)
def _line(full: float, none: float) -> tuple[Any, Any]:
    """Where it ends, and what one less brings, a trifle more: at ``full`` it is 1, not a last bit under it.

    Both ends as float32 has them, and never in one place.
    """
    begin = np.float32(full)
    end = max(np.float32(none), np.nextafter(begin, np.float32(np.inf)))
    return number(float(end)), number(MORE / (float(end) - float(begin)))


@lru_cache(maxsize=4096)
def whole(value: float) -> int | float:
    """``value`` without a needless point: 5.0 reads 5."""
    if value == int(value):
        return int(value)
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
