"""What the double and Stripe itself both do: with ``MARKETWRIGHT_STRIPE_TEST_KEY`` the same tests run against Stripe.

Only what the API can play is here: pages, banks and days are the double's alone.
"""

import os
from uuid import uuid4

import pytest

sdk = pytest.importorskip("stripe", reason="the extra `stripe` is not installed")
REAL = os.environ.get("MARKETWRIGHT_STRIPE_TEST_KEY", "")
CARD = {"amount": 5_000, "currency": "eur", "confirm": True, "allowed_payment_method_types": ["card"]}


@pytest.fixture(params=["double", "stripe"])
def api(request):
    """Stripe's services, of the double or of Stripe in test mode."""
    if request.param == "double":
        return request.getfixturevalue("stripe")
    if not REAL.startswith(("sk_test_", "rk_test_")):
        pytest.skip("MARKETWRIGHT_STRIPE_TEST_KEY holds no test key of Stripe")
    return sdk.StripeClient(REAL, max_network_retries=2).v1


@pytest.fixture
def group():
    return f"group-{uuid4().hex[:12]}"


@pytest.fixture
def paid(api, group):
    """The charge of a payment whose money is there at once."""
    made = api.payment_intents.create({
        **CARD, "payment_method": "pm_card_visa", "transfer_group": group, "metadata": {"command": "fund"},
    })  # fmt: skip
    return api.charges.retrieve(made.latest_charge)


def refused(call, *codes, status=400):
    with pytest.raises(sdk.StripeError) as error:
        call()
    assert error.value.http_status == status
    assert not codes or error.value.code in codes


def test_a_card_pays(paid, group):
    assert (paid.status, paid.paid, paid.amount_captured, paid.transfer_group) == ("succeeded", True, 5_000, group)
    assert paid.metadata["command"] == "fund"


def test_what_stripe_keeps_stands_in_the_balance_transaction(api, paid):
    booked = api.balance_transactions.list({"source": paid.id}).data[0]
    assert (booked.type, booked.amount, booked.net) == ("charge", 5_000, 5_000 - booked.fee)


def test_an_object_is_expanded_in_place_of_its_id(api, paid):
    found = api.charges.retrieve(paid.id, {"expand": ["balance_transaction"]})
    assert found.balance_transaction.object == "balance_transaction"


def test_a_declined_card_says_so(api):
    refused(lambda: api.payment_intents.create({**CARD, "payment_method": "pm_card_chargeDeclined"}), "card_declined",
            status=402)  # fmt: skip


def test_a_bank_that_asks_first(api):
    made = api.payment_intents.create({**CARD, "payment_method": "pm_card_threeDSecure2Required",
                                       "return_url": "https://site.example/back"})  # fmt: skip
    assert made.status == "requires_action"


def test_an_authorised_payment_is_captured_in_part(api):
    made = api.payment_intents.create({**CARD, "payment_method": "pm_card_visa", "capture_method": "manual"})
    assert made.status == "requires_capture"
    assert api.payment_intents.capture(made.id, {"amount_to_capture": 3_000}).amount_received == 3_000


def test_what_is_paid_is_not_cancelled(api, paid):
    refused(lambda: api.payment_intents.cancel(paid.payment_intent), "payment_intent_unexpected_state")


def test_a_charge_is_found_by_its_group(api, paid, group):
    assert [c.id for c in api.charges.list({"transfer_group": group}).data] == [paid.id]


def test_the_same_key_is_one_effect(api):
    asked, options = {**CARD, "payment_method": "pm_card_visa"}, {"idempotency_key": uuid4().hex}
    assert api.payment_intents.create(asked, options).id == api.payment_intents.create(asked, options).id


def test_the_same_key_for_something_else_is_refused(api):
    options = {"idempotency_key": uuid4().hex}
    api.customers.create({"name": "A"}, options)
    with pytest.raises(sdk.IdempotencyError):
        api.customers.create({"name": "B"}, options)


def test_no_more_goes_back_than_came_in(api, paid):
    refused(lambda: api.refunds.create({"charge": paid.id, "amount": 5_001}))


def test_an_unknown_parameter_is_refused(api):
    refused(lambda: api.customers.create({"nonsense": "1"}), "parameter_unknown")


def test_what_is_not_there_is_said_to_be_missing(api):
    refused(lambda: api.transfers.retrieve("tr_nothing"), "resource_missing", status=404)


def test_a_transfer_needs_an_account_that_is_there(api, paid, group):
    asked = {"amount": 1_000, "currency": "eur", "destination": "acct_nothing", "source_transaction": paid.id,
             "transfer_group": group}  # fmt: skip
    refused(lambda: api.transfers.create(asked), "resource_missing", "account_invalid")


def test_a_new_account_can_take_nothing_yet(api):
    made = api.accounts.create({
        "country": "FR", "capabilities": {"transfers": {"requested": True}},
        "controller": {"fees": {"payer": "application"}, "losses": {"payments": "application"},
                       "requirement_collection": "stripe", "stripe_dashboard": {"type": "express"}},
        "settings": {"payouts": {"schedule": {"interval": "manual"}}},
    })  # fmt: skip
    assert (made.payouts_enabled, made.capabilities["transfers"]) == (False, "inactive")
    assert made.requirements.currently_due
    asked = {"account": made.id, "type": "account_onboarding", "return_url": "https://site.example/back",
             "refresh_url": "https://site.example/again"}  # fmt: skip
    assert api.account_links.create(asked).url.startswith("http")


def test_a_page_is_open_until_it_expires(api, group):
    made = api.checkout.sessions.create({
        "mode": "payment", "success_url": "https://site.example/paid", "allowed_payment_method_types": ["card"],
        "line_items": [{"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 5_000,
                                                      "product_data": {"name": "A milestone"}}}],
        "payment_intent_data": {"transfer_group": group}, "metadata": {"command": "fund"},
    })  # fmt: skip
    assert (made.status, made.payment_status, made.url.startswith("http")) == ("open", "unpaid", True)
    assert api.checkout.sessions.expire(made.id).status == "expired"


def test_a_transfer_to_a_customers_iban_lies_on_their_cash_balance(api):
    customer = api.customers.create({"email": "a@client.example"}).id
    api.test_helpers.customers.fund_cash_balance(customer, {"amount": 1_000, "currency": "eur"})
    assert api.customers.cash_balance.retrieve(customer).available["eur"] == 1_000
    assert [e.type for e in api.customers.cash_balance_transactions.list(customer).data] == ["funded"]
