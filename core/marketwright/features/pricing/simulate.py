"""What other rules would have done to deals that were signed: priced again, side by side, nothing changed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from marketwright.features.pricing.service import FEES, FeesOutOfBounds, price
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, total
from marketwright.strategies.pricing import LineKind, Quote

SIDES = {"client": LineKind.CLIENT_FEE, "freelancer": LineKind.FREELANCER_FEE}


@dataclass(frozen=True, slots=True)
class Signed:
    """A deal that both sides signed: what people quote, its page, the day, the quote as it was frozen."""

    reference: str
    href: str
    on: date
    quote: Quote


@dataclass(frozen=True, slots=True)
class Again:
    """One deal before and after; ``after`` is ``None`` and ``trouble`` says why where the rules allow no price."""

    deal: Signed
    after: Quote | None
    trouble: str = ""

    def fees(self, side: str = "") -> tuple[Money, Money]:
        """The fees before and after, of one side or of both; nothing after where there is no price."""
        kinds = (SIDES[side],) if side else FEES
        before = self.deal.quote.sum_of(*kinds)
        return before, self.after.sum_of(*kinds) if self.after else Money(0, before.currency)

    @property
    def affected(self) -> bool:
        """Whether any fee differs, or none could be given."""
        return self.after is None or any(one != other for one, other in map(self.fees, SIDES))


@dataclass(frozen=True, slots=True)
class Share:
    """What deals came to under one heading (a rule, a month), before and after."""

    name: str
    deals: int
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would have done to the deals of one currency; fees are before tax."""

    currency: str
    work: Money
    deals: tuple[Again, ...]

    @classmethod
    def unchanged(cls, deals: Iterable[Signed], currency: str) -> "Effect":
        """The deals beside themselves: what was, in the figures of what would be."""
        made = tuple(Again(deal, deal.quote) for deal in deals)
        return cls(currency, total((a.deal.quote.deal.work for a in made), currency), made)

    def fees(self, side: str = "") -> tuple[Money, Money]:
        """Revenue before and after, of one side or of both."""
        pairs = [again.fees(side) for again in self.deals]
        return total((b for b, _ in pairs), self.currency), total((a for _, a in pairs), self.currency)

    @property
    def affected(self) -> tuple[Again, ...]:
        """The deals whose fees differ, the largest difference first."""
        return tuple(sorted((a for a in self.deals if a.affected), key=_difference))

    @property
    def out_of_bounds(self) -> tuple[Again, ...]:
        """The deals that the rules would have refused."""
        return tuple(again for again in self.deals if again.after is None)

    def months(self) -> tuple[Share, ...]:
        """Month by month, the earliest first; a month is ``2026-05``."""
        found: dict[str, list[Again]] = defaultdict(list)
        for again in self.deals:
            found[f"{again.deal.on:%Y-%m}"].append(again)
        return tuple(
            Share(month, len(made), *Effect(self.currency, self.work, tuple(made)).fees())
            for month, made in sorted(found.items())
        )

    def rules(self) -> tuple[Share, ...]:
        """Rule by rule: what each took before, and takes after; how many deals it is in at all."""
        before: dict[str, int] = defaultdict(int)
        after: dict[str, int] = defaultdict(int)
        deals: dict[str, set[int]] = defaultdict(set)
        for n, again in enumerate(self.deals):
            for quote, sums in ((again.deal.quote, before), (again.after, after)):
                for line in quote.lines if quote else ():
                    if line.kind in FEES:
                        sums[line.rule] += line.amount.amount
                        deals[line.rule].add(n)
        return tuple(
            Share(name, len(deals[name]), Money(before[name], self.currency), Money(after[name], self.currency))
            for name in sorted(deals)
        )


def simulate(plugins: Plugins, deals: Iterable[Signed]) -> list[Effect]:
    """The effect of the rules of ``plugins`` on ``deals``, by currency, most deals first. Call it with no unit open.

    Each deal is priced as it stood when it was signed: its day, its relation, its codes and entitlements.
    """
    found: dict[str, list[Again]] = defaultdict(list)
    for deal in deals:
        found[deal.quote.deal.currency].append(_again(plugins, deal))
    effects = [
        Effect(currency, total((a.deal.quote.deal.work for a in made), currency), tuple(made))
        for currency, made in found.items()
    ]
    return sorted(effects, key=lambda effect: (-len(effect.deals), effect.currency))


def _again(plugins: Plugins, deal: Signed) -> Again:
    try:
        return Again(deal, price(plugins, replace(deal.quote.deal, extras=())))
    except (FeesOutOfBounds, Unavailable) as error:
        return Again(deal, None, str(error))


def _difference(again: Again) -> tuple[bool, int]:
    before, after = again.fees()
    return again.after is not None, -abs(after.amount - before.amount)


def quarter_before(day: date) -> tuple[date, date]:
    """The last whole quarter before the one of ``day``: its first day, and the day after its last."""
    number = day.year * 4 + (day.month - 1) // 3
    first, after = (date(n // 4, n % 4 * 3 + 1, 1) for n in (number - 1, number))
    return first, after


__all__ = ["Again", "Effect", "Share", "Signed", "quarter_before", "simulate"]
