"""Where localstripe, somebody else's fake of Stripe, answers the same call, it answers as the double does.

It knows no Connect, no Checkout, no keys of idempotency, no balance, and gives back more than was paid: customers and
card payments are what both have.
"""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from marketwright.testing.live import free_port, wait_for

sdk = pytest.importorskip("stripe", reason="the extra `stripe` is not installed")
pytestmark = pytest.mark.skipif(find_spec("localstripe") is None, reason="localstripe is not installed (extra `dev`)")


def client(base, key):
    return sdk.StripeClient(key, base_addresses={"api": base}, max_network_retries=0).v1


@pytest.fixture(scope="module")
def theirs():
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    found = client(f"http://127.0.0.1:{port}", "sk_test_12345")
    wait_for(lambda: answers(found), "localstripe")
    yield found
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


def answers(found):
    try:
        return found.customers.list({"limit": 1}) is not None
    except sdk.StripeError:
        return False


@pytest.fixture
def ours(double):
    return client(double.base, "sk_test_double")


def said(call):
    """What an answer is, or what kind of error."""
    try:
        return call()
    except sdk.StripeError as error:
        return type(error).__name__, error.http_status


CARD = {"amount": 5_000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}


def a_customer(api):
    made = api.customers.create({"email": "a@client.example", "metadata": {"payer": "x"}})
    found = api.customers.retrieve(made.id)
    return found.object, found.email, found.metadata["payer"], made.id[:4]


def no_customer(api):
    return said(lambda: api.customers.retrieve("cus_nothing"))


def a_parameter_that_is_none(api):
    return said(lambda: api.customers.create({"nonsense": "1"}))


def a_payment_without_a_card(api):
    made = api.payment_intents.create({"amount": 5_000, "currency": "eur", "metadata": {"command": "k"}})
    return made.object, made.status, made.amount, made.currency, made.metadata["command"]


def a_payment_by_card(api):
    return api.payment_intents.create(CARD).status


def an_authorised_payment(api):
    made = api.payment_intents.create({**CARD, "capture_method": "manual"})
    return made.status, api.payment_intents.capture(made.id).status


def a_cancelled_payment(api):
    made = api.payment_intents.create({"amount": 5_000, "currency": "eur"})
    return api.payment_intents.cancel(made.id).status


def the_charge_of_a_payment(api):
    charge = charged(api)
    return charge.object, charge.amount, charge.currency, charge.paid, charge.captured, charge.refunded, charge.status


def charged(api):
    latest = api.payment_intents.create(CARD).latest_charge
    return api.charges.retrieve(latest if isinstance(latest, str) else latest.id)


def a_refund_in_part(api):
    charge = charged(api).id
    made = api.refunds.create({"charge": charge, "amount": 2_000, "metadata": {"command": "k"}})
    return made.object, made.amount, made.currency, made.status, api.charges.retrieve(charge).amount_refunded


def a_list_in_pages(api):
    for _ in range(3):
        api.customers.create({})
    first = api.customers.list({"limit": 2})
    return len(first.data), first.has_more, first.object


@pytest.mark.parametrize("what", [
    a_customer, no_customer, a_parameter_that_is_none, a_payment_without_a_card, a_payment_by_card,
    an_authorised_payment, a_cancelled_payment, the_charge_of_a_payment, a_refund_in_part, a_list_in_pages,
], ids=lambda f: f.__name__)  # fmt: skip
def test_both_answer_alike(ours, theirs, referee, what):
    referee("topup", amount=10_000, currency="eur")
    assert what(ours) == what(theirs)
