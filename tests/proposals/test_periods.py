"""Work by the day in a proposal: cut into months or weeks, and what a course refuses of an offer."""

from datetime import date
from decimal import Decimal

import pytest

from marketwright.features.proposals.fitting import held_too_long, misfits
from marketwright.features.proposals.offers import Offer, OfferLine, days_line, from_json, to_json
from marketwright.features.proposals.periods import parts, spread, wrong_with
from marketwright.features.proposals.ports import CourseChoice
from marketwright.testing.agreed import quote_over

START, END = date(2026, 5, 18), date(2026, 7, 10)


def named(line, first, _last):
    return f"{line.title} {first:%m}"


def test_days_go_to_the_months_by_their_working_days_and_none_is_lost():
    offer = spread(Offer((days_line("Work", Decimal("20.5"), 50_001, END),), start_on=START), "month", named)
    assert [(ln.title, ln.days, ln.due) for ln in offer.lines] == [
        ("Work 05", 5, date(2026, 5, 31)), ("Work 06", Decimal("11.5"), date(2026, 6, 30)), ("Work 07", 4, END),
    ]  # fmt: skip
    assert sum(ln.half_days for ln in offer.lines) == 41


def test_weeks_end_on_sundays_and_both_ends_are_cut():
    found = parts(date(2026, 5, 20), date(2026, 6, 2), "week")
    assert found == [(date(2026, 5, 20), date(2026, 5, 24)), (date(2026, 5, 25), date(2026, 5, 31)),
                     (date(2026, 6, 1), date(2026, 6, 2))]  # fmt: skip


def test_what_is_cut_already_is_not_cut_again():
    once = spread(Offer((days_line("Work", 20, 50_000, END),), start_on=START), "month", named)
    assert spread(once, "month", named) == once


def test_an_offer_by_the_day_says_what_it_lacks_by_field():
    offer = Offer((OfferLine("Work", 100_000), days_line("More", 9, 100, START), days_line("Less", 1, 100, START)))
    assert set(wrong_with(offer)) == {"start_on", "lines-0-days", "lines-0-due", "lines-2-due"}
    assert set(wrong_with(Offer((days_line("More", 3, 100, START),), start_on=START))) == {"lines-0-days"}


def test_half_days_survive_being_stored_and_whole_days_of_before_are_read():
    line = days_line("Work", Decimal("2.5"), 50_001)
    assert (line.amount, from_json(to_json(Offer((line,))))) == (125_003, (line,))
    assert from_json([{"title": "Old", "amount": 100, "days": 2, "rate": 50, "due": None}])[0].days == 2


def test_each_line_is_held_from_when_the_one_before_it_was_due():
    lines = [OfferLine("a", 1, due=date(2026, 6, 30)), OfferLine("b", 1, due=date(2026, 8, 31)), OfferLine("c", 1)]
    assert held_too_long(lines, date(2026, 6, 1), 60) == {1: 62}
    assert held_too_long(lines, date(2026, 6, 1), 0) == {}


@pytest.mark.parametrize(("works", "course", "fields"), [
    ((100_000,), {}, set()),
    ((40,), {"least": 50}, {"lines-0-amount"}),
    ((100_000, 100_000_000), {"most": 99_999_999}, {"lines-1-amount"}),
    ((100_000,), {"most_days": 3}, {"lines-0-days"}),
])  # fmt: skip
def test_a_course_refuses_what_its_provider_cannot_take(works, course, fields):
    offer = Offer(tuple(OfferLine("x", work, days=4) for work in works))
    choice = CourseChoice("c", "", "", holds=True, **course)
    assert set(misfits(offer, quote_over(*works), choice, START)) == fields
