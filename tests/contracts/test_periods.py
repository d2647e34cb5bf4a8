"""Work by the day: periods that are paid in ahead, timesheets, disputed days, and what late or silence does."""

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketwright.features.contracts import timesheets
from marketwright.features.contracts.log import verify_log
from marketwright.features.contracts.sheets import days_of
from marketwright.features.contracts.timers import run_clock
from marketwright.features.contracts.timesheets import Worked
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.notifications.tables import Mail
from marketwright.features.payments import queries as payments
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.money import Money


def begin(stage, *, periods=2, days=20, rate=50_000):
    """A contract by the day that began today, signed: ``periods`` of 30 days."""
    start = stage.house.clock.business().date()
    lines = [
        {"title": f"Period {n + 1}", "detail": "", "amount": days * rate, "half_days": days * 2, "rate": rate,
         "due": (start + timedelta(days=30 * (n + 1) - 1)).isoformat()}
        for n in range(periods)
    ]  # fmt: skip
    stage.signed(*[days * rate] * periods, process="time_and_materials", lines=lines, start_on=start)
    return start


def note(stage, days, n=0, by=None):
    with stage.unit(by or stage.freelancer) as uow:
        timesheets.note_days(uow, milestone=stage.milestones[n], days=days)
        uow.commit()


def hold(stage, n=0):
    with stage.house.database.reading() as session:
        return payments.hold(session, stage.milestones[n])


def sheet(stage, n=0):
    with stage.house.database.reading() as session:
        return days_of(session, [stage.milestones[n]])[stage.milestones[n]]


def worked(start, *half_days):
    return {start + timedelta(days=n): Worked(h, f"Day {n + 1}") for n, h in enumerate(half_days)}


@pytest.fixture
def month(stage):
    """A period of 20 days at 500.00, paid in, whose third day has come."""
    stage.start = begin(stage)
    stage.fund()
    stage.move(days=3)
    return stage


