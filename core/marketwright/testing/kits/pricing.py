"""What every pricing rule holds: whole minor units, the deal's currency, only additions, always the same."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pytest

from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.money import MAX_MINOR, Money, share_bps
from marketwright.kernel.text import N_
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.pricing import (
    Deal,
    Extra,
    Line,
    LineKind,
    Override,
    Part,
    Party,
    PricingRule,
    Quote,
    Voucher,
)
from marketwright.testing.kits.frame import StrategyKit, a_year_later, filled

WORK, AWKWARD, LARGEST = 420_000, 333_333, MAX_MINOR // 8
FEES = (LineKind.CLIENT_FEE, LineKind.FREELANCER_FEE)
OURS = (LineKind.WORK, LineKind.CLIENT_EXTRA, LineKind.FREELANCER_EXTRA)
PARTIES = (
    Party("FR", "standard", "FR83404833048"), Party("DE", "standard"), Party("FR", "franchise"), Party("US", "none"),
)  # fmt: skip


def a_deal(*works: int, currency: str = "EUR", client: Party = PARTIES[0], **more: Any) -> Deal:
    """A deal of the given amounts of work, one a part."""
    parts = tuple(Part(f"Part {n}", Money(w, currency)) for n, w in enumerate(works or (WORK,)))
    given: dict[str, Any] = {"freelancer": PARTIES[0], "on": date(2026, 6, 1), "marketplace": "FR"} | more
    return Deal(currency, parts, client, **given)


def a_quote(deal: Deal, *lines: Line) -> Quote:
    """What a rule sees: the work as core writes it, and the lines of the rules before."""
    core = [
        Line(LineKind.WORK, "%(title)s", p.work, n, rule="core.work", why=N_("as proposed"), params={"title": p.title})
        for n, p in enumerate(deal.parts)
    ]
    return Quote(deal, (*core, *lines))


DEALS: dict[str, Deal] = {
    "one part": a_deal(),
    "three parts that do not divide": a_deal(AWKWARD, 1, 99),
    "a currency without decimals": a_deal(AWKWARD, currency="JPY"),
    "a currency with three decimals": a_deal(AWKWARD, currency="KWD"),
    "one minor unit": a_deal(1),
    "the largest amounts": a_deal(LARGEST, LARGEST),
    "across a border": a_deal(client=PARTIES[1]),
    "a small business": a_deal(freelancer=PARTIES[2]),
    "outside the Union": a_deal(client=PARTIES[3]),
    "old acquaintances": a_deal(first_contract=date(2023, 1, 2), cumulated=5_000_000),
    "both sides on a plan": a_deal(
        client=Party("FR", "standard", "FR83404833048", frozenset({"lower_commission"})),
        freelancer=Party("FR", "standard", "FR83404833048", frozenset({"lower_commission", "visibility"})),
    ),
    "codes on both sides": a_deal(
        WORK, AWKWARD, vouchers=(Voucher("SPRING", "client", 250), Voucher("TEN", "freelancer", 0, Money(1_000, "EUR")))
    ),
    "insurance beside the deal": a_deal(
        WORK, AWKWARD, extras=(Extra("insurance", "client", "Insurance", Money(9_900, "EUR"), taxed=False),
                               Extra("training", "freelancer", "Training", Money(4_999, "EUR"))),
    ),
}  # fmt: skip


class PricingRuleConformance(StrategyKit):
    """For a subclass of ``PricingRule``: ``strategy = MyRule`` and ``settings = {...}``.

    ``deals`` may add deals of your own to those that every rule is shown.
    """

    hook = "register_pricing_rules"
    deals: ClassVar[dict[str, Deal]] = {}

    @pytest.fixture(params=list(DEALS))
    def deal(self, request: pytest.FixtureRequest) -> Deal:
        """Each kind of deal in turn."""
        return DEALS[request.param]

    def lines(self, rule: PricingRule, quote: Quote) -> list[Line]:
        """What the rule adds; a refusal meant for people (``Unavailable``) adds nothing."""
        try:
            return list(rule.lines(quote))
        except MarketwrightError:
            return []

    def all_lines(self, rule: PricingRule) -> Iterable[tuple[Quote, Line]]:
        """Every line for every deal of the kit and of the subclass, with and without fees before it."""
        for deal in (*DEALS.values(), *self.deals.values()):
            for quote in (a_quote(deal), with_fees(deal)):
                yield from ((quote, line) for line in self.lines(rule, quote))

    def test_it_answers_a_list_of_lines_for_every_deal(self, it: PricingRule, deal: Deal) -> None:
        """A list, whatever the deal; nothing but a refusal meant for people is raised."""
        try:
            found = it.lines(a_quote(deal))
        except MarketwrightError:
            return
        assert isinstance(found, list), f"lines() answered {type(found).__name__}, not a list"
        assert all(isinstance(line, Line) for line in found), f"lines() holds what is no Line: {found!r}"

    def test_it_adds_fees_and_taxes_only(self, it: PricingRule) -> None:
        """The work, and what was ordered beside it, are core's own lines; a rule never adds any."""
        added = [line for _, line in self.all_lines(it) if line.kind in OURS]
        assert not added, f"it adds what is no fee and no tax: {added[:1]!r}"

    def test_every_amount_is_money(self, it: PricingRule) -> None:
        """An amount is ``Money``, whole minor units: never a float, never a bare number."""
        wrong = [ln.amount for _, ln in self.all_lines(it) if not isinstance(ln.amount, Money)]
        assert not wrong, f"an amount is {wrong[0]!r}, not Money"

    def test_every_amount_is_in_the_currency_of_the_deal(self, it: PricingRule) -> None:
        """Euro, yen and dinar alike."""
        wrong = [
            (ln.amount, q.deal.currency) for q, ln in self.all_lines(it)
            if getattr(ln.amount, "currency", q.deal.currency) != q.deal.currency
        ]  # fmt: skip
        assert not wrong, f"an amount is {wrong[0][0]}, the deal is in {wrong[0][1]}"

    def test_it_never_takes_away(self, it: PricingRule) -> None:
        """No line is negative: a discount is a smaller fee, not a line against one."""
        wrong = [ln for _, ln in self.all_lines(it) if _minor(ln) < 0]
        assert not wrong, f"{wrong[0].label!r} takes {wrong[0].amount} away"

    def test_every_line_belongs_to_a_part(self, it: PricingRule) -> None:
        """``part`` is the number of a milestone or period that the deal has."""
        wrong = [ln.part for q, ln in self.all_lines(it) if ln.part not in range(len(q.deal.parts))]
        assert not wrong, f"a line belongs to part {wrong[0]!r}, which the deal has not"

    def test_a_rate_that_is_shown_is_the_rate_that_is_charged(self, it: PricingRule) -> None:
        """L11: a fee with ``bps`` is ``share_bps(work of its part, bps)``, rounded there and nowhere else."""
        for quote, line in self.all_lines(it):
            if line.kind in FEES and line.bps is not None:
                due = share_bps(quote.deal.parts[line.part].work.amount, line.bps)
                charged = _minor(line)
                assert charged == due, f"{line.label!r} says {line.bps} basis points, which are {due}, and is {charged}"

    def test_a_fee_is_a_part_of_the_work_and_not_more(self, it: PricingRule) -> None:
        """L11: both sides pay from 5 to 15 % of the work, so no fee is above that, but by rounding or a signature."""
        for quote, line in self.all_lines(it):
            if line.kind in FEES and line.override is None:
                most = quote.deal.parts[line.part].work.amount * 15 // 100 + 1
                taken = _minor(line)
                assert taken <= most, f"{line.label!r} takes {taken} of {quote.deal.parts[line.part].work}"

    def test_an_exception_to_the_bounds_is_signed(self, it: PricingRule) -> None:
        """L11: ``override`` says who allowed it, on which day and why; all three, or it is no signature."""
        for _, line in self.all_lines(it):
            signed = line.override
            if signed is not None:
                assert isinstance(signed, Override), f"{line.label!r} is excepted by {signed!r}, not by an Override"
                whole = [signed.by.strip(), signed.why.strip(), isinstance(signed.on, date)]
                assert all(whole), f"{line.label!r} has half a signature: {signed!r}"

    def test_a_code_makes_no_fee_larger(self, it: PricingRule) -> None:
        """Whatever a rule makes of ``deal.vouchers``: with a code, no fee of any part is more than without."""
        for code in (Voucher("A", "client", 250), Voucher("B", "freelancer", 0, Money(1_000, "EUR"))):
            deal = a_deal(WORK, AWKWARD, 101)
            without = _sums(self.lines(it, a_quote(deal)))
            given = _sums(self.lines(it, a_quote(replace(deal, vouchers=(code,)))))
            more = [key for key, amount in given.items() if amount > without.get(key, 0) + 1]
            assert not more, f"with a code, the {more[0][0]} of part {more[0][1]} grows to {given[more[0]]}"

    def test_people_who_met_elsewhere_pay_no_fee(self, it: PricingRule) -> None:
        """Own network owes no commission, whatever the rule."""
        quote = a_quote(a_deal(WORK, AWKWARD, own_network=True))
        wrong = [ln for ln in self.lines(it, quote) if ln.kind in FEES and _minor(ln)]
        assert not wrong, f"{wrong[0].label!r} is charged between people who met elsewhere"

    def test_the_same_quote_gives_the_same_lines(self, it: PricingRule, deal: Deal, build: Any) -> None:
        """Asked again, and asked of another instance, the answer is the same."""
        quote = a_quote(deal)
        first = self.lines(it, quote)
        assert self.lines(it, quote) == first, "asked a second time, it answers something else"
        assert self.lines(build(), quote) == first, "another instance answers something else"

    def test_the_clock_changes_nothing(self, it: PricingRule, clock: FrozenClock) -> None:
        """A quote knows its own day (``deal.on``): priced again a year later it is the same."""
        quote = a_quote(a_deal(WORK, AWKWARD))
        first = self.lines(it, quote)
        a_year_later(clock)
        assert self.lines(it, quote) == first, "a year later the same quote has other lines; use deal.on, not a clock"

    def test_the_order_of_the_lines_before_changes_no_sum(self, it: PricingRule) -> None:
        """Whatever stands before in which order, each kind and part gets the same sum."""
        quote = with_fees(a_deal(WORK, AWKWARD))
        sums = {
            tuple(sorted(_sums(self.lines(it, replace(quote, lines=order))).items()))
            for order in _orders(quote.lines)
        }
        assert len(sums) <= 1, f"the sums depend on the order of the lines before: {sums}"

    def test_every_line_has_a_label_whose_places_are_filled(self, it: PricingRule) -> None:
        """``label`` and ``why`` are sentences; ``%(name)s`` comes from ``params``, ``%(rate)s`` from ``bps``."""
        for _, line in self.all_lines(it):
            assert line.label.strip(), f"a {line.kind} line has no label"
            for text, params, bps in _sentences(line):
                filled(text, dict(params) | ({"rate": "7 %"} if bps is not None else {}))

    def test_what_fills_a_label_is_shown_in_the_readers_way(self, it: PricingRule) -> None:
        """``params`` hold ``Money``, ``date``, ``int`` or ``str``: never floats, never amounts written out."""
        for _, line in self.all_lines(it):
            for text, params, _bps in _sentences(line):
                for name, value in params.items():
                    fits = isinstance(value, str | int | Money | date) and not isinstance(value, bool)
                    assert fits, f"the place {name!r} of {text!r} holds a {type(value).__name__}"


