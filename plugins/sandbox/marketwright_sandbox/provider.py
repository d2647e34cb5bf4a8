"""The provider ``sandbox``: what core asks of it, answered from its own books."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
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
    FactKind,
    Message,
    Money,
    Need,
    Outcome,
    PaymentProvider,
    Requirement,
    share_bps,
)
from marketwright_sandbox.books import Asked, Books, Entry
from marketwright_sandbox.deeds import Deeds
from marketwright_sandbox.faults import LATER, Failed, Faults, failing
from marketwright_sandbox.payees import PayeeEntry, Payees
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
        self.payees = Payees(self.books)
        secrets_of(desk.folder)  # made before the first message is signed

    @property
    def capabilities(self) -> Capabilities:
        """Everything, for 90 days, with no real money."""
        origin = self.settings["origin"]
        return Capabilities(
            holds=True, max_hold_days=90, partial_release=True, refund_after_payout=True, currencies=CURRENCIES,
            holder="Sandbox", origins=(origin,) if origin else (), test_only=True, refund_after_release=True,
            onboarding=self.settings["onboarding"], disputes=True, late_failures=True, payout_returns=True,
            arrivals=True, key_hours=0,
        )  # fmt: skip

    def execute(self, command: Command) -> Answer:
        """Carry ``command`` out, or give the page on which a person pays."""
        return failing(self.faults.take("execute"), lambda: self._execute(command))

    def _execute(self, command: Command) -> Answer:
        if command.kind is CommandKind.ONBOARD and not self.settings["onboarding"]:
            return Answer(Outcome.CONFIRMED, f"sandbox-{command.payee}", amount=0)
        if command.kind is CommandKind.ONBOARD:
            return self._payee(self.payees.open(command.payee, command.return_to))
        if command.amount.currency not in CURRENCIES:
            return Answer(Outcome.FAILED, reason=f"The sandbox knows no {command.amount.currency}.")
        if command.kind in (CommandKind.RELEASE, CommandKind.SPLIT, CommandKind.PAYOUT) and self._strange(command):
            return Answer(Outcome.FAILED, reason="The sandbox does not know yet whom it would pay.")
        entry = self.books.execute(_asked(command))
        if command.mandate and entry.state == "page":
            entry = self.books.choose(entry.token, "pay") or entry
        return self._answer(entry)

    def _strange(self, command: Command) -> bool:
        """Whether the payee of ``command`` has still to say who they are."""
        if not self.settings["onboarding"] or self.books.lookup(command.key) is not None:
            return False
        found = self.payees.of(command.payee)
        return found is None or found.state != "ready"

    def lookup(self, command: Command) -> Answer:
        """What became of ``command``."""
        return failing(self.faults.take("lookup"), lambda: self._lookup(command))

    def _lookup(self, command: Command) -> Answer:
        if command.kind is CommandKind.ONBOARD:
            return self._payee(self.payees.of(command.payee))
        entry = self.books.lookup(command.key)
        if entry is None:
            return Answer(Outcome.FAILED, reason="The sandbox has never seen this payment.", absent=True)
        return self._answer(entry)

    def read(self, message: Message) -> Sequence[Fact]:
        """The fact in a message of the sandbox; none for a type that it does not know."""
        if (fault := self.faults.take("read")) in LATER:
            raise Failed(fault)
        now = (message.at or self.desk.clock.machine()).timestamp()
        said = json.loads(message.body)
        if not isinstance(said, dict) or said.get("outcome") not in ("confirmed", "failed", "waiting"):
            return []
        if said.get("kind", "answer") != "answer":
            return _happened(said, datetime.fromtimestamp(now, UTC))
        answer = Answer(
            Outcome(said["outcome"]), reference=f"sandbox-{said['key']}", reason=said["reason"],
            amount=said["amount"], fee=said["fee"],
        )  # fmt: skip
        return [Fact(said["id"], said["key"], answer, datetime.fromtimestamp(now, UTC))]

    def objects(self, since: datetime, until: datetime) -> Sequence[Fact]:
        """What was settled from ``since`` up to ``until``."""
        window = (since.timestamp(), until.timestamp())
        done = [
            Fact(f"{e.asked.key}.{e.state}", e.asked.key, self._answer(e), datetime.fromtimestamp(e.settled or 0, UTC))
            for e in self.books.settled(*window)
        ]
        came = [
            fact
            for h in Deeds(self.books).all(*window)
            for fact in _happened({"outcome": "confirmed", "reason": h.note, **asdict(h)}, _when(h.at))
        ]
        return [*done, *came]

    def balance(self, currency: str) -> Money:
        """What lies in the sandbox, all accounts together."""
        return Money(self.books.balance(currency), currency)

    def _payee(self, entry: PayeeEntry | None) -> Answer:
        if entry is None:
            return Answer(Outcome.FAILED, reason="The sandbox does not know this person.", absent=True)
        reference = f"payee-{entry.payee}"
        if entry.state == "ready":
            return Answer(Outcome.CONFIRMED, reference, marks=(f"account of {entry.payee}",))
        if entry.state == "refused":
            return Answer(Outcome.FAILED, reference, reason="The sandbox was told to refuse this person.")
        base = self.settings["origin"] or f"{self.desk.base_url}/x/sandbox"
        missing = tuple(Requirement(Need(m)) for m in entry.missing)
        return Answer(Outcome.PAGE, reference, page=f"{base}/payee/{entry.token}", missing=missing)

    def _answer(self, entry: Entry) -> Answer:
        reference = f"sandbox-{entry.asked.key}"
        if entry.state == "confirmed":
            return Answer(
                Outcome.CONFIRMED, reference, amount=entry.asked.amount, fee=entry.charged, reclaimed=entry.reclaimed,
                marks=(f"card of {entry.asked.payer}",) if entry.asked.kind == "fund" else (),
            )  # fmt: skip
        if entry.state == "failed":
            return Answer(Outcome.FAILED, reference, reason=entry.reason)
        if entry.state == "waiting":
            return Answer(Outcome.WAITING, reference)
        base = self.settings["origin"] or f"{self.desk.base_url}/x/sandbox"
        return Answer(Outcome.PAGE, reference, page=f"{base}/pay/{entry.token}")


def _when(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _happened(said: Mapping[str, Any], at: datetime) -> list[Fact]:
    """The fact in what happened; none of a kind that the door does not know."""
    if said["kind"] not in list(FactKind):
        return []
    answer = Answer(
        Outcome(said["outcome"]), said["reference"], reason=said["reason"], amount=said["amount"], fee=said["fee"]
    )
    kind = FactKind(said["kind"])
    side = {"payee" if kind is FactKind.PAYEE_CHANGED else "payer": said["who"]}
    return [Fact(said["id"], said["key"], answer, at, kind, currency=said["currency"], **side)]


def _asked(command: Command) -> Asked:
    return Asked(
        key=command.key, kind=str(CommandKind(command.kind)), hold=command.hold, funding=command.of,
        currency=command.amount.currency, amount=command.amount.amount, fee=command.fee, refund=command.refund,
        payer=command.payer, payee=command.payee, describe=command.describe, return_to=command.return_to,
        reclaim=command.reclaim, arrival=command.arrival,
    )  # fmt: skip
