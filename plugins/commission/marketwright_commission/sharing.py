"""A fee of a whole deal shared over its parts, so that no part leaves 5 to 15 % by more than a minor unit. Pure."""

from collections.abc import Sequence

from marketwright.plugin import prorate, share_bps
from marketwright_commission.discounts import Charge
from marketwright_commission.rules import LEAST_BPS, MOST_BPS

_UNIT = 10_000  # a minor unit in ten-thousandths


def amounts_of(works: Sequence[int], charges: Sequence[Charge]) -> list[list[int]]:
    """What each of ``charges`` takes of each part, minor units: a rate part by part, an amount shared by the work.

    Shares round by more than a rate does: where both sides together would leave the bounds, the last amount gives a
    unit of one part to another. Not where somebody signed for leaving them.
    """
    found = [
        list(prorate(c.fee.amount, works)) if c.fee.bps is None else [share_bps(work, c.fee.bps) for work in works]
        for c in charges
    ]
    last = max((n for n, c in enumerate(charges) if c.fee.bps is None), default=None)
    if last is not None and not any(c.override for c in charges):
        _keep_within(found[last], *_room(works, charges, found, last))
    return found


def _room(
    works: Sequence[int], charges: Sequence[Charge], found: Sequence[Sequence[int]], last: int
) -> tuple[list[int], list[int]]:
    """The least and the most that charge ``last`` may take of each part, beside what the others take.

    A rate counts as it is and as it rounded, whichever leaves less room: quotes are held to one, holds to the other.
    """
    least: list[int] = []
    most: list[int] = []
    for part, work in enumerate(works):
        beside = [(found[n][part] * _UNIT, found[n][part] * _UNIT if c.fee.bps is None else c.fee.bps * work)
                  for n, c in enumerate(charges) if n != last]  # fmt: skip
        rounded, exact = sum(b[0] for b in beside), sum(b[1] for b in beside)
        least.append(max(0, -(-(LEAST_BPS * work - _UNIT - min(rounded, exact)) // _UNIT)))
        most.append((MOST_BPS * work + _UNIT - max(rounded, exact)) // _UNIT)
    return least, most


def _keep_within(shares: list[int], least: Sequence[int], most: Sequence[int]) -> None:
    """Move single units between ``shares`` until each is within its room, or none can give or take any more."""
    parts = range(len(shares))
    for part in parts:
        while shares[part] < least[part]:
            giver = max(parts, key=lambda n: shares[n] - least[n])
            if shares[giver] <= least[giver]:
                return
            shares[giver], shares[part] = shares[giver] - 1, shares[part] + 1
        while shares[part] > most[part]:
            taker = max(parts, key=lambda n: most[n] - shares[n])
            if shares[taker] >= most[taker]:
                return
            shares[taker], shares[part] = shares[taker] + 1, shares[part] - 1
