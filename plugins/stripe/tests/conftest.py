"""A double of Stripe in this process, the SDK as its caller, and what people and banks do."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from itertools import count
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


class World:
    """The provider at its desk, and Stripe's other side: the double in this process."""

    def __init__(self, folder, settings=None, stage="test"):
        from marketwright.kernel.time import FrozenClock
        from marketwright.testing.desks import MONDAY, make_desk
        from marketwright_stripe import manifest
        from marketwright_stripe.double.inside import Inside
        from marketwright_stripe.keys import KEY
        from marketwright_stripe.settings import StripeSettings

        self.clock = FrozenClock(MONDAY)
        self.double = Inside(folder / "double.sqlite", "sk_test_it", "https://checkout.stripe.com",
                             lambda: self.clock.machine().timestamp())  # fmt: skip
        self.log, self.settings = self.double.log, StripeSettings().load(settings or {})
        desk = make_desk(manifest, self.settings, folder / "desk", clock=self.clock, stage=stage, http=self.double)
        self.desk = replace(desk, secret_values={**desk.secret_values, KEY: "sk_test_it"})
        self.numbers = count(1)
        self.build()

    def build(self):
        from marketwright_stripe.provider import Stripe

        self.provider = Stripe(self.settings, self.desk)

    def command(self, kind, amount=0, **more):
        from marketwright.plugin import Command, Money

        given = {"hold": "hold1", "payer": "client1", "payee": "freelancer1", "describe": "Scoping",
                 "return_to": "http://site/back", "created": self.clock.machine()} | more  # fmt: skip
        return Command(given.pop("key", f"command-{next(self.numbers)}"), kind, amount=Money(amount, "EUR"), **given)

    def ask(self, *what, **more):
        return self.provider.execute(self.command(*what, **more))

    def deed(self, name, **given):
        from marketwright_stripe.double.referee import DEEDS

        return DEEDS[name](self.log, given)

    def visit(self, page, choice):
        from marketwright_stripe.double.hosted import visit

        return visit(self.log, "POST", urlsplit(page).path, f"choice={choice}", self.double.base)[1]

    def onboarded(self):
        from marketwright.plugin import CommandKind

        self.visit(self.ask(CommandKind.ONBOARD).page, "done")
        return self

    def paid(self, amount=100_000, choice="pay", **more):
        from marketwright.plugin import CommandKind

        command = self.command(CommandKind.FUND, amount, **more)
        self.visit(self.provider.execute(command).page, choice)
        return command

    def effects(self, *kinds):
        return [(e["kind"], e["amount"]) for e in self.log.rows("effects") if not kinds or e["kind"] in kinds]

    def heard(self):
        """Every fact of every message so far."""
        from marketwright.plugin import Message

        sent = [json.dumps(event).encode() for event in reversed(self.log.all("event", None))]
        return [fact for body in sent for fact in self.provider.read(Message(body))]

    def window(self):
        now = self.clock.machine()
        return list(self.provider.objects(now - timedelta(days=400), now + timedelta(days=1)))

    def one(self, kind):
        """The newest object of a kind."""
        return self.log.all(kind, None)[0]["id"]


@pytest.fixture
def world(tmp_path):
    pytest.importorskip("stripe", reason="the extra `stripe` is not installed")
    made = World(tmp_path)
    yield made
    made.log.db.close()
