"""The provider ``bank_transfer``: it holds nothing and moves nothing. Clients pay freelancers, bank to bank."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from marketwright.plugin import Answer, Capabilities, Command, Fact, Message, Money, Outcome, PaymentProvider

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "JPY", "KWD")
NOBODY = "Nobody holds money here: the client pays the freelancer’s invoice by bank transfer."


class BankTransfer(PaymentProvider):
    """For deals without a hold. Whatever it is asked to hold, release or pay out it refuses, for good."""

    name: ClassVar[str] = "bank_transfer"
    label: ClassVar[str] = "Bank transfer"
    holding: ClassVar[bool] = False

    @property
    def capabilities(self) -> Capabilities:
        """No hold, no holder."""
        return Capabilities(
            holds=False, max_hold_days=0, partial_release=False, refund_after_payout=False, currencies=CURRENCIES,
            holder="", key_hours=0,
        )  # fmt: skip

    def execute(self, command: Command) -> Answer:
        """Refuse ``command``: nothing is held, so nothing can be moved."""
        return Answer(Outcome.FAILED, reason=NOBODY)

    def lookup(self, command: Command) -> Answer:
        """It was surely never done."""
        return Answer(Outcome.FAILED, reason=NOBODY, absent=True)

    def read(self, message: Message) -> Sequence[Fact]:
        """No bank writes here; statements are uploaded."""
        return ()

    def objects(self, since: datetime, until: datetime) -> Sequence[Fact]:
        """Nothing ever moved through it."""
        return ()

    def balance(self, currency: str) -> Money:
        """Nothing."""
        return Money(0, currency)
