"""What every plugin and every payment provider holds, against the double."""

import json

import pytest

import marketwright_stripe
from marketwright.testing import Effect, FarSide, PaymentProviderConformance, PluginConformance

pytest.importorskip("stripe", reason="the extra `stripe` is not installed")

from marketwright_stripe import events
from marketwright_stripe.double import accounts, checkout, paying, protocol
from marketwright_stripe.double.inside import Inside
from marketwright_stripe.keys import KEY
from marketwright_stripe.tables import account_of, remember_account


class TheDouble(FarSide):
    """The double in this process, by the test's clock; its freelancers have been through Stripe's pages."""

    def __init__(self, folder, clock):
        super().__init__(folder, clock)
        folder.mkdir(parents=True, exist_ok=True)
        self.double = Inside(folder / "double.sqlite", "", "https://checkout.stripe.com",
                             lambda: clock.machine().timestamp())  # fmt: skip
        self.double.log.set("fee", "0,0")  # what Stripe keeps leaves too little to give all back: test_provider.py
        self.http = self.double

    def meet(self, provider):
        super().meet(provider)
        self.double.desk.secret_key = provider.desk.secrets[KEY]
        if not account_of(provider.desk, "freelancer1", live=False):
            call = type("Call", (), {"log": self.double.log, "now": self.double.log.now(), "params": {
                "capabilities": {"transfers": {}}, "metadata": {"payee": "freelancer1"}}})  # fmt: skip
            account = accounts.create_account(call)["id"]
            accounts.finish_onboarding(self.double.log, account)
            remember_account(provider.desk, "freelancer1", account, live=False)

    def pay(self, command, answer):
        paying.choose(self.double.log, answer.page.rpartition("/")[2], "pay", self.double.base)

    def decline(self, command, answer):
        """Declined, and no other card tried until the page has run out."""
        name = answer.page.rpartition("/")[2]
        paying.choose(self.double.log, name, "decline", self.double.base)
        checkout.expire(self.double.log, name)

    def bank(self, deed, command):
        if deed not in protocol.DEEDS or deed == "arrive":  # this Stripe is set up for cards alone
            raise NotImplementedError
        with self.double.log.commit():
            protocol.DEEDS[deed](self.double.log, {"command": command.key}, self.double.base)

    def effects(self):
        found = []
        for e in self.double.log.rows("effects"):
            currency = e["currency"].upper()
            found.append(Effect(e["kind"], e["command"], e["amount"], currency))
            thing = self.double.log.named(e["object"])
            if e["kind"] == "transfer" and int(thing["metadata"].get("fee") or 0):
                found.append(Effect("fee", e["command"], int(thing["metadata"]["fee"]), currency))
            if e["kind"] == "charge":
                kept = self.double.log.named(thing["balance_transaction"])["fee"]
                found += [Effect("cost", e["command"], kept, currency)] if kept else []
        return found

    def told(self):
        selected = (*events.EVENTS, *events.CONNECTED)
        sent = reversed(self.double.log.all("event", None))
        return [json.dumps(event).encode() for event in sent if event["type"] in selected]


class TestPlugin(PluginConformance):
    plugin = marketwright_stripe


class TestStripe(PaymentProviderConformance):
    plugin = marketwright_stripe
    settings = {"currencies": ["EUR", "USD", "JPY"]}
    far_side = TheDouble
