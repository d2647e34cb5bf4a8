"""Bills: numbered without a gap, kept as issued."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketwright.features.contracts.tables import Reminder
from marketwright.features.contracts.timers import run_clock
from marketwright.features.invoicing import queries


def bills(stage):
    with stage.house.database.reading() as session:
        return queries.bills_of(session, stage.contract)


def billed(stage, *works):
    stage.signed(*works, process="invoice")
    for n in range(len(works)):
        stage.deliver(n=n)
        stage.take("approve", stage.client, n=n)
    return bills(stage)


def test_a_series_counts_from_one_without_a_gap(stage):
    assert [b.number.rpartition("-")[2] for b in billed(stage, 100_000, 200_000, 300_000)] == ["0001", "0002", "0003"]


def test_a_bill_that_is_rolled_back_leaves_no_gap(stage):
    from marketwright.features.contracts.steps import Ask, take

    stage.signed(100_000, 200_000, process="invoice")
    for n in (0, 1):
        stage.deliver(n=n)
    with stage.unit(stage.client) as uow:
        take(uow, milestone=stage.milestones[0], transition="approve", ask=Ask())  # never committed
    stage.take("approve", stage.client, n=1)
    assert [b.number.rpartition("-")[2] for b in bills(stage)] == ["0001"]


def test_a_bill_is_due_thirty_days_after_it_was_issued(stage):
    (bill,) = billed(stage, 100_000)
    assert round((bill.due_at - bill.issued_at).total_seconds() / 86400) == 30


def test_what_has_not_arrived_is_due_on_the_day_of_its_bill_and_reminded_of_by_it(stage):
    (bill,) = billed(stage, 100_000)

    def pass_days(days):
        for _ in range(days):
            stage.move(days=1)
            run_clock(stage.house.database)

    pass_days(24)
    stage.take("mark_paid", stage.client)
    pass_days(1)
    stage.take("not_arrived", stage.freelancer, note="Nothing came in")
    assert stage.milestone().deadline_at == bill.due_at
    pass_days(50)
    with stage.house.database.reading() as session:
        rows = session.scalars(select(Reminder).where(Reminder.milestone_id == stage.milestones[0]))
        reminded = [r.days for r in rows if r.stay == bill.due_at.isoformat()]
    assert sorted(reminded) == [-30, -15, -7, 0, 7]


def test_a_payment_that_is_late_when_it_has_not_arrived_stays_late(stage):
    (bill,) = billed(stage, 100_000)
    stage.move(days=29)
    stage.take("mark_paid", stage.client)
    stage.move(days=13)
    stage.take("not_arrived", stage.freelancer, note="Nothing came in")
    assert stage.milestone().deadline_at == bill.due_at < stage.house.clock.business()


def test_a_bill_names_both_parties_as_they_were_when_signed(stage):
    (bill,) = billed(stage, 100_000)
    assert bill.parties["client"]["name"] == "Business of organisation"
    assert bill.total.amount == 120_000


@pytest.mark.parametrize("change", ["work = 1", "number = 9", "title = 'x'"])
def test_an_issued_bill_does_not_change(stage, change):
    billed(stage, 100_000)
    with pytest.raises(DBAPIError, match="does not change"), stage.unit() as uow:
        uow.session.execute(text(f"UPDATE bills SET {change}"))


def test_an_issued_bill_is_not_deleted(stage):
    billed(stage, 100_000)
    with pytest.raises(DBAPIError, match="stays"), stage.unit() as uow:
        uow.session.execute(text("DELETE FROM bills"))


def test_a_number_out_of_turn_is_refused_by_the_database(stage):
    billed(stage, 100_000)
    with pytest.raises(DBAPIError, match="no gap"), stage.unit() as uow:
        uow.session.execute(text(
            "INSERT INTO bills SELECT 'x', series, 7, contract_id, 'y', organisation_id, freelancer_id, title, "
            "reference, purchase_order, currency, work, work_tax, client_fee, client_fee_tax, freelancer_fee, "
            "freelancer_fee_tax, parties, issued_at, due_at, state, closed_at FROM bills"
        ))  # fmt: skip
