"""What every plugin and every payment provider holds."""

import marketwright_sandbox
from marketwright.testing import Effect, FarSide, PaymentProviderConformance, PluginConformance
from marketwright_sandbox.signing import renew

KINDS = {"provider_fee": "cost"}


class TheBooks(FarSide):
    """The sandbox's own books; it asks nobody."""

    def page(self, answer):
        return answer.page.rpartition("/")[2]

    def pay(self, command, answer):
        self.provider.books.choose(self.page(answer), "pay")

    def decline(self, command, answer):
        self.provider.books.choose(self.page(answer), "decline")

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
