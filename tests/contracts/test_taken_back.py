"""A payment that the payer's bank takes back: the milestone is to be paid in again, and counts from that payment."""

from datetime import timedelta

import pytest

from marketwright.features.payments.reporting import report
from marketwright.features.payments.tables import Hold, PaymentCommand
from marketwright.kernel.actors import system
from marketwright.strategies.payments import Answer, Fact, FactKind, Outcome

PACKAGE = {"title": "A review", "detail": "", "amount": 100_000, "half_days": None, "rate": None, "due": None,
           "within": 7}  # fmt: skip


def take_back(stage):
    with stage.unit(system("provider")) as uow:
        command = uow.session.get_one(PaymentCommand, uow.session.get_one(Hold, stage.milestones[0]).funding)
        came = Answer(Outcome.CONFIRMED, reference="b", amount=command.amount)
        report(uow, command.provider, Fact("x", command.id, came, kind=FactKind.FUNDING_FAILED), way="message")
        uow.commit()


def today(stage):
    return stage.house.clock.business().date()


@pytest.fixture
def taken_back(stage):
    """A service of seven days, paid in, whose payment the bank took back on the twentieth."""
    stage.signed(100_000, process="package", lines=[PACKAGE])
    stage.fund()
    assert stage.milestone().due_on == today(stage) + timedelta(days=7)
    stage.move(days=20)
    take_back(stage)
    return stage


def test_a_service_whose_payment_was_taken_back_is_due_on_no_day(taken_back):
    assert (taken_back.milestone().state, taken_back.milestone().due_on) == ("to_fund", None)


def test_a_service_that_is_paid_in_again_is_due_its_days_after_that_payment(taken_back):
    taken_back.fund()
    assert taken_back.milestone().due_on == today(taken_back) + timedelta(days=7)


def test_a_date_that_was_agreed_stays_when_the_payment_is_taken_back(stage):
    stage.signed(100_000).fund()
    agreed = stage.milestone().due_on
    take_back(stage)
    assert (stage.milestone().state, stage.milestone().due_on) == ("to_fund", agreed)