def test_approved_days_are_released_and_the_rest_goes_back(month):
    note(month, worked(month.start, 2, 1, 2))
    month.take("submit", month.freelancer)
    month.answer(month.take("approve", month.client, reauthenticated=True).command)
    settled = hold(month)
    assert month.milestone().state == "approved"
    assert settled.paid == Money(5 * 25_000 * 120 // 100 - 5 * 25_000 * 7 * 12 // 1000, "EUR")
    assert settled.refunded == Money(35 * 25_000 * 120 // 100 + 35 * 25_000 * 3 * 12 // 1000, "EUR")
    with month.house.database.reading() as session:
        assert verify_log(session) == []
        (line,) = session.scalar(select(InvoiceDue.facts).where(InvoiceDue.kind == "sale"))["items"]
    assert (line["half_days"], line["net"]) == (5, 5 * 25_000)


def test_a_period_with_every_day_worked_is_released_whole(stage):
    start = begin(stage, days=2)
    stage.fund()
    stage.move(days=3)
    note(stage, worked(start, 2, 2))
    stage.take("submit", stage.freelancer)
    stage.answer(stage.take("approve", stage.client, reauthenticated=True).command)
    assert (stage.milestone().state, hold(stage).refunded) == ("approved", Money(0, "EUR"))


def test_a_timesheet_without_a_day_is_not_handed_in(month):
    with pytest.raises(InvalidInput, match="No day is noted"):
        month.take("submit", month.freelancer)


@pytest.mark.parametrize(("day", "half_days", "text"), [
    (-1, 2, "outside the period"), (9, 2, "has not come"), (0, 3, "half one or a whole"),
])  # fmt: skip
def test_a_day_that_cannot_be_is_refused_by_its_date(month, day, half_days, text):
    with pytest.raises(InvalidInput) as refused:
        note(month, {month.start + timedelta(days=day): Worked(half_days)})
    ((name, _messages),) = refused.value.errors.items()
    assert name == f"day-{month.start + timedelta(days=day)}"
    assert text in str(refused.value)


def test_no_more_days_than_were_agreed(stage):
    start = begin(stage, days=2)
    stage.fund()
    stage.move(days=3)
    with pytest.raises(InvalidInput, match="more than the 2 days agreed"):
        note(stage, worked(start, 2, 2, 1))
    assert sheet(stage) == []


def test_only_the_freelancer_writes_and_only_until_it_is_handed_in(month):
    with pytest.raises(NotFound):
        note(month, worked(month.start, 2), by=month.client)
    note(month, worked(month.start, 2))
    month.take("submit", month.freelancer)
    with pytest.raises(Conflict):
        note(month, worked(month.start, 2, 2))


def test_a_disputed_day_is_corrected_and_approved(month):
    note(month, worked(month.start, 2, 2))
    month.take("submit", month.freelancer)
    month.take("dispute", month.client, note="You were not there", days=(month.start,))
    assert [d.disputed for d in sheet(month)] == [True, False]
    note(month, worked(month.start, 1, 2))
    month.take("submit_again", month.freelancer)
    assert [d.disputed for d in sheet(month)] == [False, False]
    month.answer(month.take("approve", month.client, reauthenticated=True).command)
    assert month.milestone().state == "approved"


def test_where_nobody_answers_a_dispute_the_other_days_are_released(month):
    note(month, worked(month.start, 2, 2))
    month.take("submit", month.freelancer)
    month.take("dispute", month.client, note="You were not there", days=(month.start,))
    month.move(days=15)
    (command,) = run_clock(month.house.database)
    month.answer(command)
    assert month.milestone().state == "approved"
    assert hold(month).paid.amount == 2 * 25_000 * 120 // 100 - 2 * 25_000 * 7 * 12 // 1000


def test_a_dispute_names_days_of_the_sheet_and_says_why(month):
    note(month, worked(month.start, 2))
    month.take("submit", month.freelancer)
    with pytest.raises(InvalidInput, match="mark the days"):
        month.take("dispute", month.client, note="All wrong")
    with pytest.raises(InvalidInput, match="mark the days"):
        month.take("dispute", month.client, note="All wrong", days=(date(2020, 1, 1),))
    with pytest.raises(InvalidInput, match="say why"):
        month.take("dispute", month.client, days=(month.start,))


def test_silence_approves_the_days(month):
    note(month, worked(month.start, 2, 2))
    month.take("submit", month.freelancer)
    month.move(days=14, hours=1)
    (command,) = run_clock(month.house.database)
    month.answer(command)
    assert month.milestone().state == "approved"


def test_a_late_timesheet_is_named_so_and_lapses_in_the_end(month):
    month.move(days=33)
    run_clock(month.house.database)
    assert month.milestone().state == "late"
    note(month, worked(month.start, 2))  # still possible, and not handed in
    month.move(days=22)
    (command,) = run_clock(month.house.database)
    month.answer(command)
    assert (month.milestone().state, hold(month).paid) == ("refunded", Money(0, "EUR"))


def test_the_next_period_is_paid_in_ahead_while_this_one_runs(month):
    with pytest.raises(Conflict, match="can be paid in from"):
        month.take("fund", month.client, n=1)
    month.move(days=18)
    run_clock(month.house.database)
    assert month.milestone(1).deadline_at is not None
    month.fund(n=1)
    assert (month.milestone(0).state, month.milestone(1).state) == ("work", "work")


def test_paid_in_work_is_called_off_before_it_begins_at_the_price_of_the_rules(month):
    month.move(days=18)
    run_clock(month.house.database)
    month.fund(n=1)
    month.answer(month.take("call_off", month.client, n=1, note="The budget is gone").command)
    assert (month.milestone(1).state, hold(month, 1).paid) == ("called_off", Money(0, "EUR"))  # nine days before


def test_called_off_late_a_part_is_the_freelancers(month):
    month.move(days=24)
    run_clock(month.house.database)
    month.fund(n=1)
    month.answer(month.take("call_off", month.client, n=1, note="The budget is gone").command)
    assert hold(month, 1).paid.amount == 200_000 * 120 // 100 - 200_000 * 7 * 12 // 1000  # 20 % of 10,000.00


def test_work_that_has_begun_is_not_called_off(month):
    with pytest.raises(Conflict, match="has begun"):
        month.take("call_off", month.client, note="The budget is gone")


def text(response, status=200):
    assert response.status_code == status, response.get_data(as_text=True)[:800]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def test_a_month_on_the_pages_of_both_sides(month, browse):
    freelancer, client = browse(month.freelancer), browse(month.client)
    url = f"/contracts/{month.contract}/milestones/{month.milestones[0]}"
    assert "Timesheet: 0 of 20 days at most" in text(freelancer.get(f"/contracts/{month.contract}"))
    first, second = month.start, month.start + timedelta(days=1)
    days = {f"day-{first}": "2", f"note-{first}": "Kick-off", f"day-{second}": "1"}
    assert "No day is noted" in text(client.get(f"{url}/timesheet"))
    assert freelancer.post(f"{url}/timesheet", days).status_code == 303
    assert "1.5" in text(freelancer.get(f"{url}/timesheet"))
    assert freelancer.post(f"{url}/timesheet", days | {"hand_in": "1", "note": "As agreed"}).status_code == 303
    read = text(client.get(f"{url}/timesheet"))
    assert "Kick-off" in read
    assert "€750.00" in read
    assert "Which days do you dispute?" in text(client.get(f"{url}/dispute"))
    assert "mark the days" in text(client.post(f"{url}/dispute", {"note": "No"}), 422)
    assert client.post(f"{url}/dispute", {"note": "Not there", "days": str(second)}).status_code == 303
    assert "Disputed" in text(freelancer.get(f"{url}/timesheet"))
    assert "goes back to the client" in text(client.get(f"{url}/approve_after_all"))
    assert client.post(f"{url}/timesheet", days).status_code == 403


def test_who_waits_for_whom_is_told_by_letter(month, app):
    note(month, worked(month.start, 2, 2))
    month.take("submit", month.freelancer)
    month.take("dispute", month.client, note="You were not there", days=(month.start,))
    with app.app_context():
        month.house.worker.drain()
    with month.house.database.reading() as session:
        letters = {(m.address, m.subject) for m in session.scalars(select(Mail))}
    assert ("helene@example.org", "The timesheet of “Period 1” was handed in") in letters
    assert ("tomasz@example.org", "Days of “Period 1” are disputed") in letters


def run_out(stage):
    stage.move(days=90)
    (command,) = run_clock(stage.house.database)
    stage.answer(command)
    return hold(stage)


@pytest.fixture
def handed(month):
    """Two days of the month were handed in."""
    note(month, worked(month.start, 2, 2))
    month.take("submit", month.freelancer)
    return month


def test_days_that_the_client_contests_all_go_back_at_the_end_of_the_hold(handed):  # E12
    handed.take("ask_decision_submitted", handed.client, note="None of these days was worked.")
    settled = run_out(handed)
    assert (settled.paid.amount, settled.refunded) == (0, settled.funded)


def test_days_that_nobody_contests_are_released_at_the_end_of_the_hold(handed):
    handed.take("ask_decision_submitted", handed.freelancer, note="They do not answer.")
    assert run_out(handed).paid == Money(4 * 25_000 * 120 // 100 - 4 * 25_000 * 7 * 12 // 1000, "EUR")


@pytest.mark.parametrize("side", ["client", "freelancer"])
def test_of_days_disputed_singly_the_others_are_released_at_the_end_of_the_hold(handed, side):
    handed.take("dispute", handed.client, note="You were not there", days=(handed.start,))
    handed.take("ask_decision_disputed", getattr(handed, side), note="We do not agree.")
    assert run_out(handed).paid == Money(2 * 25_000 * 120 // 100 - 2 * 25_000 * 7 * 12 // 1000, "EUR")


def test_a_client_who_contests_a_corrected_timesheet_contests_all_of_it(handed):
    handed.take("dispute", handed.client, note="You were not there", days=(handed.start,))
    handed.take("submit_again", handed.freelancer, note="I was.")
    handed.take("ask_decision_submitted", handed.client, note="None of it is true.")
    assert run_out(handed).paid.amount == 0