def with_fees(deal: Deal) -> Quote:
    """A quote on which another rule has put a fee of 3 % and of 7 %, part by part."""
    rates = ((LineKind.CLIENT_FEE, 300), (LineKind.FREELANCER_FEE, 700))
    fees = [
        Line(kind, "Fee, %(rate)s", Money(share_bps(p.work.amount, bps), deal.currency), n, rule="other.fee", bps=bps)
        for kind, bps in rates
        for n, p in enumerate(deal.parts)
    ]
    return a_quote(deal, *fees)


def _orders(lines: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    """Each line first once, forwards and backwards."""
    turned = [lines[n:] + lines[:n] for n in range(len(lines))]
    return turned + [order[::-1] for order in turned]


def _sentences(line: Line) -> list[tuple[str, Any, int | None]]:
    """Label, reason and notes, each with what fills it and its rate."""
    notes = [(note.text, note.params, note.bps) for note in line.notes]
    return [(line.label, line.params, line.bps), (line.why, line.params, line.bps), *notes]


def _sums(lines: Iterable[Line]) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for line in lines:
        key = (str(line.kind), line.part)
        found[key] = found.get(key, 0) + _minor(line)
    return found


def _minor(line: Line) -> int:
    """The amount in minor units; a bare number as it is, for another test to refuse."""
    amount: Any = line.amount
    return amount.amount if isinstance(amount, Money) else amount
