"""Windows of Stripe's own books as facts, and what lies there: by balance transactions, account by account.

What a bank only asks moves no balance, and neither does a lost dispute when it ends: how disputes stand is also read
from what Stripe keeps of its events, 30 days, and from the disputes themselves, at each midnight UTC.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from math import ceil
from typing import Any

from marketwright.plugin import Answer, CommandKind, Desk, Fact, FactKind, Money, Outcome
from marketwright_stripe import arrivals, events, funding, hearing, undone
from marketwright_stripe.abreast import abreast
from marketwright_stripe.sdk import Thing, command_of, every, plain
from marketwright_stripe.tables import accounts, customers
from marketwright_stripe.undone import fact_of

UNSETTLED = timedelta(days=30)  # for which a debit may be under way
OLDEST = timedelta(days=200)  # of a dispute that may still end: an inquiry stays open for 120 days at most
PAID_OUT = ("payout", "payout_failure", "payout_cancel")


def happened(
    desk: Desk, api: Any, since: datetime, until: datetime, *, live: bool, transfers: bool,
    seen: arrivals.Seen | None = None,
) -> Iterator[Fact]:  # fmt: skip
    """Every fact of a window: what moved the platform's balance, disputes, payouts of each account, arrivals.

    One question for each account and customer, several at a time; more only about what happened there.
    """
    created = {"gte": ceil(since.timestamp()), "lt": ceil(until.timestamp())}
    booked = api.balance_transactions.list({"created": created, "limit": 100, "expand": ["data.source"]})
    told: set[str] = set()
    ours = accounts(desk, live=live)
    moved = (fact for entry in every(booked) for fact in _booked(api, entry, ours))
    for fact in chain(moved, _disputed(api, created), _standing(api, since, until)):
        if fact.id not in told:
            told.add(fact.id)
            yield fact
    for paid in abreast(partial(_paid_out, api, created=created), ours):
        yield from paid
    payers = customers(desk, live=live) if transfers else []
    histories = abreast(partial(arrivals.history_of, api), payers)
    for customer, history in zip(payers, histories, strict=True):
        found = arrivals.facts_of(desk, api, customer, since, seen, history)
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
    elif kind == "charge" and source["status"] == "pending":
        return  # Stripe may book a debit before its bank has settled it (E9)
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


def _standing(api: Any, since: datetime, until: datetime) -> Iterator[Fact]:
    """How each dispute of the last months stands, where the window holds a midnight UTC: as of the last of these.

    Stripe does not say when one has ended, so that its own window cannot be told once its events are forgotten.
    """
    midnight = (until.astimezone(UTC) - timedelta(microseconds=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight < since:
        return
    created = {"gte": ceil((until - OLDEST).timestamp()), "lt": ceil(until.timestamp())}
    for dispute in every(api.disputes.list({"created": created, "limit": 100, "expand": ["data.charge"]})):
        yield from undone.of_dispute(api, dispute, int(midnight.timestamp()))


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


def _paid_out(api: Any, account: str, created: Mapping[str, int]) -> list[Fact]:
    """The payouts of an account that left in a window, then those that came back: one list, of whatever type."""
    wanted = {"created": created, "limit": 100, "expand": ["data.source"]}
    found = [e for e in every(api.balance_transactions.list(wanted, {"stripe_account": account}))
             if e["type"] in PAID_OUT and isinstance(e["source"], Mapping) and command_of(e["source"])]  # fmt: skip
    facts = []
    for entry in sorted(found, key=lambda e: PAID_OUT.index(e["type"])):
        payout, at = dict(entry["source"]), entry["created"]
        if entry["type"] == "payout":
            facts.append(fact_of(command_of(payout), hearing.payout_answer(api, payout, account), at))
        else:
            facts.append(undone.came_back(payout, at))
    return facts


def lies_there(
    desk: Desk, api: Any, currency: str, *, live: bool, transfers: bool, debits: bool,
    seen: arrivals.Seen | None = None,
) -> Money:  # fmt: skip
    """What Stripe holds for the platform, all its accounts, and with ``transfers`` for clients who paid by transfer.

    With ``debits`` less what it has booked of those that are still under way: it is nobody's yet.
    """
    wanted = currency.lower()
    held = sum(abreast(partial(_held, api, wanted), ("", *accounts(desk, live=live))))
    payers = customers(desk, live=live) if transfers else []
    lying = partial(arrivals.lying, api, currency=wanted, seen=seen)
    early = _booked_early(desk, api, wanted) if debits else 0
    return Money(held + sum(abreast(lying, payers)) - early, currency)


def _booked_early(desk: Desk, api: Any, wanted: str) -> int:
    since = int((desk.clock.machine() - UNSETTLED).timestamp())
    asked = {"created": {"gte": since}, "limit": 100, "expand": ["data.balance_transaction"]}
    under_way = [c for c in every(api.charges.list(asked)) if c["status"] == "pending" and c["balance_transaction"]]
    booked = [charge["balance_transaction"] for charge in under_way]
    return sum(entry["net"] for entry in booked if entry["currency"] == wanted)


def _held(api: Any, wanted: str, account: str) -> int:
    balance = plain(api.balance.retrieve({}, {"stripe_account": account} if account else {}))
    parts = (*balance["available"], *balance["pending"], *(balance.get("connect_reserved") or ()))
    return sum(part["amount"] for part in parts if part["currency"] == wanted)
