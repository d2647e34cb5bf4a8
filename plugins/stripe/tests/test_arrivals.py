"""Money by bank transfer: what came, for what, and what lies there."""

from datetime import timedelta

import pytest

from marketwright.plugin import CommandKind as K
from marketwright.plugin import FactKind, Outcome

pytest.importorskip("stripe", reason="the extra `stripe` is not installed")

from marketwright_stripe.tables import customer_of

CONFIRMED, WAITING = Outcome.CONFIRMED, Outcome.WAITING


@pytest.fixture
def by_transfer(world):
    """Somebody who pays by bank transfer: ``by_transfer(amount)`` sends it."""
    world.provider.settings = {**world.settings, "methods": ["bank_transfer"]}
    world.fund = world.paid(100_000, choice="transfer")
    world.customer = customer_of(world.desk, "client1", live=False)

    def send(amount):
        world.deed("money_came", customer=world.customer, amount=amount, currency="eur")
        world.clock.move(timedelta(minutes=1))

    return send


def arrivals(world):
    """What came and stayed, by the funding that it is for: core's own sum of the facts."""
    told, found = {f.id: f for f in world.heard()}, {}
    gone = {f.answer.reference for f in told.values() if f.kind is FactKind.ARRIVAL_LEFT}
    for f in told.values():
        if f.kind is FactKind.ARRIVED and f.answer.reference not in gone:
            found[f.key] = found.get(f.key, 0) + f.answer.amount
    assert told.keys() == told.keys() | {f.id for f in world.window()}
    return found


def lies(world):
    return world.provider.balance("EUR").amount


def test_a_transfer_pays_what_it_is_for(world, by_transfer):
    assert world.provider.lookup(world.fund).outcome is WAITING
    assert "/transfer/" in world.provider.lookup(world.fund).page
    by_transfer(100_000)
    assert world.provider.lookup(world.fund).outcome is CONFIRMED
    assert arrivals(world) == {world.fund.key: 100_000}
    assert lies(world) == 98_475


def test_a_transfer_in_two_parts_counts_once_both_are_there(world, by_transfer):
    by_transfer(30_000)
    assert (world.provider.lookup(world.fund).outcome, lies(world)) == (WAITING, 30_000)
    assert arrivals(world) == {world.fund.key: 30_000}
    by_transfer(70_000)
    assert world.provider.lookup(world.fund).outcome is CONFIRMED
    assert arrivals(world) == {world.fund.key: 100_000}


def test_too_much_lies_with_the_client_and_goes_back_when_asked(world, by_transfer):
    by_transfer(130_000)
    assert arrivals(world) == {world.fund.key: 100_000, "": 30_000}
    rest = next(f for f in world.heard() if f.kind is FactKind.ARRIVED and not f.key)
    assert (rest.payer, rest.currency, lies(world)) == ("client1", "EUR", 128_475)
    back = world.command(K.REFUND, 30_000, hold="", payer="", payee="", arrival=rest.answer.reference)
    assert world.provider.lookup(back).absent
    assert world.provider.execute(back) == world.provider.lookup(back)
    assert (world.provider.lookup(back).amount, lies(world)) == (30_000, 98_475)
    assert arrivals(world)[""] == 30_000  # what its own command gave back is no other fact


def test_what_lies_there_is_used_for_the_next_payment(world, by_transfer):
    by_transfer(160_000)
    following = world.paid(50_000, choice="transfer", hold="hold2")
    assert world.provider.lookup(following).outcome is CONFIRMED
    assert arrivals(world) == {world.fund.key: 100_000, following.key: 50_000, "": 10_000}


def test_what_was_told_of_and_used_within_the_same_moment_is_told_to_be_over(world, by_transfer):
    world.deed("money_came", customer=world.customer, amount=160_000, currency="eur")  # no minute passes after it
    first = {f.id for f in world.heard()}
    following = world.paid(50_000, choice="transfer", hold="hold2")
    assert first <= {f.id for f in world.heard()}
    assert arrivals(world) == {world.fund.key: 100_000, following.key: 50_000, "": 10_000}


def test_a_part_of_what_was_never_completed_goes_back(world, by_transfer):
    by_transfer(30_000)
    part = next(f for f in world.heard() if f.kind is FactKind.ARRIVED)
    answer = world.ask(K.REFUND, 30_000, hold="", payer="", arrival=part.answer.reference)
    assert (answer.outcome, lies(world)) == (CONFIRMED, 0)
    assert world.provider.lookup(world.fund).reason == "The payment was cancelled."
