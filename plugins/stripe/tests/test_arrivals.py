"""Money by bank transfer: what came, for what, and what lies there."""

from datetime import timedelta

import pytest

from marketwright.plugin import CommandKind as K
from marketwright.plugin import FactKind, Outcome

pytest.importorskip("stripe", reason="the extra `stripe` is not installed")

from marketwright_stripe.arrivals import UNNAMED, Sent, steps
from marketwright_stripe.outcomes import NOT_ENOUGH
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


def returned(world, amount, arrival):
    """The command that gives ``arrival`` back."""
    return world.command(K.REFUND, amount, hold="", payer="", payee="", arrival=arrival)


def sound(world, back=0):
    """What is over was told of before, and all that came and stays is what Stripe has, less its fees; ``back`` went."""
    told = {f.id: f for f in world.heard()}.values()
    came = {f.answer.reference for f in told if f.kind is FactKind.ARRIVED}
    assert {f.answer.reference for f in told if f.kind is FactKind.ARRIVAL_LEFT} <= came
    fees = sum(world.provider.lookup(c).fee for c in world.fundings)
    return sum(arrivals(world).values()) - back == lies(world) + fees


def test_a_part_that_a_cancelled_payment_had_used_counts_once_when_another_uses_it(world, by_transfer):
    by_transfer(30_000)
    by_transfer(20_000)
    parts = {f.answer.amount: f.answer.reference for f in world.heard() if f.kind is FactKind.ARRIVED}
    assert world.provider.execute(returned(world, 30_000, parts[30_000])).outcome is CONFIRMED
    assert arrivals(world) == {world.fund.key: 50_000}
    following = world.paid(20_000, choice="transfer", hold="hold2")
    world.fundings = [following]
    assert world.provider.lookup(following).outcome is CONFIRMED
    assert arrivals(world) == {world.fund.key: 30_000, following.key: 20_000}  # the 30,000 is what went back
    assert sound(world, back=30_000)


def test_a_part_set_free_is_used_in_part_by_the_next_payment(world, by_transfer):
    by_transfer(30_000)
    by_transfer(20_000)
    parts = {f.answer.amount: f.answer.reference for f in world.heard() if f.kind is FactKind.ARRIVED}
    assert world.provider.execute(returned(world, 20_000, parts[20_000])).outcome is CONFIRMED
    following = world.paid(10_000, choice="transfer", hold="hold2")
    world.fundings = [following]
    assert world.provider.lookup(following).outcome is CONFIRMED
    assert arrivals(world) == {world.fund.key: 20_000, following.key: 10_000, "": 20_000}
    assert sound(world, back=20_000)


def test_of_two_that_lie_there_the_one_that_went_back_is_not_told_to_be_over(world, by_transfer):
    by_transfer(100_000)
    by_transfer(30_000)
    by_transfer(20_000)
    parts = {f.answer.amount: f.answer.reference for f in world.heard() if f.kind is FactKind.ARRIVED}
    assert world.provider.execute(returned(world, 20_000, parts[20_000])).outcome is CONFIRMED
    following = world.paid(10_000, choice="transfer", hold="hold2")
    world.fundings = [world.fund, following]
    over = {f.answer.reference for f in world.heard() if f.kind is FactKind.ARRIVAL_LEFT}
    assert over == {parts[30_000]}
    assert sound(world, back=20_000)


def test_giving_a_part_back_ends_where_its_payment_is_complete_by_then(world, by_transfer):
    by_transfer(30_000)
    part = next(f for f in world.heard() if f.kind is FactKind.ARRIVED)
    back = returned(world, 30_000, part.answer.reference)
    by_transfer(70_000)
    assert world.provider.lookup(world.fund).outcome is CONFIRMED
    answer = world.provider.execute(back)
    assert (answer.outcome, answer.absent, answer.reason) == (Outcome.FAILED, False, NOT_ENOUGH)
    assert world.effects("refund") == []
    assert lies(world) == 98_475


def test_giving_back_what_a_later_payment_has_used_ends_and_takes_nothing_else_instead(world, by_transfer):
    by_transfer(130_000)
    rest = next(f for f in world.heard() if f.kind is FactKind.ARRIVED and not f.key)
    back = returned(world, 30_000, rest.answer.reference)
    following = world.paid(30_000, choice="transfer", hold="hold2")
    assert world.provider.execute(back).outcome is Outcome.FAILED
    by_transfer(50_000)
    assert world.provider.execute(returned(world, 30_000, rest.answer.reference)).outcome is Outcome.FAILED
    assert arrivals(world) == {world.fund.key: 100_000, following.key: 30_000, "": 50_000}
    assert world.effects("refund") == []


def entry(name, amount, kind, at):
    return {"id": name, "net_amount": amount, "type": kind, "created": at, "currency": "eur"}


@pytest.mark.parametrize(("arrival", "over"), [(UNNAMED, []), ("cus:a:300", []), ("cus:b:200", ["cus:a:300"])])
def test_a_refund_of_ours_is_told_by_its_command_and_whatever_else_went_with_it_is_over(arrival, over):
    history = [entry("a", 300, "funded", 1_000), entry("c", -300, "return_initiated", 2_000)]
    told = steps("cus", history, [Sent(300, 2_001, arrival)])
    assert [s.reference for s in told if s.left] == over


def test_refunds_of_like_arrivals_soon_after_one_another_are_each_told_by_their_command():
    came = [entry(name, 300, "funded", 1_000) for name in "abcd"]
    gone = [entry(f"r{n}", -300, "return_initiated", 2_000 + n) for n in range(4)]
    sent = [Sent(300, 2_000 + n, f"cus:{name}:300") for n, name in enumerate("abcd")]
    assert [s.reference for s in steps("cus", [*came, *gone], reversed(sent)) if s.left] == []
