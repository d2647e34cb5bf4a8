"""What every plugin and every payment provider holds."""

import marketwright_sandbox
from marketwright.testing import Effect, FarSide, PaymentProviderConformance, PluginConformance
from marketwright_sandbox.deeds import Deeds
from marketwright_sandbox.signing import renew

KINDS = {"provider_fee": "cost"}


class TheBooks(FarSide):
    """The sandbox's own books; it asks nobody."""

    def meet(self, provider):
        super().meet(provider)
        provider.payees.choose(provider.payees.open("freelancer1", "http://marketplace.test/").token, "give")

    def page(self, answer):
        return answer.page.rpartition("/")[2]

    def pay(self, command, answer):
        self.provider.books.choose(self.page(answer), "pay")

    def decline(self, command, answer):
        self.provider.books.choose(self.page(answer), "decline")

    def bank(self, deed, command):
        key = self.disputed if deed in ("win", "lose") else command.key
        self.disputed = Deeds(self.provider.books).do("inquiry" if deed == "inquire" else deed, key)

    def effects(self):
        done = self.provider.books.effects()
        return [Effect(KINDS.get(e.effect, e.effect), e.key, e.amount, e.currency) for e in done]

    def told(self):
        return [body for _, body in self.provider.books.undelivered()]

    def rotate(self):
        return renew(self.provider.desk.folder)


class TestPlugin(PluginConformance):
    plugin = marketwright_sandbox


class TestSandbox(PaymentProviderConformance):
    plugin = marketwright_sandbox
    far_side = TheBooks


class TestWithACostAndAnOrigin(PaymentProviderConformance):
    plugin = marketwright_sandbox
    settings = {"fee_bps": 140, "origin": "http://127.0.0.1:8010"}
    far_side = TheBooks


class TestWithPayeesThatAreAsked(PaymentProviderConformance):
    plugin = marketwright_sandbox
    settings = {"onboarding": True}
    far_side = TheBooks
