"""Whether ordered rules keep every deal within 5 to 15 % of the work: looked at before they are ever used. Pure.

Between two neighbouring points where a rule begins, ends, meets its floor or its cap, each fee is a straight line, so
that the rate is highest and lowest at the points themselves: looking at every point looks at every deal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from marketwright.plugin import MAX_MINOR, exponent
from marketwright_commission.rules import LEAST_BPS, MOST_BPS, SIDES, Case, FeeRule, first_fit, percent

_LARGEST = MAX_MINOR // 10  # what core prices at most
_Rate = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What decides between rules beside amounts."""

    currency: str
    days: int | None
    categories: frozenset[str]
    client: frozenset[str]
    freelancer: frozenset[str]

    def case(self, work: int, before: int) -> Case:
        sides = {"client": self.client, "freelancer": self.freelancer}
        return Case(work, before, self.currency, self.days, self.categories, sides)


def out_of_bounds(rules: Sequence[FeeRule], own: str = "") -> str:
    """A sentence about the first kind of deal whose two fees together leave 5 to 15 %, or ''.

    Deals are looked at in every currency that a rule names, and in ``own``, the marketplace's, where it is known. Deals
    that meet a rule with a signed override may leave the bounds.
    """
    seen: set[tuple[tuple[int, ...], str]] = set()
    for kind in _kinds(rules, own):
        open_ones = [(n, _without_conditions(r)) for n, r in enumerate(rules) if _may_fit(r, kind)]
        key = (tuple(n for n, _ in open_ones), kind.currency)
        if key in seen:
            continue
        seen.add(key)
        wrong = _first_wrong([rule for _, rule in open_ones], kind)
        if wrong:
            return wrong
    return ""


def _kinds(rules: Sequence[FeeRule], own: str) -> Iterator[_Kind]:
    """Every combination of conditions; two categories at once are enough, for each side takes one rule."""
    currencies = sorted({c for r in rules for t in r.tables for c in t} | ({own} - {""})) or ["EUR"]
    days: list[int | None] = [None, *sorted({r.known_days for r in rules if r.known_days is not None})]
    named = sorted({r.category for r in rules if r.category})
    categories = list(dict.fromkeys(frozenset(pair) for pair in product(["", *named], repeat=2)))
    plans = {side: ["", *sorted({r.entitlement for r in rules if r.entitlement and r.side == side})] for side in SIDES}
    conditions = list(product(currencies, days, categories))
    for (currency, age, given), (one, other) in product(conditions, product(plans["client"], plans["freelancer"])):
        yield _Kind(currency, age, given - {""}, frozenset({one} - {""}), frozenset({other} - {""}))


def _may_fit(rule: FeeRule, kind: _Kind) -> bool:
    """Whether it fits deals of this kind of some amount."""
    anything = replace(rule, least=0, below=None)
    return anything.fits(kind.case(1, 0))


def _without_conditions(rule: FeeRule) -> FeeRule:
    """The rule by its amounts alone."""
    return replace(rule, known_days=None, category="", entitlement="")


def _first_wrong(rules: Sequence[FeeRule], kind: _Kind) -> str:
    points = sorted(_points(rules, kind.currency))
    follows = any(r.measure == "relation" for r in rules)
    for work in points:
        befores = sorted({0} | {p - work for p in points if p > work}) if follows else [0]
        for before in befores:
            case = kind.case(work, before)
            found = [first_fit(rules, side, case) for side in SIDES]
            if any(rule is not None and rule.override for rule in found):
                continue
            low, high = _rate(found, case)
            if not LEAST_BPS <= low <= high <= MOST_BPS:
                return _sentence(found, low if low < LEAST_BPS else high, case)
    return ""


def _points(rules: Sequence[FeeRule], currency: str) -> set[int]:
    """The amounts, in minor units, at which a rule begins, ends or bends, each with the last one before it."""
    unit = 10 ** exponent(currency)
    found = {1, _LARGEST}
    for rule in rules:
        bounds = [rule.least, rule.below or 0, *(band.below or 0 for band in rule.bands)]
        found |= {b * unit - less for b in bounds for less in (0, 1)}
        limits = [t[currency] * unit for t in (rule.floor, rule.cap) if currency in t]
        found |= {p + more for limit in limits for p in _meets(rule, limit, currency) for more in (-1, 0, 1)}
    return {p for p in found if 1 <= p <= _LARGEST}


