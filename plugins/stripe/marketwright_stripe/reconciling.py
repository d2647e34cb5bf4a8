"""Windows of Stripe's own books as facts, and what lies there: by balance transactions, account by account.

What a bank only asks moves no balance: how disputes stand is also read from what Stripe keeps of its events, 30 days.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from marketwright.plugin import Answer, CommandKind, Desk, Fact, FactKind, Money, Outcome
from marketwright_stripe import arrivals, events, funding, hearing, undone
from marketwright_stripe.sdk import Thing, command_of, every, plain
from marketwright_stripe.tables import accounts, customers
from marketwright_stripe.undone import fact_of


def happened(
    desk: Desk, api: Any, since: datetime, until: datetime, *, live: bool, transfers: bool,
    seen: arrivals.Seen | None = None,
) -> Iterator[Fact]:  # fmt: skip
    """Every fact of a window: what moved the platform's balance, disputes, payouts of each account, arrivals."""
    created = {"gte": ceil(since.timestamp()), "lt": ceil(until.timestamp())}
    booked = api.balance_transactions.list({"created": created, "limit": 100, "expand": ["data.source"]})
    told: set[str] = set()
    ours = accounts(desk, live=live)
    for entry in every(booked):
        for fact in _booked(api, entry, ours):
            if fact.id not in told:
                told.add(fact.id)
                yield fact
    yield from (fact for fact in _disputed(api, created) if fact.id not in told)
    for account in ours:
        yield from _paid_out(api, account, created)
    for customer in customers(desk, live=live) if transfers else ():
        found = arrivals.facts_of(desk, api, customer, since, seen)
        yield from (f for f in found if f.at and since <= f.at < until)


def _booked(api: Any, entry: Thing, ours: Sequence[str]) -> Iterator[Fact]:
    """The facts behind one entry of the platform's balance."""
    source, at = entry["source"], entry["created"]
    if not isinstance(source, Mapping):
        source = {"object": "", "metadata": {}}
    kind, entry_type = source["object"], entry["type"]
    if kind == "dispute":
        yield from undone.of_dispute(api, dict(source), at, entry)
    elif not command_of(source):
        if source.get("destination") not in ours:  # from account to account of ours nothing has come or gone
            yield from _foreign(entry)
    elif kind == "charge" and entry_type in ("charge", "payment"):
        yield from _lasting(command_of(source), funding.of_charge(dict(source), entry), at)
    elif kind == "charge":
        yield undone.taken_back(dict(source), at)
    elif kind == "transfer" and entry_type == "transfer":
        yield from _lasting(command_of(source), hearing.transfer_answer(api, dict(source)), at)
    elif kind == "refund" and entry["amount"] > 0:
        yield undone.not_taken(dict(source), at)
    elif kind == "refund" and source["metadata"].get("kind") != CommandKind.SPLIT:
        yield from _lasting(command_of(source), hearing.refund_answer(api, dict(source)), at)


def _disputed(api: Any, created: Mapping[str, int]) -> Iterator[Fact]:
    """How each dispute stands now that anything happened to."""
    last: dict[str, int] = {}
    for event in every(api.events.list({"types": list(events.DISPUTES), "created": created, "limit": 100})):
        last.setdefault(str(event["data"]["object"]["id"]), event["created"])  # the latest come first
    for name, at in last.items():
        yield from undone.of_dispute(api, plain(api.disputes.retrieve(name)), at)


def _lasting(key: str, answer: Answer | None, at: int) -> Iterator[Fact]:
    if answer is not None and answer.outcome in hearing.LASTING:
        yield fact_of(key, answer, at)


def _foreign(entry: Thing) -> Iterator[Fact]:
    """What is about no command of ours: Stripe's own fees, and anything else that moved the balance."""
    currency = entry["currency"].upper()
    if entry["type"] in ("stripe_fee", "payout_minimum_balance_hold") and entry["net"] < 0:
        answer = Answer(Outcome.CONFIRMED, entry["id"], amount=-entry["net"], reason=entry["description"] or "")
        kind = FactKind.FEE
    else:
        why = entry["description"] or str(entry["type"]).replace("_", " ")
        answer, kind = Answer(Outcome.CONFIRMED, entry["id"], amount=entry["net"], reason=why), FactKind.ADJUSTMENT
    if entry["net"]:
        found = fact_of("", answer, entry["created"], kind, state="booked")
        yield Fact(found.id, "", answer, found.at, kind, currency)


def _paid_out(api: Any, account: str, created: Mapping[str, int]) -> Iterator[Fact]:
    own = {"stripe_account": account}
    wanted = {"created": created, "limit": 100, "expand": ["data.source"]}
    for kind in ("payout", "payout_failure", "payout_cancel"):
        for entry in every(api.balance_transactions.list({**wanted, "type": kind}, own)):
            payout = entry["source"]
            if not isinstance(payout, Mapping) or not command_of(payout):
                continue
            if kind == "payout":
                answer = hearing.payout_answer(api, dict(payout), account)
                yield fact_of(command_of(payout), answer, entry["created"])
            else:
                yield undone.came_back(dict(payout), entry["created"])


def lies_there(
    desk: Desk, api: Any, currency: str, *, live: bool, transfers: bool, seen: arrivals.Seen | None = None
) -> Money:  # fmt: skip
    """What Stripe holds for the platform, all its accounts, and with ``transfers`` for clients who paid by transfer."""
    wanted, held = currency.lower(), 0
    for account in ("", *accounts(desk, live=live)):
        balance = plain(api.balance.retrieve({}, {"stripe_account": account} if account else {}))
        parts = (*balance["available"], *balance["pending"], *(balance.get("connect_reserved") or ()))
        held += sum(part["amount"] for part in parts if part["currency"] == wanted)
    for customer in customers(desk, live=live) if transfers else ():
        held += arrivals.lying(api, customer, wanted, seen)
    return Money(held, currency)
