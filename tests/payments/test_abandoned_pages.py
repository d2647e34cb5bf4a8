"""A payment page that nobody uses, and money that comes when nobody waits for it any more (A16, D4)."""

from datetime import timedelta

import pytest

from marketwright.features.payments import service
from marketwright.features.payments.jobs import sweep
from marketwright.features.payments.tables import CommandState
from marketwright.kernel.actors import system
from marketwright.store.database import move_clock
from marketwright.strategies.payments import Answer, CommandKind, Outcome
from marketwright.strategies.processes import HoldState

FUND, RELEASE = CommandKind.FUND, CommandKind.RELEASE


@pytest.fixture
def waiting(till):
    """A hold whose payer is on the provider's page."""
    hold = till.open()
    command = till.reserve(hold, FUND)
    till.run(command)
    return hold, command


def tomorrow(till):
    with till.database.unit(system("tests")) as uow:
        move_clock(uow, timedelta(hours=25))
        uow.commit()
    till.database.clock.forget()


def test_a_page_is_waited_for_until_its_time_is_up(till, waiting):
    hold, command = waiting
    till.run(command)
    assert till.hold(hold).state is HoldState.FUNDING


def test_a16_an_abandoned_page_ends_and_the_milestone_can_be_paid_again(till, waiting):
    hold, command = waiting
    tomorrow(till)
    till.run(command)
    assert till.hold(hold).state is HoldState.NONE
    assert till.command(command).given_up
    assert till.course.heard == [(hold, "fund", "failed", "Nobody paid on the payment page in time.")]
    till.fund(hold)
    assert till.hold(hold).state is HoldState.FUNDED
    assert till.findings() == []


def test_e5_a_page_that_was_given_up_is_not_called_a_failure(till, waiting):
    _, command = waiting
    tomorrow(till)
    till.run(command)
    assert till.command(command).state is CommandState.PAGE


def test_the_sweep_wakes_a_page_whose_time_is_up(till, waiting):
    hold, _ = waiting
    tomorrow(till)
    with till.database.unit(system("tests")) as uow:
        assert sweep(uow) == 1
        uow.commit()
    till.worker.drain()
    assert till.hold(hold).state is HoldState.NONE


def test_money_paid_in_the_last_moment_counts(till, waiting):
    hold, command = waiting
    till.pay(command)
    tomorrow(till)
    till.run(command)
    assert till.hold(hold).state is HoldState.FUNDED


def test_a16_money_that_comes_after_the_end_goes_back_by_itself(till, waiting):
    hold, command = waiting
    tomorrow(till)
    till.run(command)
    till.pay(command)
    till.run(command)
    assert till.balance("refundable:client1") == 126_000
    till.drain()
    assert [(e, a) for e, _, a in till.effects()] == [("charge", 126_000), ("refund", 126_000)]
    assert till.balance("refundable:client1") == till.balance("psp_clearing") == 0
    assert till.hold(hold).state is HoldState.NONE
    assert till.findings() == []


def test_d4_of_two_payments_for_one_milestone_the_second_goes_back(till, waiting):
    hold, first = waiting
    tomorrow(till)
    till.run(first)
    till.fund(hold)
    till.pay(first)
    till.run(first)
    till.drain()
    assert till.hold(hold).held.amount == 126_000
    assert till.balance("psp_clearing") == 126_000
    assert [a for _, _, a in till.effects("refund")] == [126_000]
    assert till.findings() == []


def test_d4_while_one_payment_is_under_way_there_is_no_second(till, waiting):
    from marketwright.kernel.errors import Conflict

    with pytest.raises(Conflict):
        till.reserve(waiting[0], FUND)


def test_a_payer_may_leave_the_page_for_good(till, waiting):
    hold, command = waiting
    assert service.give_up(till, command)
    assert till.hold(hold).state is HoldState.NONE


def test_a_payer_who_paid_after_all_cannot_give_it_up(till, waiting):
    hold, command = waiting
    till.pay(command)
    assert not service.give_up(till, command)
    assert till.hold(hold).state is HoldState.FUNDED


def test_money_after_a_refusal_goes_back_as_well(till, waiting):
    hold, command = waiting
    till.pay(command, "decline")
    till.run(command)
    from marketwright.features.payments.applying import apply
    from marketwright.strategies.payments import Answer, Fact

    with till.database.unit(system("tests")) as uow:
        assert apply(uow, Fact("f1", command, Answer(Outcome.CONFIRMED, amount=126_000)), way="message")
        uow.commit()
    assert till.balance("refundable:client1") == 126_000
    assert till.hold(hold).state is HoldState.NONE


@pytest.fixture
def transfer(till):
    """A hold whose payer has chosen to pay by a transfer from their bank."""
    hold = till.open()
    command = till.reserve(hold, FUND)
    till.wire.instead = Answer(Outcome.WAITING, "r", page="https://pay.example.org/how")
    till.run(command)
    return hold, command


def test_a_transfer_is_waited_for_longer_than_a_page(till, transfer):
    hold, command = transfer
    tomorrow(till)
    till.run(command)
    assert (till.hold(hold).state, till.command(command).page) == (HoldState.FUNDING, "https://pay.example.org/how")


def test_c8_a_transfer_that_never_comes_frees_the_milestone_in_the_end(till, transfer):
    hold, command = transfer
    for _ in range(15):
        tomorrow(till)
    till.run(command)
    assert till.hold(hold).state is HoldState.NONE


def test_whoever_waits_for_their_own_transfer_may_pay_in_another_way(till, transfer):
    hold, command = transfer
    assert service.give_up(till, command)
    till.wire.instead = None
    till.fund(hold)
    assert till.hold(hold).state is HoldState.FUNDED
