"""The whole kit of payment providers."""

from marketwright.testing.kits.payments.asking import Flags, Paying, Repeating
from marketwright.testing.kits.payments.flags import Promising
from marketwright.testing.kits.payments.hearing import Hearing, Keeping, Reconciling
from marketwright.testing.kits.payments.spending import Spending


class PaymentProviderConformance(Flags, Paying, Repeating, Spending, Hearing, Reconciling, Keeping, Promising):
    """For a subclass of ``PaymentProvider``: ``strategy = MyProvider``, ``settings = {...}``, ``far_side = MyService``.

    ``far_side`` is a :class:`FarSide`: the service behind the provider, as your tests play it.
    """
