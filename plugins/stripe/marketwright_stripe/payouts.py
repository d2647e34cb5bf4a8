"""Manual payouts from a freelancer's connected account to their bank."""

from datetime import timedelta
from typing import Any

import stripe

from marketwright.plugin import Answer, Command, Desk, Outcome
from marketwright_stripe import outcomes, reclaiming
from marketwright_stripe.reclaiming import available
from marketwright_stripe.sdk import Thing, command_of, every
from marketwright_stripe.tables import account_of

EARLIER = timedelta(hours=1)  # clocks differ
KEPT = timedelta(hours=23)  # for which Stripe knows a key


def find_payout(desk: Desk, api: Any, command: Command, *, live: bool) -> Answer | None:
    """What Stripe has of the payout ``command``; ``None`` for nothing."""
    account = account_of(desk, command.payee, live=live)
    if not account:
        return None
    since = (command.created or desk.clock.machine() - KEPT) - EARLIER
    wanted = {"created": {"gte": int(since.timestamp())}, "limit": 100}
    listed = api.payouts.list(wanted, {"stripe_account": account})
    found = next((p for p in every(listed) if command_of(p) == command.key), None)
    if found is None:
        return None
    return reclaiming.said(api, command.key, command.reclaim, _transfers(api, command, account), left(found))


def left(payout: Thing) -> Answer:
    """A payout as an answer: it has left the balance. What the bank sends back is another fact."""
    return Answer(Outcome.CONFIRMED, payout["id"], amount=payout["amount"])


def pay_out(desk: Desk, api: Any, command: Command, *, live: bool) -> Answer:
    """Carry out a PAYOUT once. Money that is on its way into the balance is waited for, with nothing half done."""
    account = account_of(desk, command.payee, live=live)
    if not account:
        return outcomes.refused(outcomes.NO_ACCOUNT)
    try:
        return _pay_out(desk, api, command, account, live=live)
    except outcomes.Short:
        known = find_payout(desk, api, command, live=live) if command.reclaim else None
        if known is not None:  # made by another worker meanwhile
            return known
        return outcomes.short(absent=reclaiming.restored(api, command, _transfers(api, command, account)))


def _pay_out(desk: Desk, api: Any, command: Command, account: str, *, live: bool) -> Answer:
    amount, currency = command.amount.amount, command.amount.currency.lower()
    there = available(api, currency, account)
    old = command.created is None or desk.clock.machine() - command.created > KEPT
    if old or command.reclaim or there < amount:  # else the key alone makes it one
        known = find_payout(desk, api, command, live=live)
        if known is not None:
            return known
    if there < amount:
        raise outcomes.Short
    sent = _transfers(api, command, account)
    if command.reclaim:
        reclaiming.reclaim(api, command, sent, spared=amount)
    asked = {
        "amount": amount, "currency": currency, "description": command.describe,
        "metadata": {"command": command.key, "kind": str(command.kind), "hold": command.hold,
                     "reclaim": str(command.reclaim)},
    }  # fmt: skip
    try:
        made = outcomes.persistently(
            lambda key: api.payouts.create(asked, {"idempotency_key": key, "stripe_account": account}), command.key,
            lambda: available(api, currency, account) >= amount,
        )  # fmt: skip
    except stripe.InvalidRequestError as error:
        again = _transfers(api, command, account)
        return reclaiming.refused(api, command, again, outcomes.refused(outcomes.sentence(error)))
    return reclaiming.said(api, command.key, command.reclaim, sent, left(made), before=True)


def _transfers(api: Any, command: Command, account: str) -> list[Thing]:
    """What was paid into ``account``, where something of it is to go back."""
    if not command.reclaim:
        return []
    sent = every(api.transfers.list({"destination": account, "limit": 100}))
    return [t for t in sent if t["currency"] == command.amount.currency.lower()]