def _meets(rule: FeeRule, limit: int, currency: str) -> list[int]:
    """The amounts of work at which the fee without limits comes to ``limit``, whatever the band."""
    unit = 10 ** exponent(currency)
    wanted = (limit - rule.flat.get(currency, 0) * unit) * 10_000
    found, taken, start = [], 0, 0
    for bps, below in [(b.bps, b.below) for b in rule.bands] or [(rule.bps, None)]:
        if bps and wanted >= taken:
            found.append(start + (wanted - taken) // bps)
        end = (below or 0) * unit
        taken, start = taken + (end - start) * bps, end
    return found


def _rate(found: Sequence[FeeRule | None], case: Case) -> _Rate:
    """The lowest and highest rate, in basis points, that the fees of ``case`` come to."""
    sides = [_side_rate(rule, case) for rule in found if rule is not None]
    return sum((low for low, _ in sides), Fraction(0)), sum((high for _, high in sides), Fraction(0))


def _side_rate(rule: FeeRule, case: Case) -> _Rate:
    """Exact, so that rounding moves no bound; bands of a relation are taken at the best and worst of their rates."""
    unit = 10 ** exponent(case.currency)
    if rule.bands and rule.measure == "relation":
        rates = [band.bps for band in rule.bands]
        parts = (Fraction(min(rates) * case.work), Fraction(max(rates) * case.work))
    else:
        parts = (_banded(rule, case.work, unit),) * 2
    low, high = (_limited(rule, part + rule.flat.get(case.currency, 0) * unit * 10_000, case, unit) for part in parts)
    return low / case.work, high / case.work


def _banded(rule: FeeRule, work: int, unit: int) -> Fraction:
    """The share of ``work``, in ten-thousandths of a minor unit."""
    if not rule.bands:
        return Fraction(rule.bps * work)
    whole, start = 0, 0
    for number, band in enumerate(rule.bands):
        end = work if number == len(rule.bands) - 1 else min((band.below or 0) * unit, work)
        whole += max(0, end - start) * band.bps
        start = max(start, end)
    return Fraction(whole)


def _limited(rule: FeeRule, fee: Fraction, case: Case, unit: int) -> Fraction:
    if case.currency in rule.floor:
        fee = max(fee, Fraction(rule.floor[case.currency] * unit * 10_000))
    if case.currency in rule.cap:
        fee = min(fee, Fraction(rule.cap[case.currency] * unit * 10_000))
    return fee


def _sentence(found: Sequence[FeeRule | None], rate: Fraction, case: Case) -> str:
    which = " and ".join(f"{r.name!r} ({_takes(r, case)})" for r in found if r) or "no rule at all"
    words = "A deal of " + (_amount(case.work, case) if case.work > 1 else f"any small amount of {case.currency}")
    words += f", {_amount(case.work + case.before, case)} with what was agreed before," if case.before else ""
    words += f" between people who met {case.days} days ago" if case.days is not None else ""
    words += f" in {' and '.join(sorted(case.categories))}" if case.categories else ""
    plans = sorted(set().union(*case.entitlements.values()))
    words += f" with {' and '.join(plans)}" if plans else ""
    return (
        f"{words} gets {which}: both sides together would pay {percent(float(rate))} of the work. "
        f"It must be from {percent(LEAST_BPS)} to {percent(MOST_BPS)}, or one of the rules is signed for: "
        "signed_by, signed_on and signed_why say who, when and why."
    )


def _takes(rule: FeeRule, case: Case) -> str:
    fee = rule.fee(case)
    return percent(fee.bps) if fee.bps is not None else _amount(fee.amount, case)


def _amount(minor: int, case: Case) -> str:
    """``500000`` as ``5000 EUR``."""
    digits = exponent(case.currency)
    whole, rest = divmod(minor, 10**digits)
    text = f"{whole}.{rest:0{digits}d}" if rest else str(whole)
    return f"{text} {case.currency}"
