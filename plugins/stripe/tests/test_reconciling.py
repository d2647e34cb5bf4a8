"""Windows and balances with many accounts, and disputes whose events Stripe has forgotten."""

import json
import time
from datetime import UTC, datetime, timedelta
from threading import Lock

import pytest

from marketwright.plugin import CommandKind as K
from marketwright.plugin import FactKind, Message

pytest.importorskip("stripe", reason="the extra `stripe` is not installed")

import stripe

from marketwright_stripe.abreast import MOST_ASKED
from marketwright_stripe.tables import remember_customer

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def many(world):
    """``many(count)``: so many freelancers with an account each, once."""

    def onboard(count):
        for number in range(count):
            world.visit(world.ask(K.ONBOARD, payee=f"freelancer{number}").page, "done")
        return world

    return onboard


def asked(world, question):
    """How many requests it takes."""
    before = len(world.log.rows("calls"))
    question()
    return len(world.log.rows("calls")) - before


@pytest.mark.parametrize("count", [5, 50])
def test_an_empty_minute_and_a_balance_take_one_question_for_each_account(many, count):
    world = many(count)
    now = world.clock.machine()
    assert asked(world, lambda: world.provider.objects(now, now + MINUTE)) <= count + 3
    assert asked(world, lambda: world.provider.balance("EUR")) <= count + 1


@pytest.fixture
def crowd(world, monkeypatch):
    """How many requests were under way at once, as each answer takes a while."""
    answer, lock, found = world.double.desk.answer, Lock(), {"now": 0, "most": 0}

    def slow(request):
        with lock:
            found["now"] += 1
            found["most"] = max(found.values())
        time.sleep(0.01)
        try:
            return answer(request)
        finally:
            with lock:
                found["now"] -= 1

    monkeypatch.setattr(world.double.desk, "answer", slow)
    return found


@pytest.mark.parametrize("methods", [["card"], ["bank_transfer"]])
@pytest.mark.parametrize("question", ["objects", "balance"])
def test_accounts_and_customers_are_asked_several_at_a_time(many, crowd, question, methods):
    world = many(12 if methods == ["card"] else 0)
    world.provider.settings = {**world.settings, "methods": methods}
    for number in range(12 if methods == ["bank_transfer"] else 0):
        made = world.provider._api.customers.create({"metadata": {"payer": f"client{number}"}})
        remember_customer(world.desk, f"client{number}", made.id, live=False)
    now = world.clock.machine()
    found = world.provider.balance("EUR").amount if question == "balance" else world.provider.objects(now, now + MINUTE)
    assert not found
    assert 1 < crowd["most"] <= MOST_ASKED


def paid_out(world, count):
    """The payouts of so many freelancers, in the order of their accounts."""
    fund = world.paid(100_000)
    world.deed("topup", amount=500_000, currency="eur")
    payouts = []
    for number in range(count):
        world.ask(K.RELEASE, 5_000, of=fund.key, payee=f"freelancer{number}", fee=0)
        payouts.append(world.command(K.PAYOUT, 4_000 + number, payee=f"freelancer{number}"))
        world.provider.execute(payouts[-1])
    return payouts


def test_what_many_accounts_paid_out_is_listed_whole_and_the_same_each_time(many, crowd):
    world = many(12)
    payouts = paid_out(world, 12)
    listed, again = ([(f.id, f.key, f.answer.amount) for f in world.window()] for _ in range(2))
    assert listed == again
    ours = {p.key: p.amount.amount for p in payouts}
    assert {key: amount for _, key, amount in listed if key in ours} == ours
    assert world.provider.balance("EUR").amount == 600_000 - 1_525 - sum(ours.values())


@pytest.mark.parametrize(("call", "question"), [
    ("GET /v1/balance_transactions", "objects"), ("GET /v1/balance", "balance"),
])  # fmt: skip
def test_an_account_that_gives_no_answer_is_not_passed_over(many, call, question):
    world = many(10)
    now = world.clock.machine()
    world.deed("faults", call=call, fault="500_before")
    with pytest.raises(stripe.APIError):
        world.provider.balance("EUR") if question == "balance" else world.provider.objects(now, now + MINUTE)


def test_a_payout_that_came_back_is_listed_after_it_left(world):
    world.onboarded()
    fund, payout = world.paid(), world.command(K.PAYOUT, 5_000)
    world.deed("topup", amount=500_000, currency="eur")
    world.ask(K.RELEASE, 5_000, of=fund.key, fee=0)
    world.provider.execute(payout)
    world.clock.move(MINUTE)
    world.deed("end_payout", payout=world.one("payout"), paid=False)
    assert [f.kind for f in world.window() if f.key == payout.key] == [FactKind.ANSWER, FactKind.PAYOUT_RETURNED]


def forgotten(world, days=31):
    """Move the clock on until Stripe lists no event any more; the window of the last hours, with its midnight."""
    world.clock.move(timedelta(days=days))
    assert not world.provider._api.events.list({"limit": 1}).data
    now = world.clock.machine()
    return world.provider.objects(now - DAY, now)


@pytest.mark.parametrize(("asks", "kind", "amount", "fee"), [
    (True, FactKind.DISPUTE_WON, 0, 0), (False, FactKind.DISPUTE_LOST, 100_000, 2_000),
])  # fmt: skip
def test_how_a_dispute_ended_is_found_when_no_event_tells_it_any_more(world, asks, kind, amount, fee):
    fund = world.paid()
    world.deed("open_dispute", charge=world.one("charge"), asks=asks)
    world.clock.move(timedelta(days=40))
    world.deed("close_dispute", dispute=world.one("dispute"), won=asks)
    told = world.provider.read(Message(json.dumps(world.log.all("event", None)[0]).encode()))
    found = forgotten(world)
    assert [(f.kind, f.key, f.answer.amount, f.answer.fee) for f in found] == [(kind, fund.key, amount, fee)]
    assert [f.id for f in found] == [f.id for f in told]


def test_one_that_is_still_open_is_found_as_well(world):
    fund = world.paid()
    world.deed("open_dispute", charge=world.one("charge"), asks=True)
    assert [(f.kind, f.key) for f in forgotten(world)] == [(FactKind.DISPUTE_OPENED, fund.key)]


def test_disputes_are_asked_for_where_a_window_holds_a_midnight_and_all_in_one_question(world):
    for _ in range(3):
        world.paid(hold="another")
        world.deed("open_dispute", charge=world.one("charge"), asks=True)
    world.clock.move(timedelta(days=31))
    midnight = datetime.combine(world.clock.machine().date(), datetime.min.time(), UTC)
    empty = asked(world, lambda: world.provider.objects(midnight + MINUTE, midnight + DAY))
    found = []
    assert asked(world, lambda: found.extend(world.provider.objects(midnight, midnight + MINUTE))) == empty + 1
    assert {f.at for f in found} == {midnight}
    assert len(found) == 3
    assert world.provider.objects(midnight - MINUTE, midnight) == []


def test_what_the_window_itself_tells_of_a_dispute_is_told_once(world):
    world.paid()
    world.deed("open_dispute", charge=world.one("charge"), asks=True)
    world.deed("close_dispute", dispute=world.one("dispute"), won=True)
    assert [f.kind for f in world.window() if f.kind is FactKind.DISPUTE_WON] == [FactKind.DISPUTE_WON]
