"""Debits: they count when the bank has settled them, and what it takes back stays with nobody (E9)."""

import pytest

from marketwright.plugin import FactKind, Outcome

pytest.importorskip("stripe", reason="the extra `stripe` is not installed")

from marketwright_stripe.double.money import book


@pytest.fixture
def debit(world):
    """Pay by debit, and settle it or not."""

    def pay(choice="sepa"):
        world.provider.settings = {**world.settings, "methods": ["sepa_debit"]}
        return world.paid(choice=choice)

    return pay


def settle(world, *, paid=True):
    world.deed("settle_debit", payment_intent=world.one("payment_intent"), paid=paid)


def book_early(world):
    """Have a debit that is under way on the balance already, as Stripe may when it asks the bank."""
    charge = world.log.all("charge", None)[0]
    booked = book(world.log, "payment", charge["id"], charge["amount"], "eur", fee=35)
    world.log.put({**charge, "balance_transaction": booked["id"], "amount_captured": charge["amount"]})


def test_one_that_counted_and_was_taken_back_unheard_is_a_no_and_both_are_in_the_window(world, debit):
    fund = debit()
    settle(world)
    world.deed("take_back", charge=world.one("charge"))
    assert world.provider.lookup(fund).outcome is Outcome.FAILED
    assert {(f.kind, f.answer.outcome, f.answer.amount) for f in world.window() if f.key == fund.key} == {
        (FactKind.FUNDING_FAILED, Outcome.CONFIRMED, 100_000), (FactKind.ANSWER, Outcome.CONFIRMED, 100_000),
    }  # fmt: skip


def test_one_that_is_booked_and_fails_before_it_has_settled_never_counts(world, debit):
    fund = debit("sepa_fails")
    book_early(world)
    assert world.provider.lookup(fund).outcome is Outcome.WAITING
    settle(world, paid=False)
    assert world.provider.lookup(fund).outcome is Outcome.FAILED


def test_one_that_is_booked_before_it_has_settled_is_in_no_window_and_no_balance(world, debit):
    debit()
    book_early(world)
    assert world.window() == []
    assert world.provider.balance("EUR").amount == 0
    assert world.provider.balance("USD").amount == 0


def test_one_that_has_settled_is_in_the_window_and_the_balance(world, debit):
    fund = debit()
    settle(world)
    assert [(f.key, f.answer.outcome) for f in world.window()] == [(fund.key, Outcome.CONFIRMED)]
    kept = world.window()[0].answer.fee
    assert world.provider.balance("EUR").amount == 100_000 - kept
