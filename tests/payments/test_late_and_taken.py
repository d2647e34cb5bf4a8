"""Money that comes too late and is taken again by the bank: nobody owes, and is owed, the same money (E7, E9)."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from marketwright.features.payments import service
from marketwright.features.payments.inbox import take_fact
from marketwright.features.payments.reconciling import reconcile
from marketwright.kernel.actors import system
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Outcome

K = CommandKind


@pytest.fixture
def refused(till):
    """A hold whose payment counts as refused here, and has come in at the provider all the same."""
    hold = till.open()
    funding = till.reserve(hold, K.FUND)
    till.run(funding)
    till.pay(funding)
    till.wire.instead = Answer(Outcome.FAILED, reason="The bank did not pay the direct debit.")
    till.run(funding)
    till.wire.instead = None
    return hold, funding


def owed(till):
    """What the client is to be given back, and what they owe."""
    return till.balance("refundable:client1"), till.balance("receivable:client1")


def of(till, kind):
    return [f for f in till.facts() if f.kind is kind]


@pytest.mark.parametrize("newest_first", [False, True])
def test_e9_a_debit_that_came_and_was_taken_back_unheard_leaves_no_debt(till, deeds, refused, newest_first):
    hold, funding = refused
    deeds.do("take_back", funding)
    lists = till.wire.sandbox.objects
    till.wire.sandbox.objects = lambda since, until: list(lists(since, until))[:: -1 if newest_first else 1]
    now = datetime.now(UTC)
    for _ in range(2):
        report = reconcile(till, "sandbox", now - timedelta(hours=1), now + timedelta(hours=1))
        till.drain()
        held = till.hold(hold)
        assert (held.state, held.frozen, owed(till)) == ("NONE", False, (0, 0))
    assert {odd.why for odd in report.odd} == set()
    assert till.effects("refund") == []
    assert till.findings() == []
    till.fund(hold)
    assert till.hold(hold).state == "FUNDED"


def test_what_is_known_to_be_taken_back_is_not_sent_back(till, deeds, hear, refused):
    _, funding = refused
    deeds.do("take_back", funding)
    hear(of(till, FactKind.FUNDING_FAILED))
    hear(of(till, FactKind.ANSWER))
    assert [c.kind for c in till.commands(refused[0])] == [K.FUND]
    assert owed(till) == (0, 0)


def test_good_money_of_another_payment_is_not_frozen_by_what_never_was_in_its_hold(till, deeds, hear, refused):
    hold, late = refused
    good = till.fund(hold)
    deeds.do("take_back", late)
    hear([f for f in till.facts() if f.key == late])
    till.drain()
    assert (till.hold(hold).frozen, owed(till)) == (False, (0, 0))
    till.do(hold, K.RELEASE)
    till.drain()
    assert till.hold(hold).paid_out.amount == 114_000
    assert (till.findings(), good != late) == ([], True)


def test_e7_what_was_sent_back_and_is_taken_back_as_well_is_owed_by_the_client(till, deeds, hear, refused):
    hold, funding = refused
    hear()
    till.drain()
    assert [a for _, _, a in till.effects("refund")] == [126_000]
    deeds.do("take_back", funding)
    hear()
    assert (till.hold(hold).frozen, owed(till)) == (False, (0, 126_000))
    assert till.findings() == []


def test_j3_a_refund_under_way_that_arrives_after_the_money_was_taken_back_ends_the_same(till, deeds, hear, refused):
    hold, funding = refused
    hear()
    back = next(c.id for c in till.commands(hold) if c.stray)
    till.wire.after = lambda verb, command, answer: Answer(Outcome.UNKNOWN)
    till.run(back)
    till.wire.after = lambda verb, command, answer: answer
    deeds.do("take_back", funding)
    hear(of(till, FactKind.FUNDING_FAILED))
    assert owed(till) == (0, 0)
    till.run(back)
    assert (till.command(back).state, owed(till)) == ("CONFIRMED", (0, 126_000))
    assert till.findings() == []


def test_a_refund_that_was_refused_leaves_what_the_bank_may_take(till, deeds, hear, refused):
    hold, funding = refused
    hear()
    till.wire.instead = Answer(Outcome.FAILED, reason="The card is gone.")
    till.drain()
    till.wire.instead = None
    assert owed(till) == (126_000, 0)
    deeds.do("take_back", funding)
    hear()
    assert (till.hold(hold).frozen, owed(till)) == (False, (0, 0))
    assert till.findings() == []


def test_g3_a_dispute_lost_before_late_money_went_back_is_borne_by_that_money(till, deeds, hear, refused):
    hold, funding = refused
    hear()
    deeds.do("lose", deeds.do("dispute", funding))
    hear()
    till.drain()
    assert (till.hold(hold).frozen, owed(till), till.balance("dispute_reserve")) == (False, (0, 0), 0)
    assert till.effects("refund") == []
    assert till.findings() == []


@pytest.mark.parametrize("opens", ["dispute", "inquiry"])
def test_e11_late_money_that_meets_an_open_dispute_goes_back_once_that_is_won(till, deeds, hear, refused, opens):
    hold, funding = refused
    hear()
    dispute = deeds.do(opens, funding)
    till.drain()
    back = next(c.id for c in till.commands(hold) if c.stray)
    assert (till.command(back).state, till.effects("refund")) == ("WAITING", [])
    hear()
    deeds.do("win", dispute)
    hear()
    till.drain()
    assert (till.command(back).state, owed(till)) == ("CONFIRMED", (0, 0))
    assert till.findings() == []


def test_e11_late_money_that_waited_for_a_dispute_and_was_lost_goes_back_no_more(till, deeds, hear, refused):
    hold, funding = refused
    hear()
    dispute = deeds.do("dispute", funding)
    till.drain()
    deeds.do("lose", dispute)
    hear()
    till.drain()
    back = next(c.id for c in till.commands(hold) if c.stray)
    assert (till.command(back).state, till.effects("refund"), owed(till)) == ("FAILED", [], (0, 0))
    assert till.findings() == []


@pytest.mark.parametrize("asked_before_it_is_heard", [False, True])
def test_g4_of_late_money_that_waited_for_a_dispute_lost_in_part_the_rest_goes_back(
    till, deeds, hear, refused, asked_before_it_is_heard
):
    hold, funding = refused
    hear()
    dispute = deeds.do("dispute", funding, amount=26_000)
    till.drain()
    hear()
    deeds.do("lose", dispute)
    if asked_before_it_is_heard:
        till.run(next(c.id for c in till.commands(hold) if c.stray))
    hear()
    till.drain()
    assert [a for _, _, a in till.effects("refund")] == [100_000]
    assert owed(till) == (0, 0)
    assert till.findings() == []


def test_late_money_whose_refund_was_refused_for_a_dispute_goes_back_once_that_is_won(till, deeds, hear, refused):
    _, funding = refused
    hear()
    dispute = deeds.do("dispute", funding)
    till.wire.instead = Answer(Outcome.FAILED, reason="This payment is disputed.")
    till.drain()
    till.wire.instead = None
    hear()
    deeds.do("win", dispute)
    for _ in range(2):
        hear()
        till.drain()
    assert [a for _, _, a in till.effects("refund")] == [126_000]
    assert owed(till) == (0, 0)
    assert till.findings() == []


def test_g4_of_late_money_that_a_dispute_took_in_part_the_rest_goes_back(till, deeds, hear, refused):
    _, funding = refused
    hear()
    deeds.do("lose", deeds.do("dispute", funding, amount=26_000))
    hear()
    till.drain()
    assert [a for _, _, a in till.effects("refund")] == [100_000]
    assert owed(till) == (0, 0)
    assert till.findings() == []


def test_j3_every_order_of_late_money_disputed_and_taken_back_ends_the_same(till):
    found = set()
    for order in permutations(range(3)):
        hold = till.open()
        funding = till.reserve(hold, K.FUND)
        till.run(funding)
        till.wire.instead = Answer(Outcome.FAILED, reason="The bank did not pay the direct debit.")
        till.run(funding)
        before = owed(till)
        came = Answer(Outcome.CONFIRMED, f"f-{hold}", amount=126_000)
        asked = Answer(Outcome.CONFIRMED, f"d-{hold}", amount=0)
        facts = [
            Fact(f"{hold}.came", funding, came), Fact(f"{hold}.back", funding, came, kind=FactKind.FUNDING_FAILED),
            Fact(f"{hold}.asked", funding, asked, kind=FactKind.DISPUTE_WON),
        ]  # fmt: skip
        entry = till.plugins.payment_providers["sandbox"]
        for fact in [*(facts[i] for i in order), *facts]:
            take_fact(till, entry, fact)
        till.drain()
        held = till.hold(hold)
        found.add((held.state, held.frozen, *(now - then for now, then in zip(owed(till), before, strict=True))))
    assert found == {("NONE", False, 0, 0)}


def test_e9_a_debit_taken_back_after_part_of_it_was_lost_still_freezes_what_is_held(till, deeds, hear):
    hold = till.open()
    funding = till.fund(hold)
    deeds.do("lose", deeds.do("dispute", funding, amount=63_000))
    hear()
    deeds.do("take_back", funding)
    hear()
    assert (till.hold(hold).state, till.hold(hold).frozen, owed(till)) == ("FUNDED", True, (0, 126_000))


def test_money_that_is_given_up_and_comes_and_goes_again_leaves_no_debt(till, deeds, hear):
    hold = till.open()
    funding = till.reserve(hold, K.FUND)
    till.run(funding)
    assert service.give_up(till, funding)
    till.pay(funding)
    deeds.do("take_back", funding)
    hear()
    till.drain()
    assert (till.hold(hold).state, till.hold(hold).frozen, owed(till)) == ("NONE", False, (0, 0))
    assert till.findings() == []


def test_a_hold_that_was_closed_is_not_frozen_by_money_that_came_and_went(till, deeds, hear, refused):
    hold, funding = refused
    with till.database.unit(system("tests")) as uow:
        service.close_hold(uow, hold=hold)
        uow.commit()
    deeds.do("take_back", funding)
    hear()
    till.drain()
    assert (till.hold(hold).state, till.hold(hold).frozen, owed(till)) == ("EXPIRED", False, (0, 0))
