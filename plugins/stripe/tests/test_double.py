"""The double does what Stripe does, and refuses what Stripe refuses."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from marketwright_stripe.double import paying, protocol
from marketwright_stripe.double.refusals import Refused

sdk = pytest.importorskip("stripe", reason="the extra `stripe` is not installed")


def kinds(effects):
    return [e["kind"] for e in effects]


def test_a_card_pays_a_session(stripe, session, visit):
    made = session()
    assert visit(made.url, choice="pay") == (303, "http://site/paid")
    found = stripe.checkout.sessions.retrieve(made.id)
    assert (found.status, found.payment_status) == ("complete", "paid")


def test_a_declined_card_leaves_the_page_open(stripe, session, referee, visit):
    made = session()
    visit(made.url, choice="decline")
    assert stripe.checkout.sessions.retrieve(made.id).status == "open"
    assert referee("effects") == []


def test_the_bank_asks_and_a_yes_pays(stripe, session, visit):
    made = session()
    _, bank = visit(made.url, choice="confirm")
    assert visit(bank, choice="yes") == (303, "http://site/paid")
    assert stripe.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_the_bank_asks_and_a_no_pays_nothing(session, referee, visit):
    _, bank = visit(session().url, choice="confirm")
    visit(bank, choice="no")
    assert referee("effects") == []


def test_a_page_that_was_paid_is_not_paid_twice(session, referee, visit):
    made = session()
    visit(made.url, choice="pay")
    visit(made.url, choice="pay")
    assert kinds(referee("effects")) == ["charge"]


def test_a_page_on_which_two_press_at_the_same_moment_is_paid_once(session, referee, visit, monkeypatch):
    made, both = session(), threading.Barrier(2)
    look = paying.refreshed

    def looking_together(*given):
        with suppress(threading.BrokenBarrierError):
            both.wait(0.3)
        return look(*given)

    monkeypatch.setattr(paying, "refreshed", looking_together)
    with ThreadPoolExecutor(2) as two:
        list(two.map(lambda _n: visit(made.url, choice="pay"), range(2)))
    assert kinds(referee("effects")) == ["charge"]


def test_a_session_expires_by_the_doubles_clock(stripe, session, referee):
    made = session()
    referee("clock", advance=25 * 3600)
    assert stripe.checkout.sessions.retrieve(made.id).status == "expired"


def test_an_expired_session_cannot_be_paid(session, referee, visit):
    made = session()
    referee("clock", advance=25 * 3600)
    visit(made.url, choice="pay")
    assert referee("effects") == []


def test_a_debit_is_under_way_until_the_bank_settles_it(stripe, session, referee, visit):
    made = session(methods=("sepa_debit",))
    visit(made.url, choice="sepa")
    waits = stripe.checkout.sessions.retrieve(made.id)
    assert (waits.status, waits.payment_status) == ("complete", "unpaid")
    referee("settle_debit", payment_intent=waits.payment_intent)
    assert stripe.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_a_debit_may_come_back(stripe, session, referee, visit):
    made = session(methods=("sepa_debit",))
    visit(made.url, choice="sepa_fails")
    name = stripe.checkout.sessions.retrieve(made.id).payment_intent
    referee("settle_debit", payment_intent=name, paid=False)
    assert stripe.payment_intents.retrieve(name).status == "requires_payment_method"
    assert "checkout.session.async_payment_failed" in [e.type for e in stripe.events.list({"limit": 100}).data]


@pytest.fixture
def by_transfer(stripe, session, visit):
    customer = stripe.customers.create({"email": "finance@client.example"})
    made = session(customer=customer.id, methods=("customer_balance",))
    visit(made.url, choice="transfer")
    return customer.id, made.id


def test_a_bank_transfer_pays_when_the_money_comes(stripe, by_transfer, referee):
    customer, name = by_transfer
    assert stripe.checkout.sessions.retrieve(name).payment_status == "unpaid"
    referee("money_came", customer=customer, amount=120_000, currency="eur")
    assert stripe.checkout.sessions.retrieve(name).payment_status == "paid"


def test_a_bank_transfer_that_is_short_says_what_is_missing(stripe, by_transfer, referee):
    customer, name = by_transfer
    referee("money_came", customer=customer, amount=100_000, currency="eur")
    intent = stripe.payment_intents.retrieve(stripe.checkout.sessions.retrieve(name).payment_intent)
    assert intent.next_action["display_bank_transfer_instructions"]["amount_remaining"] == 20_000


def test_the_rest_of_a_short_bank_transfer_pays(stripe, by_transfer, referee):
    customer, name = by_transfer
    for amount in (100_000, 20_000):
        referee("money_came", customer=customer, amount=amount, currency="eur")
    assert stripe.checkout.sessions.retrieve(name).payment_status == "paid"


def test_what_is_too_much_stays_with_the_customer(stripe, by_transfer, referee):
    customer, _ = by_transfer
    referee("money_came", customer=customer, amount=130_000, currency="eur")
    assert stripe.customers.cash_balance.retrieve(customer).available["eur"] == 10_000


def test_a_transfer_can_be_played_as_stripe_has_it_played(by_transfer, stripe):
    customer, name = by_transfer
    stripe.test_helpers.customers.fund_cash_balance(customer, {"amount": 120_000, "currency": "eur"})
    assert stripe.checkout.sessions.retrieve(name).payment_status == "paid"
    kinds = [e.type for e in stripe.customers.cash_balance_transactions.list(customer).data]
    assert kinds == ["applied_to_payment", "funded"]


def test_a_customer_has_an_iban_of_their_own(stripe):
    made = [stripe.customers.create({}) for _ in range(2)]
    asked = {"bank_transfer": {"type": "eu_bank_transfer", "eu_bank_transfer": {"country": "FR"}}, "currency": "eur",
             "funding_type": "bank_transfer"}  # fmt: skip
    found = {stripe.customers.funding_instructions.create(c.id, asked).bank_transfer["financial_addresses"][0]["iban"]
             ["iban"] for c in made}  # fmt: skip
    assert len(found) == 2


def test_an_authorised_amount_is_captured_in_part(stripe, referee):
    made = stripe.payment_intents.create({"amount": 5_000, "currency": "eur", "capture_method": "manual",
                                          "payment_method": "pm_card_visa", "confirm": True})  # fmt: skip
    assert made.status == "requires_capture"
    stripe.payment_intents.capture(made.id, {"amount_to_capture": 3_000})
    assert [(e["kind"], e["amount"]) for e in referee("effects")] == [("charge", 3_000)]


def test_a_cancelled_authorisation_captures_nothing(stripe):
    made = stripe.payment_intents.create({"amount": 5_000, "currency": "eur", "capture_method": "manual",
                                          "payment_method": "pm_card_visa", "confirm": True})  # fmt: skip
    stripe.payment_intents.cancel(made.id)
    with pytest.raises(sdk.InvalidRequestError, match="status of canceled"):
        stripe.payment_intents.capture(made.id)


def test_a_declined_card_is_a_402_with_its_reason(stripe):
    with pytest.raises(sdk.CardError) as refused:
        stripe.payment_intents.create({"amount": 5_000, "currency": "eur", "payment_method": "pm_card_chargeDeclined",
                                       "confirm": True})  # fmt: skip
    assert refused.value.code == "card_declined"


def test_a_transfer_takes_from_its_charge(stripe, paid, freelancer):
    made = stripe.transfers.create({"amount": 100_000, "currency": "eur", "destination": freelancer,
                                    "source_transaction": paid.latest_charge})  # fmt: skip
    assert (made.transfer_group, made.source_transaction) == ("hold", paid.latest_charge)


def test_transfers_never_take_more_than_the_charge(stripe, paid, freelancer):
    asked = {"amount": 70_000, "currency": "eur", "destination": freelancer, "source_transaction": paid.latest_charge}
    stripe.transfers.create(asked)
    with pytest.raises(sdk.InvalidRequestError, match="more than what is left"):
        stripe.transfers.create(asked)


def test_a_transfer_without_a_charge_needs_an_available_balance(stripe, freelancer):
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.transfers.create({"amount": 1, "currency": "eur", "destination": freelancer})
    assert refused.value.code == "balance_insufficient"


def test_an_account_that_is_not_ready_takes_no_transfer(stripe, paid):
    account = stripe.accounts.create({"type": "express", "capabilities": {"transfers": {"requested": True}}})
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.transfers.create({"amount": 1, "currency": "eur", "destination": account.id,
                                 "source_transaction": paid.latest_charge})  # fmt: skip
    assert refused.value.code == "insufficient_capabilities_for_transfer"


def test_a_restricted_account_is_paid_nothing(stripe, paid, freelancer, referee):
    stripe.transfers.create({"amount": 50_000, "currency": "eur", "destination": freelancer,
                             "source_transaction": paid.latest_charge})  # fmt: skip
    referee("restrict", account=freelancer)
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.payouts.create({"amount": 50_000, "currency": "eur"}, {"stripe_account": freelancer})
    assert refused.value.code == "payouts_not_allowed"


def test_a_reversal_brings_a_transfer_back_in_part(stripe, paid, freelancer):
    made = stripe.transfers.create({"amount": 100_000, "currency": "eur", "destination": freelancer,
                                    "source_transaction": paid.latest_charge})  # fmt: skip
    stripe.transfers.reversals.create(made.id, {"amount": 40_000})
    assert stripe.transfers.retrieve(made.id).amount_reversed == 40_000


def test_a_reversal_never_exceeds_its_transfer(stripe, paid, freelancer):
    made = stripe.transfers.create({"amount": 100_000, "currency": "eur", "destination": freelancer,
                                    "source_transaction": paid.latest_charge})  # fmt: skip
    with pytest.raises(sdk.InvalidRequestError, match="unreversed"):
        stripe.transfers.reversals.create(made.id, {"amount": 100_001})


def test_a_reversal_needs_money_in_the_account(stripe, paid, freelancer):
    made = stripe.transfers.create({"amount": 100_000, "currency": "eur", "destination": freelancer,
                                    "source_transaction": paid.latest_charge})  # fmt: skip
    stripe.payouts.create({"amount": 100_000, "currency": "eur"}, {"stripe_account": freelancer})
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.transfers.reversals.create(made.id)
    assert refused.value.code == "balance_insufficient"


def test_refunds_never_exceed_the_charge(stripe, session, paid, visit):
    visit(session().url, choice="pay")  # so that the balance allows what the charge does not
    stripe.refunds.create({"payment_intent": paid.id, "amount": 70_000})
    with pytest.raises(sdk.InvalidRequestError, match="greater than unrefunded"):
        stripe.refunds.create({"payment_intent": paid.id, "amount": 70_000})


def test_a_charge_in_dispute_is_not_refunded(stripe, paid, referee):
    referee("open_dispute", charge=paid.latest_charge)
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.refunds.create({"payment_intent": paid.id, "amount": 1})
    assert refused.value.code == "charge_disputed"


def test_while_a_bank_only_asks_its_payment_can_be_given_back_and_all_of_it_answers(stripe, session, paid,
                                                                                           referee, visit):  # fmt: skip
    visit(session().url, choice="pay")  # so that the balance allows it
    asked = referee("open_dispute", charge=paid.latest_charge, asks=True)
    stripe.refunds.create({"payment_intent": paid.id, "amount": 20_000})
    part = stripe.disputes.retrieve(asked["id"])
    stripe.refunds.create({"payment_intent": paid.id})
    whole = stripe.disputes.retrieve(asked["id"])
    assert (part.is_charge_refundable, part.status, whole.status) == (True, "warning_needs_response", "warning_closed")


def balance(stripe):
    return sum(part.amount for part in stripe.balance.retrieve().available)


def test_a_lost_dispute_takes_the_amount_and_a_fee(stripe, paid, referee):
    before = balance(stripe)
    found = referee("open_dispute", charge=paid.latest_charge)
    referee("close_dispute", dispute=found["id"], won=False)
    assert balance(stripe) == before - 120_000 - 2_000


def test_a_won_dispute_brings_the_amount_back_and_keeps_the_fee(stripe, paid, referee):
    before = balance(stripe)
    found = referee("open_dispute", charge=paid.latest_charge)
    referee("close_dispute", dispute=found["id"], won=True)
    assert balance(stripe) == before - 2_000


def test_the_sum_of_balance_transactions_is_the_balance(stripe, paid, freelancer):
    stripe.transfers.create({"amount": 10_000, "currency": "eur", "destination": freelancer,
                             "source_transaction": paid.latest_charge})  # fmt: skip
    stripe.refunds.create({"payment_intent": paid.id, "amount": 20_000})
    assert sum(t.net for t in stripe.balance_transactions.list({"limit": 100}).data) == balance(stripe)


def test_money_that_has_not_settled_is_pending(stripe, session, referee, visit):
    referee("settles_after", value=86_400)
    visit(session().url, choice="pay")
    assert balance(stripe) == 0
    referee("clock", advance=86_401)
    assert balance(stripe) > 0


def test_a_payout_that_the_bank_sends_back_returns_to_the_balance(stripe, paid, freelancer, referee):
    stripe.transfers.create({"amount": 10_000, "currency": "eur", "destination": freelancer,
                             "source_transaction": paid.latest_charge})  # fmt: skip
    made = stripe.payouts.create({"amount": 10_000, "currency": "eur"}, {"stripe_account": freelancer})
    referee("end_payout", payout=made.id, paid=False)
    found = stripe.balance.retrieve(options={"stripe_account": freelancer})
    assert found.available[0].amount == 10_000


def test_a_drills_bank_disputes_a_payment_once_at_a_time(world):
    fund = world.onboarded().paid()
    asked = {"command": fund.key}
    protocol.deed(world.log, {"name": "dispute", **asked}, "")
    with pytest.raises(Refused, match="disputed already"):
        protocol.deed(world.log, {"name": "dispute", **asked}, "")
    protocol.deed(world.log, {"name": "win", **asked}, "")
    protocol.deed(world.log, {"name": "dispute", **asked}, "")
    assert [d["status"] for d in world.log.all("dispute")] == ["needs_response", "won"]
