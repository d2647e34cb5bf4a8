"""A dispute takes a part of what is held: what is left is shared out, and nobody has the same money twice."""

import html
import re
from datetime import timedelta

import pytest

from marketwright.features.contracts.timers import run_clock
from marketwright.features.contracts.timesheets import Worked, note_days
from marketwright.features.payments import queries as payments
from marketwright.features.payments.reporting import report
from marketwright.features.payments.tables import PaymentCommand
from marketwright.kernel.actors import system
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.money import Money
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Outcome


def hold(stage):
    with stage.house.database.reading() as session:
        return payments.hold(session, stage.milestones[0])


def lose(stage, amount):
    """The client's bank takes ``amount`` of what was paid in, for good."""
    with stage.unit(system("provider")) as uow:
        answer = Answer(Outcome.CONFIRMED, reference="dp", amount=amount)
        report(uow, "", Fact("d", hold(stage).funding, answer, kind=FactKind.DISPUTE_LOST), way="message")
        uow.commit()


def ends(stage):
    """(paid, refunded, lost, held) in minor units."""
    found = hold(stage)
    return found.paid.amount, found.refunded.amount, found.dispute_lost.amount, found.held.amount


def handed_in(stage, days, *, of=20, rate=50_000):
    """A period of ``of`` days, paid in, of which ``days`` were handed in."""
    start = stage.house.clock.business().date()
    line = {"title": "May", "detail": "", "amount": of * rate, "half_days": of * 2, "rate": rate,
            "due": (start + timedelta(days=29)).isoformat()}  # fmt: skip
    stage.signed(of * rate, process="time_and_materials", lines=[line], start_on=start).fund()
    stage.move(days=days)
    with stage.unit(stage.freelancer) as uow:
        note_days(uow, milestone=stage.milestones[0], days={start + timedelta(days=n): Worked(2) for n in range(days)})
        uow.commit()
    stage.take("submit", stage.freelancer)
    return stage


def text(response):
    assert response.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def test_a_client_who_has_back_more_than_is_due_to_them_gets_nothing_again(stage):  # E7
    handed_in(stage, 15)
    lose(stage, 618_000)
    stage.answer(stage.take("approve", stage.client, reauthenticated=True).command)
    assert ends(stage) == (558_000, 0, 618_000, 0)  # due were 309 000 back; all that was left is the freelancer's


def test_of_what_is_due_to_the_client_their_bank_s_part_is_left_out(stage):
    handed_in(stage, 15)
    lose(stage, 103_000)
    stage.answer(stage.take("approve", stage.client, reauthenticated=True).command)
    assert ends(stage) == (15 * 50_000 * 120 // 100 - 15 * 50_000 * 7 * 12 // 1000, 206_000, 103_000, 0)


def test_silence_approves_after_a_loss_as_before_it(stage):
    handed_in(stage, 10)
    lose(stage, 618_000)
    stage.move(days=15)
    (command,) = run_clock(stage.house.database)
    stage.answer(command)
    assert ends(stage) == (558_000, 0, 618_000, 0)


def test_where_no_day_counts_all_that_is_left_goes_back(stage):
    handed_in(stage, 1)
    stage.take("ask_decision_submitted", stage.client, note="They never came.")
    lose(stage, 618_000)
    decided = stage.take("decide_undisputed", stage.actor("0perat0r", staff=["admin"]), note="No day was worked.")
    stage.answer(decided.command)
    assert ends(stage) == (0, 618_000, 618_000, 0)


def test_what_the_bank_took_counts_towards_an_offer_made_before(stage):
    stage.signed(100_000).fund()
    stage.take("offer_back_work", stage.freelancer, refund=30_000, note="Half a day less")
    lose(stage, 20_000)
    stage.answer(stage.take("accept_offer", stage.client).command)
    assert ends(stage)[1:] == (10_000, 20_000, 0)


def test_an_offer_made_afterwards_comes_on_top(stage):
    stage.signed(100_000).fund()
    lose(stage, 20_000)
    stage.take("offer_back_work", stage.freelancer, refund=30_000, note="Half a day less")
    stage.answer(stage.take("accept_offer", stage.client).command)
    assert ends(stage)[1:] == (30_000, 20_000, 0)


def test_no_more_is_offered_back_than_is_left(stage):
    stage.signed(100_000).fund()
    lose(stage, 103_600)
    with pytest.raises(InvalidInput, match="less than all that is held"):
        stage.take("offer_back_work", stage.freelancer, refund=20_000, note="More than there is")


def test_calling_off_in_time_gives_back_what_the_bank_left(stage):
    start = stage.house.clock.business().date() + timedelta(days=20)
    stage.signed(100_000, start_on=start).fund()
    lose(stage, 20_000)
    called = stage.take("call_off", stage.client, note="The site was sold.")
    with stage.house.database.reading() as session:
        assert session.get_one(PaymentCommand, called.command).kind == CommandKind.REFUND
    stage.answer(called.command)
    assert ends(stage) == (0, 103_600, 20_000, 0)


def test_the_page_of_a_step_says_what_is_left(stage, browse):
    handed_in(stage, 15)
    lose(stage, 618_000)
    page = text(browse(stage.client).get(f"/contracts/{stage.contract}/milestones/{stage.milestones[0]}/approve"))
    assert "€6,180.00 leaves the hold for the freelancer, who receives €5,580.00 after fees and tax." in page
    assert "goes back to the client" not in page


def test_the_page_of_an_offer_shares_out_what_is_left(stage, browse):
    stage.signed(100_000).fund()
    lose(stage, 23_600)
    url = f"/contracts/{stage.contract}/milestones/{stage.milestones[0]}/offer_back_work"
    page = text(browse(stage.freelancer).post(url, {"amount": "300", "note": "Half a day less"}))
    assert "All that is held €1,000.00" in page


def test_the_page_of_a_step_says_the_cents_that_are_booked(stage, browse):
    handed_in(stage, 2, of=8, rate=43_333)
    page = text(browse(stage.client).get(f"/contracts/{stage.contract}/milestones/{stage.milestones[0]}/approve"))
    stage.answer(stage.take("approve", stage.client).command)
    settled = hold(stage)
    assert settled.paid == Money(96_720, "EUR")
    assert "receives €967.20 after fees and tax" in page
