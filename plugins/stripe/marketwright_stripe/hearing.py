"""Messages and windows as facts. A message only says where to look: what counts is how the object stands now."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Any

from marketwright.plugin import Answer, CommandKind, Desk, Fact, Message, Money, Outcome
from marketwright_stripe import funding, leaving, payouts
from marketwright_stripe.events import CONNECTED, EVENTS, PAGES, PAYOUTS
from marketwright_stripe.sdk import Thing, command_of, every, plain
from marketwright_stripe.tables import accounts

LASTING = (Outcome.CONFIRMED, Outcome.FAILED)


def fact_of(key: str, answer: Answer, at: int) -> Fact:
    """A fact about the command ``key``; its id is made of what happened, whichever way it is told."""
    return Fact(f"{answer.reference}.{answer.outcome}", key, answer, datetime.fromtimestamp(at, UTC))


def facts_in(api: Any, message: Message) -> list[Fact]:
    """The facts in a message; none for a type that is not known, or about an object that is not ours."""
    event = message.json()
    if not isinstance(event, dict):
        msg = "the message is no event"
        raise ValueError(msg)
    kind, thing = event.get("type"), (event.get("data") or {}).get("object")
    if kind not in (*EVENTS, *CONNECTED) or not isinstance(thing, dict) or not command_of(thing):
        return []
    answer = _answer(api, str(kind), thing, str(event.get("account") or ""))
    if answer is None or answer.outcome not in LASTING:
        return []
    return [fact_of(command_of(thing), answer, int(event.get("created") or 0))]


def _answer(api: Any, kind: str, thing: Thing, account: str) -> Answer | None:
    name = str(thing["id"])
    if kind in PAGES:
        return funding.page_of(api, name)
    if kind in PAYOUTS:
        return payouts.of_payout(plain(api.payouts.retrieve(name, {}, {"stripe_account": account} if account else {})))
    if kind == "transfer.created":
        return _transfer(api, plain(api.transfers.retrieve(name)))
    return _refund(api, plain(api.refunds.retrieve(name)))


def _transfer(api: Any, transfer: Thing) -> Answer | None:
    if transfer["metadata"].get("kind") != CommandKind.SPLIT:
        return leaving.of_transfer(transfer)
    refunds = every(api.refunds.list({"charge": transfer["source_transaction"], "limit": 100}))
    back = next((r for r in refunds if command_of(r) == command_of(transfer)), None)
    return leaving.of_split(transfer, back) if back else None


def _refund(api: Any, refund: Thing) -> Answer | None:
    if refund["metadata"].get("kind") != CommandKind.SPLIT:
        return leaving.of_refund(refund)
    sent = every(api.transfers.list({"transfer_group": refund["metadata"].get("hold", ""), "limit": 100}))
    transfer = next((t for t in sent if command_of(t) == command_of(refund)), None)
    return leaving.of_split(transfer, refund) if transfer else None


def happened(desk: Desk, api: Any, since: datetime, until: datetime, *, live: bool) -> Iterator[Fact]:
    """Every fact of a window, by the platform's balance transactions and the payouts of each account."""
    created = {"gte": ceil(since.timestamp()), "lt": ceil(until.timestamp())}
    booked = api.balance_transactions.list({"created": created, "limit": 100, "expand": ["data.source"]})
    for entry in every(booked):
        source = entry["source"]
        if not isinstance(source, Mapping) or not command_of(source):
            continue
        answer = _booked(api, entry, dict(source))
        if answer is not None and answer.outcome in LASTING:
            yield fact_of(command_of(source), answer, entry["created"])
    for account in accounts(desk, live=live):
        own = {"stripe_account": account}
        for entry in every(api.balance_transactions.list({"created": created, "limit": 100, "type": "payout"}, own)):
            payout = plain(api.payouts.retrieve(entry["source"], {}, own))
            if command_of(payout):
                yield fact_of(command_of(payout), payouts.left(payout), entry["created"])


def _booked(api: Any, entry: Thing, source: Thing) -> Answer | None:
    if source["object"] == "charge" and entry["type"] in ("charge", "payment"):
        return funding.of_charge(source, entry)
    if source["object"] == "transfer" and entry["type"] == "transfer":
        return _transfer(api, source)
    if source["object"] == "refund" and source["metadata"].get("kind") != CommandKind.SPLIT:
        return leaving.of_refund(source)
    return None


def lies_there(desk: Desk, api: Any, currency: str, *, live: bool) -> Money:
    """What Stripe holds for the platform and all its accounts."""
    wanted, held = currency.lower(), 0
    for account in ("", *accounts(desk, live=live)):
        options: Any = {"stripe_account": account} if account else {}
        balance = plain(api.balance.retrieve({}, options))
        parts = (*balance["available"], *balance["pending"])
        held += sum(part["amount"] for part in parts if part["currency"] == wanted)
    return Money(held, currency)
