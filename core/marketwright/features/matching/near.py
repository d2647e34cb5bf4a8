"""Near matches, grouped by what is missing: the page is never empty while anybody is listed. Pure but for words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from marketwright.features.matching.ranking import Ranking
from marketwright.features.matching.showing import is_about_skills

MOST_GROUPS, MOST_IN_GROUP, MOST_LOOKED_AT = 5, 3, 400


@dataclass(frozen=True, slots=True)
class NearGroup:
    """Rows that lack the same: names of skills and of failed gates; ``count`` of all of them."""

    skills: tuple[str, ...]
    gates: tuple[str, ...]
    rows: tuple[int, ...]
    count: int


def group_near(
    ranking: Ranking, missing: Callable[[int], Sequence[str]], leave_out: frozenset[int] = frozenset()
) -> list[NearGroup]:
    """The near ones of ``ranking``, groups that lack least first; ``missing`` names the skills that a row lacks."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
    for i in _closest(ranking, leave_out):
        failed = ranking.failed(i)
        skills = tuple(missing(i)) if any(is_about_skills(p) for p in failed) else ()
        gates = tuple(p.entry.it.label for p in failed if not is_about_skills(p) or not skills)
        found.setdefault((skills, gates), []).append(i)
    order = sorted(found, key=lambda k: (len(k[0]) + len(k[1]), -int(ranking.scores[found[k][0]]), k))
    return [NearGroup(*k, tuple(found[k][:MOST_IN_GROUP]), len(found[k])) for k in order[:MOST_GROUPS]]


def _closest(ranking: Ranking, leave_out: frozenset[int]) -> list[int]:
    """The near rows with at least part of what is a must; where nobody has any of it, the others."""
    rows = [i for i in ranking.near.tolist() if i not in leave_out]
    met = ranking.candidates.pair["must_met"]
    some = [i for i in rows if met[i] > 0]
    return (some or rows)[:MOST_LOOKED_AT]
