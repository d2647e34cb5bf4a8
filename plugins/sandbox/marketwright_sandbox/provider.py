"""The provider ``sandbox``: what core asks of it, answered from its own books."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
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
    Outcome,
    PaymentProvider,
    share_bps,
)
from marketwright_sandbox.books import Asked, Books, Entry
from marketwright_sandbox.faults import Faults, failing
from marketwright_sandbox.signing import secrets_of

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "JPY", "KWD")


def books_of(settings: Mapping[str, Any], desk: Desk) -> Books:
    """The books in the plugin's own folder; refused on a live stage."""
    if desk.stage == "live":
        msg = "the sandbox moves no real money and never runs on a live stage; take it off `plugins`"
        raise RuntimeError(msg)
    return Books(
        desk.folder, fee=partial(_fee, settings["fee_bps"]), late_seconds=settings["late_seconds"],
        page_minutes=settings["page_minutes"], now=lambda: desk.clock.machine().timestamp(),
    )  # fmt: skip


def _fee(bps: int, amount: int) -> int:
    return share_bps(amount, bps)


class Sandbox(PaymentProvider):
    """Holds, releases, refunds and pays out in a file of its own; the same key twice is one effect."""

    name = "sandbox"
    label = "Sandbox"

    def __init__(self, settings: Mapping[str, Any], desk: Desk) -> None:
        super().__init__(settings, desk)
        self.books, self.faults = books_of(settings, desk), Faults(desk.folder)
        secrets_of(desk.folder)  # made before the first message is signed

    @property
    def capabilities(self) -> Capabilities:
        """Everything, for 90 days, with no real money."""
        origin = self.settings["origin"]
        return Capabilities(
            holds=True, max_hold_days=90, partial_release=True, refund_after_payout=False, currencies=CURRENCIES,
            holder="Sandbox", origins=(origin,) if origin else (), test_only=True,
        )  # fmt: skip

    def execute(self, command: Command) -> Answer:
        """Carry ``command`` out, or give the page on which a person pays."""
        return failing(self.faults.take("execute"), lambda: self._execute(command))

    def _execute(self, command: Command) -> Answer:
        if command.amount.currency not in CURRENCIES:
            return Answer(Outcome.FAILED, reason=f"The sandbox knows no {command.amount.currency}.")
        entry = self.books.execute(_asked(command))
        if command.mandate and entry.state == "page":
            entry = self.books.choose(entry.token, "pay") or entry
        return self._answer(entry)

    def lookup(self, command: Command) -> Answer:
        """What became of ``command``."""
        return failing(self.faults.take("lookup"), lambda: self._lookup(command))

    def _lookup(self, command: Command) -> Answer:
        entry = self.books.lookup(command.key)
        if entry is None:
            return Answer(Outcome.FAILED, reason="The sandbox has never seen this payment.", absent=True)
        return self._answer(entry)

    def read(self, message: Message) -> Sequence[Fact]:
        """The fact in a message of the sandbox; none for a type that it does not know."""
        now = (message.at or self.desk.clock.machine()).timestamp()
        said = json.loads(message.body)
        if not isinstance(said, dict) or said.get("outcome") not in ("confirmed", "failed"):
            return []
        answer = Answer(
            Outcome(said["outcome"]), reference=f"sandbox-{said['key']}", reason=said["reason"],
            amount=said["amount"], fee=said["fee"],
        )  # fmt: skip
        return [Fact(said["id"], said["key"], answer, datetime.fromtimestamp(now, UTC))]

    def objects(self, since: datetime, until: datetime) -> Sequence[Fact]:
        """What was settled from ``since`` up to ``until``."""
        return [
            Fact(f"{e.asked.key}.{e.state}", e.asked.key, self._answer(e), datetime.fromtimestamp(e.settled or 0, UTC))
            for e in self.books.settled(since.timestamp(), until.timestamp())
        ]

    def balance(self, currency: str) -> Money:
        """What lies in the sandbox, all accounts together."""
        return Money(self.books.balance(currency), currency)

    def _answer(self, entry: Entry) -> Answer:
        reference = f"sandbox-{entry.asked.key}"
        if entry.state == "confirmed":
            return Answer(Outcome.CONFIRMED, reference, amount=entry.asked.amount, fee=entry.charged)
        if entry.state == "failed":
            return Answer(Outcome.FAILED, reference, reason=entry.reason)
        if entry.state == "waiting":
            return Answer(Outcome.WAITING, reference)
        base = self.settings["origin"] or f"{self.desk.base_url}/x/sandbox"
        return Answer(Outcome.PAGE, reference, page=f"{base}/pay/{entry.token}")


def _asked(command: Command) -> Asked:
    return Asked(
        key=command.key, kind=str(CommandKind(command.kind)), hold=command.hold, funding=command.of,
        currency=command.amount.currency, amount=command.amount.amount, fee=command.fee, refund=command.refund,
        payer=command.payer, payee=command.payee, describe=command.describe, return_to=command.return_to,
    )  # fmt: skip
