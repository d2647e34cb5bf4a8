"""Nobody is kept in a deal by a side that has vanished, nor in what has not begun."""

import html
import re
from datetime import timedelta

import pytest

from marketwright.features.contracts import early
from marketwright.features.contracts.timers import run_clock
from marketwright.features.contracts.timesheets import Worked, note_days
from marketwright.features.invoicing.queries import bills_of
from marketwright.kernel.errors import Conflict


@pytest.fixture
def half_year(stage):
    """Six periods of 30 days, invoiced after the work, of which the first has begun."""
    start = stage.house.clock.business().date()
    lines = [
        {"title": f"Period {n + 1}", "detail": "", "amount": 1_000_000, "half_days": 40, "rate": 50_000,
         "due": (start + timedelta(days=30 * (n + 1) - 1)).isoformat()}
        for n in range(6)
    ]  # fmt: skip
    return stage.signed(*[1_000_000] * 6, process="time_and_invoice", lines=lines, start_on=start)


@pytest.fixture
def changes(stage):
    """Work that is invoiced after its acceptance, whose changes were asked for."""
    stage.signed(100_000, process="invoice")
    stage.deliver()
    stage.take("ask_changes", stage.client, note="Chapter three is missing")
    return stage


def states(stage):
    return [stage.milestone(n).state for n in range(len(stage.milestones))]


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


@pytest.mark.parametrize("side", ["client", "freelancer"])
def test_either_side_ends_invoiced_days_early(half_year, side):
    with half_year.unit(getattr(half_year, side)) as uow:
        assert early.end_early(uow, contract=half_year.contract, note="The project stops") == 5
        uow.commit()
    assert states(half_year) == ["work", *["cancelled"] * 5]


def test_a_period_that_has_begun_is_not_cancelled(half_year):
    with pytest.raises(Conflict, match="has begun"):
        half_year.take("cancel", half_year.client, note="The project stops")
    half_year.take("cancel", half_year.client, n=1, note="The project stops")
    assert states(half_year)[:2] == ["work", "cancelled"]


def test_the_page_offers_to_cancel_a_period_until_it_begins(half_year, browse):
    page = browse(half_year.client)
    assert text(page.get(f"/contracts/{half_year.contract}")).count("Cancel the period") == 5
    half_year.move(days=30)
    run_clock(half_year.house.database)
    assert text(page.get(f"/contracts/{half_year.contract}")).count("Cancel the period") == 4


def test_a_client_cancels_once_the_time_for_changes_is_over(changes, browse):
    page, url = browse(changes.client), f"/contracts/{changes.contract}"
    with pytest.raises(Conflict, match="still has time"):
        changes.take("cancel_overdue", changes.client, note="Nobody answers")
    assert "the changes did not come" not in text(page.get(url))
    changes.move(days=14, minutes=1)
    assert "the changes did not come" in text(page.get(url))
    changes.take("cancel_overdue", changes.client, note="Nobody answers")
    assert (changes.milestone().state, changes.row().state) == ("cancelled", "ENDED")
    with changes.house.database.reading() as session:
        assert bills_of(session, changes.contract) == []


def test_the_marketplace_cancels_work_that_changes_are_asked_of(changes):
    staff = changes.actor("staff", staff=["admin"])
    changes.take("cancel_changes", staff, note="The freelancer cannot be reached")
    assert changes.milestone().state == "cancelled"


def test_changes_that_come_late_are_handed_over_all_the_same(changes):
    changes.move(days=20)
    changes.deliver(transition="deliver_again")
    assert changes.milestone().state == "delivered"


@pytest.fixture
def days(half_year):
    """The first day of the first period; two days of it are noted and handed in."""
    first = half_year.house.clock.business().date()
    half_year.move(days=2)
    with half_year.unit(half_year.freelancer) as uow:
        noted = {first: Worked(2), first + timedelta(days=1): Worked(2)}
        note_days(uow, milestone=half_year.milestones[0], days=noted)
        uow.commit()
    half_year.take("submit", half_year.freelancer)
    return [first, first + timedelta(days=1)]


def dispute(stage, days):
    stage.take("dispute", stage.client, note="Nobody was there", days=tuple(days))


def test_a_client_approves_the_other_days_once_nobody_answers_for_the_disputed_ones(half_year, days, browse):
    dispute(half_year, days[:1])
    page, url = browse(half_year.client), f"/contracts/{half_year.contract}"
    with pytest.raises(Conflict, match="still has time"):
        half_year.take("approve_undisputed", half_year.client)
    assert "Approve the days without dispute" not in text(page.get(url))
    half_year.move(days=14, minutes=1)
    assert "Approve the days without dispute" in text(page.get(url))
    half_year.take("approve_undisputed", half_year.client, reauthenticated=True)
    with half_year.house.database.reading() as session:
        (bill,) = bills_of(session, half_year.contract)
    assert (states(half_year)[0], bill.work.amount) == ("billed", 50_000)


def test_where_every_day_is_disputed_there_is_no_bill_and_the_marketplace_closes_the_period(half_year, days, browse):
    dispute(half_year, days)
    half_year.move(days=14, minutes=1)
    page = text(browse(half_year.client).get(f"/contracts/{half_year.contract}"))
    assert "Approve the days without dispute" not in page
    assert "Where none is left, ask us." in page
    with pytest.raises(Conflict, match="nothing to approve"):
        half_year.take("approve_undisputed", half_year.client, reauthenticated=True)
    half_year.take("skip_disputed", half_year.actor("staff", staff=["admin"]), note="The freelancer cannot be reached")
    assert states(half_year)[0] == "nothing"
