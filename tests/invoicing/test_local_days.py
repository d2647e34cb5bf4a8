"""Days are those where the marketplace is: after midnight there, today is today, and due is not yet late."""

from datetime import UTC, datetime, timedelta

import pytest

from marketwright.features.invoicing.standing import payments_of


def at(stage, moment):
    """Business time moved on to ``moment``."""
    stage.move(seconds=(moment - stage.house.clock.business()).total_seconds())


@pytest.fixture
def after_midnight(stage, bill):
    """Half past midnight in Paris, half past eleven of the day before in UTC; returns the day in Paris."""
    at(stage, datetime(2026, 12, 10, 23, 30, tzinfo=UTC))
    return datetime(2026, 12, 11, tzinfo=UTC).date()


def test_a_payment_of_today_is_written_down_after_midnight(stage, bill, browse, after_midnight):
    said = {"amount": "100.00", "paid_on": after_midnight.isoformat(), "key": "k"}
    freelancer = browse(stage.freelancer)
    assert f'value="{after_midnight}"' in freelancer.get(f"/bills/{bill.id}/payment").text
    assert freelancer.post(f"/bills/{bill.id}/payment", said).status_code == 303


def test_the_rest_that_is_agreed_after_midnight_was_paid_today(stage, bill, after_midnight):
    stage.take("confirm_paid", stage.freelancer)
    with stage.house.database.reading() as session:
        assert [row.paid_on for row in payments_of(session, bill.id)] == [after_midnight]


@pytest.mark.parametrize(("hours", "late"), [(0, False), (2, True)], ids=["on its day", "the day after"])
def test_no_page_calls_a_bill_late_on_the_day_on_which_it_is_due(stage, bill, browse, hours, late):
    at(stage, bill.due_at.replace(hour=22, minute=0) + timedelta(hours=hours))
    client = browse(stage.client)
    assert ("Overdue" in client.get(f"/bills/{bill.id}").text) is late
    assert ("1 day late" in client.get(f"/bills/{bill.id}/payment").text) is late
    assert ("1 day late" in client.get("/invoices?side=client").text) is late
