"""One rule of the ordered list: whose fee, how much, for which deals. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketwright.plugin import Override, exponent, share_bands, share_bps

SIDES = ("client", "freelancer")
LEAST_BPS, MOST_BPS = 500, 1500  # both sides together, unless they met outside or somebody signed


@dataclass(frozen=True, slots=True)
class Band:
    """Of what lies under ``below`` (whole units; ``None``: all the rest) and over the band before, ``bps``."""

    bps: int
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """What a rule takes of a whole deal: ``amount`` in minor units; ``bps`` where it is exactly that share of it.

    ``floored`` and ``capped`` say which limit it ran into.
    """

    amount: int
    bps: int | None = None
    floored: bool = False
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What of a deal decides which rule fits: minor units of ``currency``, ``days`` since their first contract."""

    work: int
    before: int
    currency: str
    days: int | None = None
    categories: frozenset[str] = frozenset()
    entitlements: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by side


@dataclass(frozen=True, slots=True)
class FeeRule:
    """From ``side``: ``bps`` of the work or ``bands`` of it, ``flat`` on top, never under ``floor`` or above ``cap``.

    It fits where the measured amount lies in [least, below), they know each other for ``known_days`` or more, the work
    is of ``category``, and the side has the ``entitlement``. Amounts are whole units: ``least``, ``below`` and the
    bounds of bands of the deal's currency, ``flat``, ``floor`` and ``cap`` by currency: it fits no deal in another.
    ``measure`` is what is compared: the work of this ``deal``, or all of the ``relation`` with this deal in it.
    ``override`` is the signed exception by which it may leave 5 to 15 %.
    """

    name: str
    side: str
    bps: int
    least: int = 0
    below: int | None = None
    measure: str = "deal"
    known_days: int | None = None
    category: str = ""
    entitlement: str = ""
    bands: tuple[Band, ...] = ()
    flat: Mapping[str, int] = field(default_factory=dict)
    floor: Mapping[str, int] = field(default_factory=dict)
    cap: Mapping[str, int] = field(default_factory=dict)
    override: Override | None = None

    @property
    def tables(self) -> tuple[Mapping[str, int], ...]:
        """The amounts by currency that it names."""
        return tuple(table for table in (self.flat, self.floor, self.cap) if table)

    def fits(self, case: Case) -> bool:
        """Whether it applies to ``case``."""
        unit = 10 ** exponent(case.currency)
        amount = case.work if self.measure == "deal" else case.work + case.before
        return (
            amount >= self.least * unit
            and (self.below is None or amount < self.below * unit)
            and (self.known_days is None or (case.days is not None and case.days >= self.known_days))
            and (not self.category or self.category in case.categories)
            and (not self.entitlement or self.entitlement in case.entitlements.get(self.side, ()))
            and all(case.currency in table for table in self.tables)
        )

    def fee(self, case: Case) -> Fee:
        """What it takes of ``case``, rounded once."""
        unit = 10 ** exponent(case.currency)
        if self.bands:
            bands = [((band.below or 0) * unit, band.bps) for band in self.bands]
            taken = share_bands(case.work, bands, before=case.before if self.measure == "relation" else 0)
        else:
            taken = share_bps(case.work, self.bps)
        taken += self.flat.get(case.currency, 0) * unit
        least, most = self.floor.get(case.currency), self.cap.get(case.currency)
        if least is not None and taken < least * unit:
            return Fee(least * unit, floored=True)
        if most is not None and taken > most * unit:
            return Fee(most * unit, capped=True)
        return Fee(taken, None if self.flat else self._rate(case))

    def _rate(self, case: Case) -> int | None:
        """The one rate at which all of the work is charged; ``None`` where it lies in bands of several."""
        unit, before = 10 ** exponent(case.currency), case.before if self.measure == "relation" else 0
        met: set[int] = set()
        start, end = 0, before + case.work
        for number, band in enumerate(self.bands):
            below = end if number == len(self.bands) - 1 else min((band.below or 0) * unit, end)
            if below > max(start, before):
                met.add(band.bps)
            start = max(start, below)
        return met.pop() if len(met) == 1 else None if self.bands else self.bps


def from_settings(given: Iterable[Mapping[str, Any]]) -> tuple[FeeRule, ...]:
    """Rules from checked settings, in their order."""
    return tuple(_rule(dict(entry)) for entry in given)


def _rule(entry: dict[str, Any]) -> FeeRule:
    by, on, why = (entry.pop(f"signed_{what}", None) for what in ("by", "on", "why"))
    bands = tuple(Band(band["bps"], band.get("below")) for band in entry.pop("bands", ()))
    return FeeRule(**entry, bands=bands, override=_override(by, on, why))


def _override(by: str | None, on: date | None, why: str | None) -> Override | None:
    return Override(by, on, why) if by and on and why else None


def first_fit(rules: Sequence[FeeRule], side: str, case: Case) -> FeeRule | None:
    """The first rule of ``side`` that applies, or ``None``: that side pays nothing."""
    return next((rule for rule in rules if rule.side == side and rule.fits(case)), None)


def percent(bps: float) -> str:
    """``499`` as ``4.99 %``."""
    return f"{bps / 100:.10g} %"
