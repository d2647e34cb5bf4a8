"""Scores as whole points for people: what each part brings, so that the parts sum to the score. Pure."""

from collections.abc import Sequence


def points_of(shares: Sequence[float], scores: Sequence[float], score: int) -> list[tuple[int, int]]:
    """(points, of how many) for each part: ``shares`` sum to 1 or are all 0, ``scores`` are 0 to 1, ``score`` of 100.

    The points sum to ``score``, the others to 100. Who has all or nothing of a part reads all or nothing, and roundings
    fall to the other parts where they can.
    """
    most = spread([share * 100 for share in shares], 100 if any(shares) else 0)
    exact = [share * given * 100 for share, given in zip(shares, scores, strict=True)]
    sure = {k: most[k] if given >= 1.0 else 0 for k, given in enumerate(scores) if not 0.0 < given < 1.0}
    rest = [k for k in range(len(most)) if k not in sure]
    left = score - sum(sure.values())
    if 0 <= left <= sum(most[k] for k in rest):
        found = sure | dict(zip(rest, spread([exact[k] for k in rest], left, [most[k] for k in rest]), strict=True))
        if all(abs(found[k] - exact[k]) <= 1.0 for k in rest):
            return [(found[k], most[k]) for k in range(len(most))]
    return list(zip(spread(exact, score, most), most, strict=True))


def spread(exact: Sequence[float], total: int, most: Sequence[int] | None = None) -> list[int]:
    """``exact`` as whole numbers that sum to ``total``: the largest remainders are rounded up, none beyond ``most``."""
    whole = [int(value + 1e-9) for value in exact]
    left = total - sum(whole)
    by_rest = sorted(range(len(whole)), key=lambda i: (whole[i] - exact[i], i))
    while left > 0:
        before = left
        for i in by_rest:
            if left and (most is None or whole[i] < most[i]):
                whole[i] += 1
                left -= 1
        if left == before:
            break
    for i in reversed(by_rest):
        while left < 0 and whole[i] > 0:
            whole[i] -= 1
            left += 1
    return whole
