"""In a marketplace: lines of a statement that may not have come in, or not yet."""

from datetime import timedelta

import pytest

from marketwright.plugin import Money
from marketwright_bank_transfer import keeping

from .test_a_marketplace import bills, csv, took, upload

pytestmark = pytest.mark.either_engine


def test_what_is_ahead_is_counted_from_the_day_where_the_marketplace_is(stage, desk, freelancer):
    now = stage.house.clock.business()
    late = now.replace(hour=23, minute=30) if now.hour < 23 else now.replace(hour=23, minute=30) + timedelta(days=1)
    stage.move(seconds=(late - now).total_seconds())  # in Paris the next day has begun
    first, _second = bills(desk)
    day = stage.house.clock.business().date() + timedelta(days=2)
    took(freelancer, f"Date;Libellé;Montant\n{day};{first.payment_reference};500,00\n")
    assert bills(desk)[0].received == Money(50_000, "EUR")


def test_a_line_that_may_have_gone_out_waits_for_a_word(desk, freelancer):
    first, _second = bills(desk)
    data = csv(("500,00", f"PRELEVEMENT SEPA {first.payment_reference}"))
    shown = freelancer.get(upload(freelancer, data).location).text
    assert "may mean that this money went out" in shown
    assert "Nothing of the statement was new." in took(freelancer, data)
    assert bills(desk)[0].received == Money(0, "EUR")


def test_who_says_that_it_came_in_has_it_recorded(desk, freelancer):
    first, _second = bills(desk)
    page = upload(freelancer, csv(("500,00", f"PRELEVEMENT SEPA {first.payment_reference}"))).location
    mark = freelancer.get(page).text.partition('name="line-')[2].partition('"')[0]
    freelancer.post(page, {f"line-{mark}": keeping.AUTO})
    assert bills(desk)[0].received == Money(50_000, "EUR")


def test_a_line_that_may_have_gone_out_takes_no_invoice_from_one_that_came_in(desk, freelancer):
    first, _second = bills(desk)
    took(freelancer, csv(("1200,00", f"VIREMENT EMIS {first.payment_reference}"), ("1200,00", first.payment_reference)))
    assert [b.state for b in bills(desk)].count("paid") == 1
