"""The end of a hold, a trial that goes on, ending early, an offer to give a part back."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketwright.features.contracts import early
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.longer import go_on
from marketwright.features.contracts.service import withdraw
from marketwright.features.contracts.tables import Amendment, Contract
from marketwright.features.contracts.timers import run_clock
from marketwright.features.contracts.timesheets import Worked, note_days
from marketwright.features.invoicing.queries import bills_of
from marketwright.features.payments import queries as payments
from marketwright.features.proposals.offers import Offer, OfferLine
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import DealSettings
from marketwright.store.tables import EventRow
from marketwright.testing.agreed import quote_over

ALL = pytest.mark.settings(deal=DealSettings(
    processes=("milestones", "trial", "time_and_materials"), provider="sandbox"))  # fmt: skip
PRICED = pytest.mark.plugins("standard_contracts", "commission", "sandbox")


def text(response, status=200):
    assert response.status_code == status, response.get_data(as_text=True)[:800]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def hold(stage, n=0):
    with stage.house.database.reading() as session:
        return payments.hold(session, stage.milestones[n])


def warned(stage):
    with stage.house.database.reading() as session:
        rows = session.scalars(select(EventRow).where(EventRow.name == "hold.ending").order_by(EventRow.at))
        return [r.payload["days"] for r in rows]


def test_both_are_warned_and_then_the_clock_decides(stage):  # E12: the provider holds for 90 days
    stage.signed(100_000, due=None).fund()
    for days in (59, 1, 1, 14, 8):
        stage.move(days=days)
        run_clock(stage.house.database)
    assert warned(stage) == [30, 15, 7]
    assert stage.milestone().pending == ""
    stage.move(days=5)
    (command,) = run_clock(stage.house.database)
    stage.answer(command)
    assert (stage.milestone().state, hold(stage).refunded) == ("refunded", hold(stage).funded)


def test_a_year_late_it_is_one_warning_and_one_decision(stage):  # C7
    stage.signed(100_000, due=None).fund()
    stage.move(days=400)
    (command,) = run_clock(stage.house.database)
    assert run_clock(stage.house.database) == []
    stage.answer(command)
    assert stage.milestone().state == "refunded"


@pytest.mark.plugins("standard_contracts", "sandbox")
@pytest.mark.settings(deal=DealSettings(provider="sandbox"))
def test_nobody_signs_for_what_would_be_held_too_long(stage):  # E12
    stage.agree(100_000, 100_000, due=200)
    with pytest.raises(InvalidInput, match=r"Milestone 1: This takes 201 days"):
        stage.send()
    assert stage.row().state == "DRAFT"


def test_a_part_that_is_offered_back_and_accepted_goes_back(stage):
    stage.signed(100_000).fund()
    stage.take("offer_back_work", stage.freelancer, refund=30_000, note="Half a day less")
    stage.answer(stage.take("accept_offer", stage.client).command)
    assert (stage.milestone().state, hold(stage).refunded) == ("agreed", Money(30_000, "EUR"))
    assert stage.row().end_reason == "completed"


def test_a_contract_called_off_at_no_cost_is_cancelled(stage):
    start = stage.house.clock.business().date() + timedelta(days=20)
    stage.signed(100_000, start_on=start).fund()
    stage.answer(stage.take("call_off", stage.client, note="The site was sold.").command)
    assert (stage.milestone().state, stage.row().end_reason) == ("called_off", "cancelled")


def test_a_contract_called_off_late_is_completed_as_something_was_paid(stage):
    start = stage.house.clock.business().date() + timedelta(days=3)
    stage.signed(100_000, start_on=start).fund()
    stage.answer(stage.take("call_off", stage.client, note="The site was sold.").command)
    assert (hold(stage).paid.amount > 0, stage.row().end_reason) == (True, "completed")


def test_an_offer_that_nobody_answers_lapses(stage):
    stage.signed(100_000).fund()
    stage.take("offer_back_work", stage.freelancer, refund=30_000, note="Half a day less")
    stage.move(days=11)
    assert run_clock(stage.house.database) == []
    assert (stage.milestone().state, hold(stage).refunded.amount) == ("changes", 0)


def test_no_more_is_offered_back_than_is_held(stage):
    stage.signed(100_000).fund()
    with pytest.raises(InvalidInput, match="less than all that is held"):
        stage.take("offer_back_work", stage.freelancer, refund=10**9, note="All of it and more")


def test_ending_early_cancels_what_has_not_begun(stage, browse):
    stage.signed(100_000, 100_000, 100_000).fund()
    page = browse(stage.client)
    url = f"/contracts/{stage.contract}/end"
    assert text(page.get(url)).count("Cancelled: nobody owes anything") == 2
    assert "fill this in" in text(page.post(url, {"note": ""}), 422)
    assert page.post(url, {"note": "The site closes"}).status_code == 303
    assert [stage.milestone(n).state for n in range(3)] == ["work", "cancelled", "cancelled"]
    assert "Everything has begun" in text(page.get(url), 409)
    stage.take("give_back", stage.freelancer, note="As agreed")
    assert stage.row().state == "ACTIVE"


def test_strangers_and_staff_end_nothing_early(stage):
    stage.signed(100_000, 100_000).fund()
    with stage.unit(stage.actor("operator", staff=["admin"])) as uow, pytest.raises(Exception, match="no such"):
        early.end_early(uow, contract=stage.contract, note="Why not")


@PRICED
@ALL
def test_a_trial_goes_on_in_a_longer_contract_with_one_click(stage, browse):
    stage.signed(150_000, process="trial").fund()
    freelancer = browse(stage.freelancer)
    assert "Go on in a longer contract" in text(freelancer.get(f"/contracts/{stage.contract}"))
    page = freelancer.get(f"/contracts/{stage.contract}/extend")
    fields = dict(re.findall(r'<input[^>]*? name="([a-z_0-9-]+)"[^>]*? value="([^"]*)"', page.get_data(as_text=True)))
    assert fields["lines-0-rate"] == "500"  # three days of trial at 1,500.00
    done = freelancer.post(f"/contracts/{stage.contract}/extend", fields | {"process": "time_and_materials"})
    assert done.status_code == 303, text(done, 422)
    with stage.house.database.reading() as session:
        longer = session.scalar(select(Contract).where(Contract.id != stage.contract))
        assert (longer.process, longer.state, longer.work) == ("time_and_materials", "DRAFT", 60 * 50_000)
        assert longer.freelancer_id == stage.freelancer


@PRICED
@ALL
def test_whoever_clicks_again_is_led_to_the_longer_contract_that_is_drawn_up_already(stage, browse):
    stage.signed(150_000, process="trial").fund()
    sides = browse(stage.freelancer), browse(stage.client)
    url = f"/contracts/{stage.contract}/extend"
    page = sides[0].get(url).get_data(as_text=True)
    fields = dict(re.findall(r'<input[^>]*? name="([a-z_0-9-]+)"[^>]*? value="([^"]*)"', page))
    fields.pop("csrf_token")
    for side in (*sides, *sides):
        assert side.post(url, fields | {"process": "time_and_materials"}).status_code == 303
    with stage.house.database.reading() as session:
        (made,) = session.scalars(select(Contract.id).where(Contract.id != stage.contract))
    assert sides[1].get(url).location.endswith(f"/contracts/{made}")


@PRICED
@ALL
def test_of_two_who_go_on_at_the_same_moment_both_get_one_contract(stage):
    stage.signed(150_000, process="trial").fund()
    offer, quote = Offer((OfferLine("On", 400_000, due=date(2030, 1, 1)),)), quote_over(400_000)
    made = set()
    for side, who in (("freelancer", stage.freelancer), ("client", stage.client)):
        with stage.unit(who) as uow:
            made.add(go_on(uow, contract=stage.contract, offer=offer, quote=quote, process="milestones", by_side=side))
            uow.commit()
    assert len(made) == 1


@PRICED
@ALL
def test_after_a_longer_contract_was_withdrawn_another_can_be_drawn_up(stage):
    stage.signed(150_000, process="trial").fund()
    offer, quote = Offer((OfferLine("On", 400_000, due=date(2030, 1, 1)),)), quote_over(400_000)
    made = set()
    for _ in range(2):
        with stage.unit(stage.client) as uow:
            new = go_on(uow, contract=stage.contract, offer=offer, quote=quote, process="milestones", by_side="client")
            withdraw(uow, contract=new)
            uow.commit()
        made.add(new)
    assert len(made) == 2


@PRICED
@ALL
def test_only_what_was_foreseen_goes_on(stage, browse):
    stage.signed(150_000)
    assert browse(stage.client).get(f"/contracts/{stage.contract}/extend").status_code == 409


def test_an_early_end_needs_a_contract_under_way(stage):
    stage.agree(100_000)
    with stage.unit(stage.client) as uow, pytest.raises(Conflict):
        early.end_early(uow, contract=stage.contract, note="No")



@PRICED
@ALL
def test_work_by_the_day_is_extended_by_another_period(stage, browse):
    start = stage.house.clock.business().date()
    end = start + timedelta(days=29)
    line = {"title": "May", "detail": "", "amount": 500_000, "half_days": 20, "rate": 50_000, "due": end.isoformat()}
    stage.signed(500_000, process="time_and_materials", lines=[line], start_on=start)
    page, url = browse(stage.freelancer), f"/contracts/{stage.contract}/amend"
    until = str(end + timedelta(days=30))
    more = {"reason": "It goes well", "lines-0-title": "June", "lines-0-due": until, "send": "1"}
    assert "days and a price a day" in text(page.post(url, more), 422)
    done = page.post(url, more | {"lines-0-days": "7.5", "lines-0-rate": "500"})
    assert done.status_code == 303, text(done, 422)
    with stage.house.database.reading() as session:
        (amended,) = session.scalars(select(Amendment))
        assert (amended.lines[0]["half_days"], amended.lines[0]["amount"]) == (15, 375_000)


@PRICED
@ALL
@pytest.mark.parametrize(("days", "answer"), [("7", 303), ("7.5", 422), ("50", 422)])
def test_a_trial_with_its_extensions_takes_its_days_at_most(stage, browse, days, answer):
    stage.signed(150_000, process="trial").fund()  # of three days
    until = str(stage.house.clock.business().date() + timedelta(days=60))
    more = {"reason": "More of it", "lines-0-title": "More", "lines-0-days": days, "lines-0-amount": "1000",
            "lines-0-due": until, "send": "1"}  # fmt: skip
    said = browse(stage.freelancer).post(f"/contracts/{stage.contract}/amend", more)
    assert said.status_code == answer
    assert ("10 days of work at most" in said.get_data(as_text=True)) == (answer == 422)


@PRICED
@ALL
def test_the_days_of_what_was_cancelled_can_be_agreed_again(stage, browse):
    stage.signed(150_000, 150_000, process="trial")
    stage.take("cancel", stage.client, note="Not this part")
    more = {"reason": "Another part", "lines-0-title": "Another", "lines-0-days": "7", "lines-0-amount": "1000",
            "lines-0-due": str(stage.house.clock.business().date() + timedelta(days=60)), "send": "1"}  # fmt: skip
    assert browse(stage.freelancer).post(f"/contracts/{stage.contract}/amend", more).status_code == 303


class Narrow(Horizon):
    """A provider that takes payments of 10,000.00 at most."""

    def choice(self, process, provider=""):
        return replace(super().choice(process, provider), most=1_000_000)


@PRICED
@ALL
def test_an_extension_stays_within_what_the_provider_takes_in_one_payment(stage, browse):
    stage.signed(150_000)
    stage.house.ports.fill(Horizon, Narrow(stage.house.marketplace, stage.house.plugins))
    more = {"reason": "More of it", "lines-0-title": "More", "lines-0-amount": "20000",
            "lines-0-due": str(stage.house.clock.business().date() + timedelta(days=40)), "send": "1"}  # fmt: skip
    page = browse(stage.client)
    assert "no payment over" in text(page.post(f"/contracts/{stage.contract}/amend", more), 422)
    assert page.post(f"/contracts/{stage.contract}/amend", more | {"lines-0-amount": "2000"}).status_code == 303


BY_INVOICE = pytest.mark.settings(deal=DealSettings(processes=("time_and_invoice",)))


@BY_INVOICE
def test_days_are_invoiced_where_nothing_is_held(stage):
    start = stage.house.clock.business().date()
    line = {"title": "May", "detail": "", "amount": 500_000, "half_days": 20, "rate": 50_000,
            "due": (start + timedelta(days=29)).isoformat()}  # fmt: skip
    stage.signed(500_000, process="time_and_invoice", lines=[line], start_on=start)
    stage.move(days=2)
    with stage.unit(stage.freelancer) as uow:
        note_days(uow, milestone=stage.milestones[0], days={start: Worked(2), start + timedelta(days=1): Worked(1)})
        uow.commit()
    stage.take("submit", stage.freelancer)
    stage.take("approve", stage.client, reauthenticated=True)
    with stage.house.database.reading() as session:
        (bill,) = bills_of(session, stage.contract)
    assert (stage.milestone().state, bill.work) == ("billed", Money(75_000, "EUR"))
