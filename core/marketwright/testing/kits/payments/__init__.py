"""The kit of payment providers: one class, in parts by what they are about."""

from marketwright.testing.kits.payments.frame import Effect, FarSide
from marketwright.testing.kits.payments.kit import PaymentProviderConformance

__all__ = ["Effect", "FarSide", "PaymentProviderConformance"]
