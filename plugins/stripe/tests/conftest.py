"""A double of Stripe in this process, the SDK as its caller, and what people and banks do."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from marketwright_stripe.double.log import Log
from marketwright_stripe.double.server import Double

KEY = "sk_test_double"


@pytest.fixture
def log(tmp_path) -> Iterator[Log]:
    made = Log(tmp_path / "double.sqlite", durable=False)
    yield made
    made.db.close()


@pytest.fixture
def double(log) -> Iterator[Double]:
    made = Double(0, log, KEY, silence=0.05)
    thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def stripe(double):
    """The v1 services of Stripe's own SDK, talking to the double without retries of its own."""
    sdk = pytest.importorskip("stripe", reason="the extra `stripe` is not installed")
    http = sdk.HTTPXClient() if not hasattr(sdk, "RequestsClient") else sdk.RequestsClient(timeout=5)
    client = sdk.StripeClient(KEY, base_addresses={"api": double.base}, max_network_retries=0, http_client=http)
    yield client.v1
    http.close()


def _visit(url: str, **typed: str) -> tuple[int, str]:
    parts = urlsplit(url)
    line = HTTPConnection(parts.hostname or "", parts.port)
    line.request("POST", parts.path, urlencode(typed))
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, answer.getheader("Location") or ""


@pytest.fixture
def visit():
    """What a person posts to a page: (status, where they are sent)."""
    return _visit


@pytest.fixture
def referee(double):
    """Ask the referee: ``referee("effects")`` reads a list, ``referee("clock", advance=60)`` does a deed."""

    def ask(name: str, **deed: Any) -> Any:
        line = HTTPConnection("127.0.0.1", double.server_address[1])
        line.request("POST" if deed or name in ("calm", "deliver") else "GET", f"/_double/{name}", json.dumps(deed))
        found = json.loads(line.getresponse().read())
        line.close()
        return found

    return ask


@pytest.fixture
def freelancer(stripe):
    """A connected account that may take transfers."""
    account = stripe.accounts.create(
        {"type": "express", "country": "FR", "capabilities": {"transfers": {"requested": True}}}
    )
    link = stripe.account_links.create({
        "account": account.id, "type": "account_onboarding", "return_url": "http://site/back",
        "refresh_url": "http://site/again",
    })  # fmt: skip
    _visit(link.url, choice="done")
    return account.id


@pytest.fixture
def session(stripe):
    """Make an open Checkout session of 1,200.00 EUR."""

    def make(amount: int = 120_000, key: str = "", methods: tuple[str, ...] = ("card",), **more: Any) -> Any:
        asked = {
            "mode": "payment", "success_url": "http://site/paid", "cancel_url": "http://site/left",
            "allowed_payment_method_types": list(methods), "metadata": {"command": "fund"},
            "line_items": [{"quantity": 1, "price_data": {"currency": "eur", "unit_amount": amount,
                                                          "product_data": {"name": "A milestone"}}}],
            "payment_intent_data": {"transfer_group": "hold", "metadata": {"command": "fund"}}, **more,
        }  # fmt: skip
        return stripe.checkout.sessions.create(asked, {"idempotency_key": key} if key else {})

    return make


@pytest.fixture
def paid(stripe, session):
    """The payment intent of a session that was paid by card."""
    made = session()
    _visit(made.url, choice="pay")
    return stripe.payment_intents.retrieve(stripe.checkout.sessions.retrieve(made.id).payment_intent)
