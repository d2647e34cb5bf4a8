"""From when on money may be paid in: never so early that the provider could not hold it until the work is due (E12)."""

import html
import re
from datetime import timedelta

import pytest

from marketwright.features.contracts.timers import run_clock
from marketwright.features.payments import queries as payments
from marketwright.kernel.errors import Conflict
from marketwright.settings.marketplace import DealSettings

SANDBOX = pytest.mark.plugins("standard_contracts", "sandbox")
HELD = pytest.mark.settings(deal=DealSettings(provider="sandbox"))
BY_DAY = pytest.mark.settings(deal=DealSettings(provider="sandbox", processes=("time_and_materials",)))


def today(stage):
    return stage.house.clock.business().date()


def by_day(stage, *, periods=1, ahead=0, process="time_and_materials"):
    """Periods of 30 days, of which the first begins ``ahead`` days from now."""
    start = today(stage) + timedelta(days=ahead)
    lines = [
        {"title": f"Period {n + 1}", "detail": "", "amount": 1_000_000, "half_days": 40, "rate": 50_000,
         "due": (start + timedelta(days=30 * (n + 1) - 1)).isoformat()}
        for n in range(periods)
    ]  # fmt: skip
    stage.signed(*[1_000_000] * periods, process=process, lines=lines, start_on=start)
    return start


def until(stage, day):
    """Let time pass until noon of ``day``, and the clock act."""
    stage.move(days=(day - today(stage)).days)
    run_clock(stage.house.database)


def held_until(stage, n=0):
    with stage.house.database.reading() as session:
        return payments.hold(session, stage.milestones[n]).hold_until.date()


@SANDBOX
@HELD
def test_work_that_begins_today_is_paid_in_at_once(stage):
    stage.signed(100_000, start_on=today(stage), due=74 - 1).fund()
    assert stage.milestone().state == "work"


@SANDBOX
@HELD
def test_work_that_begins_late_is_paid_in_once_the_provider_can_hold_the_money_until_it_is_over(stage):
    first = today(stage)
    stage.signed(100_000, start_on=first + timedelta(days=70), due=110)
    with pytest.raises(Conflict, match="can be paid in from"):
        stage.fund()
    assert stage.milestone().deadline_at is None  # nobody is reminded of what cannot be done
    until(stage, first + timedelta(days=36))
    with pytest.raises(Conflict, match="can be paid in from"):
        stage.fund()
    until(stage, first + timedelta(days=37))
    assert stage.milestone().deadline_at is not None
    stage.fund()
    look, decide = 14, 2
    assert held_until(stage) - stage.milestone().due_on >= timedelta(days=look + decide)


@SANDBOX
@HELD
def test_the_day_is_enough_where_the_clock_has_not_come_round_yet(stage):
    stage.signed(100_000, start_on=today(stage) + timedelta(days=70), due=110)
    stage.move(days=37)
    stage.fund()
    assert stage.milestone().state == "work"


@SANDBOX
@HELD
def test_a_milestone_whose_predecessor_ends_early_waits_for_its_own_day(stage):
    first = today(stage)
    dues = [(first + timedelta(days=n)).isoformat() for n in (70, 140)]
    lines = [{"title": d, "detail": "", "amount": 100_000, "half_days": None, "rate": None, "due": d} for d in dues]
    stage.signed(100_000, 100_000, start_on=first, lines=lines)
    stage.take("cancel", stage.client, note="Not needed")
    with pytest.raises(Conflict, match="can be paid in from"):
        stage.fund(n=1)
    until(stage, first + timedelta(days=67))
    stage.fund(n=1)
    assert held_until(stage, 1) - stage.milestone(1).due_on >= timedelta(days=16)


@SANDBOX
@HELD
def test_work_without_a_date_is_paid_in_ten_days_before_it_begins(stage):
    start = today(stage) + timedelta(days=50)
    stage.signed(100_000, start_on=start, due=None)
    with pytest.raises(Conflict, match="can be paid in from"):
        stage.fund()
    until(stage, start - timedelta(days=10))
    stage.fund()


@SANDBOX
@BY_DAY
def test_the_first_period_too_is_paid_in_ten_days_before_it_begins(stage):
    start = by_day(stage, ahead=65)
    until(stage, start - timedelta(days=11))
    with pytest.raises(Conflict, match="can be paid in from"):
        stage.fund()
    until(stage, start - timedelta(days=10))
    stage.fund()
    assert held_until(stage) > stage.milestone().due_on


@SANDBOX
@BY_DAY
def test_periods_that_are_cancelled_bring_the_next_one_no_nearer(stage):
    start = by_day(stage, periods=3)
    for n in (0, 1):
        stage.take("cancel", stage.client, n=n, note="Not needed")
    with pytest.raises(Conflict, match="can be paid in from"):
        stage.fund(n=2)
    until(stage, start + timedelta(days=50))
    stage.fund(n=2)
    assert held_until(stage, 2) > stage.milestone(2).due_on


def test_where_nothing_is_held_the_first_period_begins_on_its_day(stage):
    start = by_day(stage, ahead=20, process="time_and_invoice")
    assert stage.milestone().deadline_at is None
    until(stage, start)
    assert stage.milestone().deadline_at is not None


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


@SANDBOX
@HELD
def test_the_page_says_from_when_on_it_can_be_paid_in_and_offers_it_only_then(stage, browse):
    first = today(stage)
    stage.signed(100_000, start_on=first + timedelta(days=70), due=110)
    page = f"/contracts/{stage.contract}"
    read = text(browse(stage.client).get(page))
    assert "It can be paid in from" in read
    assert "Pay in €" not in read
    assert browse(stage.client).get(f"{page}/milestones/{stage.milestones[0]}/fund").status_code == 409
    until(stage, first + timedelta(days=37))
    assert "Pay in €" in text(browse(stage.client).get(page))


def test_the_page_of_a_period_that_nobody_pays_in_says_when_it_begins(stage, browse):
    by_day(stage, ahead=20, process="time_and_invoice")
    assert "It begins on" in text(browse(stage.client).get(f"/contracts/{stage.contract}"))
