"""The provider ``stripe``: Connect with separate charges and transfers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from marketwright.plugin import (
    Answer,
    Capabilities,
    Command,
    CommandKind,
    Desk,
    Fact,
    Message,
    Money,
    PaymentProvider,
)
from marketwright_stripe import keys
from marketwright_stripe.settings import REFUSED, STRIPE, counted_otherwise
from marketwright_stripe.tables import account_of

LEAST, MOST = 50, 99_999_999  # minor units that Stripe takes in one payment
PAGES = ("https://checkout.stripe.com", "https://connect.stripe.com")


class Stripe(PaymentProvider):
    """The client pays on Stripe's page, Stripe holds the money, transfers and refunds come out of that payment."""

    name = "stripe"
    label = "Stripe"
    refuses = REFUSED

    def __init__(self, settings: Mapping[str, Any], desk: Desk) -> None:
        super().__init__(settings, desk)
        if find_spec("stripe") is None:
            msg = 'the package "stripe" is not installed: pip install "marketwright[stripe]"'
            raise RuntimeError(msg)
        wrong = keys.misfit(desk, settings["api_base"], STRIPE) or counted_otherwise(self._currencies)
        if wrong:
            raise RuntimeError(wrong)
        self.live = desk.stage == "live"

    @property
    def _currencies(self) -> tuple[str, ...]:
        return tuple(self.settings["currencies"]) or (self.desk.currency,)

    @property
    def capabilities(self) -> Capabilities:
        """By the settings: what Stripe allows differs from country to country."""
        base = self.settings["api_base"]
        return Capabilities(
            holds=True, max_hold_days=self.settings["max_hold_days"], partial_release=True, refund_after_payout=False,
            currencies=self._currencies, holder=self.settings["holder"],
            origins=PAGES if base == STRIPE else (base,), onboarding=True, least=LEAST, most=MOST,
            refund_after_release=True, disputes=True, late_failures=True, payout_returns=True,
            arrivals=self._transfers,
        )  # fmt: skip

    @cached_property
    def _seen(self) -> Any:
        from marketwright_stripe.arrivals import Seen

        return Seen()

    @property
    def _transfers(self) -> bool:
        """Whether clients may pay by bank transfer."""
        return "bank_transfer" in self.settings["methods"]

    @cached_property
    def _api(self) -> Any:
        from marketwright_stripe.sdk import connect

        return connect(self.desk.secrets[keys.KEY], self.settings["api_base"], self.desk.http)

    def check(self) -> Sequence[str]:
        """Keys, their mode, and whether Stripe knows them."""
        wrong = keys.lacking(self.desk)
        if wrong:
            return wrong
        from marketwright_stripe.checking import of_account

        return of_account(self._api, self.desk.inbox.address)

    def execute(self, command: Command) -> Answer:
        """Carry ``command`` out once, under its own key."""
        from marketwright_stripe import arrivals, funding, leaving, outcomes, payees, payouts

        if command.amount.currency not in self._currencies:
            return outcomes.refused(outcomes.OTHER_CURRENCY)
        if command.kind is CommandKind.ONBOARD:
            given = (self.desk, self._api, command, self.settings)
            return outcomes.answered(lambda: payees.onboard(*given, live=self.live))
        if command.kind is CommandKind.FUND:
            if not self.desk.secrets[keys.KEY]:
                return outcomes.refused(outcomes.NO_KEY)
            payer = funding.customer(self.desk, self._api, command.payer, live=self.live)
            return outcomes.answered(lambda: funding.open_page(self._api, command, self.settings, payer))
        if command.kind is CommandKind.PAYOUT:
            return outcomes.answered(lambda: payouts.pay_out(self.desk, self._api, command, live=self.live))
        if command.arrival:
            return outcomes.answered(lambda: arrivals.give_back(self._api, command))
        return outcomes.answered(lambda: leaving.leave(self.desk, self._api, command, live=self.live))

    def lookup(self, command: Command) -> Answer:
        """What became of ``command``, by the objects that carry its key; FAILED and absent where there are none."""
        from marketwright_stripe import arrivals, funding, leaving, outcomes, payees, payouts

        if command.kind is CommandKind.ONBOARD:
            account = account_of(self.desk, command.payee, live=self.live)
            return payees.look(self._api, account) if account else outcomes.absent()
        if command.kind is CommandKind.FUND:
            session = funding.find_page(self.desk, self._api, command, live=self.live)
            return funding.of_session(session) if session else outcomes.absent()
        if command.kind is CommandKind.PAYOUT:
            return payouts.find_payout(self.desk, self._api, command, live=self.live) or outcomes.absent()
        if command.arrival:
            return arrivals.find_return(self._api, command) or outcomes.absent()
        return leaving.look(self._api, command)

    def read(self, message: Message) -> Sequence[Fact]:
        """The facts in a message of Stripe's."""
        from marketwright_stripe.hearing import facts_in

        return facts_in(self.desk, self._api, message, self._seen)

    def objects(self, since: datetime, until: datetime) -> Sequence[Fact]:
        """Every fact from ``since`` up to ``until``."""
        from marketwright_stripe.reconciling import happened

        how = {"live": self.live, "transfers": self._transfers, "seen": self._seen}
        return list(happened(self.desk, self._api, since, until, **how))

    def balance(self, currency: str) -> Money:
        """What lies at Stripe for the marketplace's deals, all accounts together."""
        from marketwright_stripe.reconciling import lies_there

        how = {"live": self.live, "transfers": self._transfers, "seen": self._seen}
        return lies_there(self.desk, self._api, currency, debits="sepa_debit" in self.settings["methods"], **how)
