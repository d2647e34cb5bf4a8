"""Deals, rules and plugins to price with, made in one line each; for the tests of pricing rules."""

from collections.abc import Callable
from datetime import date
from typing import Any

from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.money import Money, share_bps
from marketwright.strategies.pricing import Deal, Line, LineKind, Part, Party, PricingRule, Quote

FR = Party("FR", "standard", "FR83404833048")


def deal(*works: int, client: Party = FR, freelancer: Party = FR, **more: Any) -> Deal:
    """A deal in euros whose parts hold ``works`` minor units."""
    parts = tuple(Part(f"Part {n + 1}", Money(work, "EUR")) for n, work in enumerate(works))
    return Deal("EUR", parts, client, freelancer, on=date(2026, 5, 4), marketplace="FR", **more)


def rule(lines: Callable[[Quote], Any], name: str = "test") -> PricingRule:
    """A rule that answers what ``lines`` answers."""

    class Rule(PricingRule):
        def lines(self, quote: Quote) -> list[Line]:
            return lines(quote)  # type: ignore[no-any-return]

    Rule.name = name
    return Rule({}, None)


def plugins(*rules: PricingRule) -> Plugins:
    """Plugins that bring ``rules``, all from a plugin called ``strange``."""
    return Plugins(pricing_rules=tuple(Entry("strange", r) for r in rules))


def share(bps: int, kind: LineKind = LineKind.FREELANCER_FEE) -> PricingRule:
    """A rule that takes ``bps`` of the work of each part."""
    return rule(
        lambda q: [
            Line(kind, "Fee, %(rate)s", Money(share_bps(p.work.amount, bps), "EUR"), n, bps=bps)
            for n, p in enumerate(q.deal.parts)
        ]
    )


def flat(amount: int, kind: LineKind = LineKind.FREELANCER_FEE, part: int = 0, **more: Any) -> PricingRule:
    """A rule that takes ``amount`` minor units of one part."""
    return rule(lambda _q: [Line(kind, "Fee", Money(amount, "EUR"), part, **more)])
