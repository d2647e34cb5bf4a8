"""Near matches, grouped by what is missing: the page is never empty while anybody is listed. Pure."""

from collections.abc import Callable, Sequence

from marketwright.features.matching.ranking import Part, Ranking
from marketwright.kernel.frozen import dataclass

MOST_GROUPS, MOST_IN_GROUP, MOST_LOOKED_AT = 5, 3, 400


@dataclass(frozen=True, slots=True)
class NearGroup:
    """Rows that lack the same: ``lacks`` are names of skills, languages and other gates; ``count`` of all of them.

    ``least``: there may be more, as not everybody was looked at.
    """

    lacks: tuple[str, ...]
    rows: tuple[int, ...]
    count: int
    least: bool = False


def group_near(
    ranking: Ranking, lacks: Callable[[Part, int], Sequence[str]], leave_out: frozenset[int] = frozenset()
) -> list[NearGroup]:
    """The near ones of ``ranking``, groups that lack least first; ``lacks`` names what a gate misses."""
    found: dict[tuple[str, ...], list[int]] = {}
    rows = _closest(ranking, leave_out)
    for i in rows[:MOST_LOOKED_AT]:
        names = tuple(name for part in ranking.failed(i) for name in lacks(part, i))
        found.setdefault(names, []).append(i)
    order = sorted(found, key=lambda k: (len(k), -int(ranking.scores[found[k][0]]), k))
    least = len(rows) > MOST_LOOKED_AT
    return [NearGroup(k, tuple(found[k][:MOST_IN_GROUP]), len(found[k]), least) for k in order[:MOST_GROUPS]]


def _closest(ranking: Ranking, leave_out: frozenset[int]) -> list[int]:
    """The near rows with at least part of what is a must; where nobody has any of it, the others."""
    rows = [i for i in ranking.near.tolist() if i not in leave_out]
    met = ranking.candidates.pair["must_met"]
    some = [i for i in rows if met[i] > 0]
    return some or rows
