"""What every plugin and every payment provider holds."""

import marketwright_bank_transfer
from marketwright.testing import FarSide, PaymentProviderConformance, PluginConformance


class Nobody(FarSide):
    """Nobody holds anything, so nothing is ever done."""

    def pay(self, command, answer):
        """There is no page to pay on."""

    decline = pay

    def effects(self):
        return []


class TestPlugin(PluginConformance):
    plugin = marketwright_bank_transfer


class TestBankTransfer(PaymentProviderConformance):
    plugin = marketwright_bank_transfer
    far_side = Nobody
