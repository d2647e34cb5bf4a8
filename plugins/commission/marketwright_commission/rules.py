"""One rule of the ordered list: whose fee, which rate, for which deals. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SIDES = ("client", "freelancer")
LEAST_BPS, MOST_BPS = 500, 1500  # both sides together, unless they met outside


@dataclass(frozen=True, slots=True)
class FeeRule:
    """``bps`` of the work from ``side``, where the measured amount lies in [least, below) and they know each other
    for ``known_days`` or more.

    Amounts are in whole units of the marketplace's currency. ``measure`` is what is compared with them: the work of
    this ``deal``, or all work of the ``relation`` with this deal in it.
    """

    name: str
    side: str
    bps: int
    least: int = 0
    below: int | None = None
    measure: str = "deal"
    known_days: int | None = None

    def fits(self, deal: int, relation: int, days: int | None, unit: int = 1) -> bool:
        """Whether it applies; ``deal`` and ``relation`` in units of 1/``unit``, ``days`` since their first contract."""
        amount = deal if self.measure == "deal" else relation
        if amount < self.least * unit or (self.below is not None and amount >= self.below * unit):
            return False
        return self.known_days is None or (days is not None and days >= self.known_days)


def from_settings(given: Iterable[Mapping[str, Any]]) -> tuple[FeeRule, ...]:
    """Rules from checked settings, in their order."""
    return tuple(FeeRule(**entry) for entry in given)


def first_fit(
    rules: Sequence[FeeRule], side: str, deal: int, relation: int, days: int | None, unit: int = 1
) -> FeeRule | None:
    """The first rule of ``side`` that applies, or ``None``: that side pays nothing."""
    return next((r for r in rules if r.side == side and r.fits(deal, relation, days, unit)), None)


def out_of_bounds(rules: Sequence[FeeRule]) -> str:
    """A sentence about the first kind of deal whose two fees together leave 5 to 15 %, or ''.

    Rules change only at their bounds, so that looking at every bound looks at every deal.
    """
    bounds = sorted({0} | {r.least for r in rules} | {r.below for r in rules if r.below is not None})
    ages: list[int | None] = [None, *sorted({r.known_days for r in rules if r.known_days is not None})]
    for days in ages:
        for deal in bounds:
            for relation in (b for b in bounds if b >= deal):
                found = [first_fit(rules, side, deal, relation, days) for side in SIDES]
                rate = sum(rule.bps for rule in found if rule)
                if not LEAST_BPS <= rate <= MOST_BPS:
                    return _sentence(found, rate, deal, relation, days)
    return ""


def _sentence(found: Sequence[FeeRule | None], rate: int, deal: int, relation: int, days: int | None) -> str:
    which = " and ".join(f"{r.name!r} ({percent(r.bps)})" for r in found if r) or "no rule at all"
    case = f"A deal of {deal or 'any small amount'}"
    case += f", {relation} with what was agreed before," if relation > deal else ""
    case += f" between people who met {days} days ago" if days is not None else ""
    return (
        f"{case} gets {which}: both sides together would pay {percent(rate)} of the work. "
        f"It must be from {percent(LEAST_BPS)} to {percent(MOST_BPS)}."
    )


def percent(bps: int) -> str:
    """``499`` as ``4.99 %``."""
    return f"{bps / 100:g} %"
