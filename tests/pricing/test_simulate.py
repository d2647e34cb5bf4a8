"""Deals that were signed, priced again by other rules: what would have changed."""

from dataclasses import replace
from datetime import date

import pytest

from marketwright.features.pricing.service import price
from marketwright.features.pricing.simulate import Signed, quarter_before, simulate
from marketwright.kernel.money import Money
from marketwright.strategies.pricing import LineKind
from marketwright.testing.deals import deal, plugins, rule, share


def signed(reference, work, on, **more):
    asked = replace(deal(work, **more), on=on)
    return Signed(reference, f"/contracts/{reference}", on, price(plugins(share(1000)), asked))


DEALS = [signed("A", 1000_00, date(2026, 4, 2)), signed("B", 200_00, date(2026, 4, 30)),
         signed("C", 3000_00, date(2026, 6, 1))]  # fmt: skip


def test_the_same_rules_change_nothing():
    effect = simulate(plugins(share(1000)), DEALS)[0]
    assert effect.fees() == (Money(420_00, "EUR"), Money(420_00, "EUR"))
    assert effect.affected == ()


def test_another_rate_is_added_up_by_side_and_month_and_the_largest_difference_comes_first():
    effect = simulate(plugins(share(300, LineKind.CLIENT_FEE), share(500)), DEALS)[0]
    assert effect.fees() == (Money(420_00, "EUR"), Money(336_00, "EUR"))
    assert effect.fees("client") == (Money(0, "EUR"), Money(126_00, "EUR"))
    months = [(m.name, m.deals, m.after.amount) for m in effect.months()]
    assert months == [("2026-04", 2, 96_00), ("2026-06", 1, 240_00)]
    assert [a.deal.reference for a in effect.affected] == ["C", "A", "B"]


def test_a_deal_that_the_rules_would_refuse_is_counted_and_says_why():
    dear = rule(lambda q: share(2000 if q.deal.work.amount > 2000_00 else 1000).lines(q))
    effect = simulate(plugins(dear), DEALS)[0]
    assert [a.deal.reference for a in effect.out_of_bounds] == ["C"]
    assert "20.00 %" in effect.out_of_bounds[0].trouble
    assert effect.fees()[1] == Money(120_00, "EUR")


def test_rules_are_compared_by_name():
    effect = simulate(plugins(rule(share(800).lines, "newer")), DEALS)[0]
    assert [(r.name, r.deals, r.before.amount, r.after.amount) for r in effect.rules()] == [
        ("strange.newer", 3, 0, 336_00), ("strange.test", 3, 420_00, 0),
    ]  # fmt: skip


def test_a_deal_is_priced_as_it_stood_and_not_as_it_would_today():
    old = signed("D", 100_00, date(2026, 5, 1), first_contract=date(2025, 5, 1))
    by_age = rule(lambda q: share(600 if (q.deal.on - q.deal.first_contract).days == 365 else 900).lines(q))
    assert simulate(plugins(by_age), [old])[0].fees()[1] == Money(6_00, "EUR")


@pytest.mark.parametrize(
    ("day", "first", "after"),
    [(date(2026, 11, 28), date(2026, 7, 1), date(2026, 10, 1)), (date(2026, 1, 1), date(2025, 10, 1), date(2026, 1, 1)),
     (date(2026, 3, 31), date(2025, 10, 1), date(2026, 1, 1)), (date(2026, 4, 1), date(2026, 1, 1), date(2026, 4, 1))],
)  # fmt: skip
def test_the_last_quarter_is_the_last_whole_one(day, first, after):
    assert quarter_before(day) == (first, after)
