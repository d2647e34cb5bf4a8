"""What follows from the marks of assessors: pure, from the rule that the check declares."""

from collections.abc import Mapping, Sequence

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.vetting import Assessment

Marks = Mapping[str, int]  # points by criterion


@dataclass(frozen=True, slots=True)
class Outcome:
    """``state`` is ``waiting`` (marks are missing), ``apart`` or ``settled``; ``difference`` that of the totals."""

    state: str
    total: int = 0
    passed: bool = False
    difference: int = 0


def total_of(marks: Marks) -> int:
    """All points of one assessor."""
    return sum(marks.values())


def outcome(assessment: Assessment, first: Sequence[Marks], third: Marks | None = None) -> Outcome:
    """What the marks of the first two, and of a third where there is one, come to.

    Two that agree count as their mean, rounded down; a third decides alone.
    """
    if len(first) < 2:
        return Outcome("waiting")
    one, two = (total_of(m) for m in first[:2])
    difference = abs(one - two)
    if third is not None:
        total = total_of(third)
        return Outcome("settled", total, total >= assessment.pass_mark, difference)
    split = (one >= assessment.pass_mark) != (two >= assessment.pass_mark)
    if split or difference > assessment.apart:
        return Outcome("apart", (one + two) // 2, difference=difference)
    total = (one + two) // 2
    return Outcome("settled", total, total >= assessment.pass_mark, difference)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far assessors of one check agree: files marked twice, of these agreed, the mean difference of totals.

    ``exact`` is the share of criteria for which both gave the same points, ``near`` of those at most one apart.
    """

    files: int
    agreed: int
    difference: float
    exact: float
    near: float


def agreement(pairs: Sequence[tuple[Marks, Marks]], agreed: int) -> Agreement:
    """The figures of ``pairs`` of first marks."""
    gaps = [abs(a[k] - b[k]) for a, b in pairs for k in a if k in b]
    apart = [abs(total_of(a) - total_of(b)) for a, b in pairs]
    n = len(gaps) or 1
    return Agreement(
        len(pairs), agreed, sum(apart) / (len(apart) or 1), sum(g == 0 for g in gaps) / n, sum(g <= 1 for g in gaps) / n
    )
