"""Messages as facts. A message only says where to look: what counts is how the object stands now."""

from typing import Any

from marketwright.plugin import Answer, CommandKind, Desk, Fact, FactKind, Message, Outcome
from marketwright_stripe import arrivals, events, funding, leaving, payees, payouts, reclaiming, undone
from marketwright_stripe.sdk import Thing, command_of, every, plain
from marketwright_stripe.tables import payer_of
from marketwright_stripe.undone import fact_of

LASTING = (Outcome.CONFIRMED, Outcome.FAILED)


def facts_in(desk: Desk, api: Any, message: Message, seen: arrivals.Seen | None = None) -> list[Fact]:
    """The facts in a message; none for a type that is not known, or about an object that is not ours."""
    event = message.json()
    if not isinstance(event, dict):
        msg = "the message is no event"
        raise ValueError(msg)
    kind, thing, at = event.get("type"), (event.get("data") or {}).get("object"), int(event.get("created") or 0)
    if kind not in (*events.EVENTS, *events.CONNECTED) or not isinstance(thing, dict):
        return []
    account = str(event.get("account") or "")
    if kind in events.DISPUTES:
        return undone.of_dispute(api, plain(api.disputes.retrieve(str(thing["id"]))), at)
    if kind == events.LATE:
        return undone.late(api, str(thing["id"]))
    if kind == events.ARRIVED:
        customer = str(thing["customer"])
        return arrivals.facts_of(desk, api, customer, seen=seen) if payer_of(desk, customer) else []
    if kind == events.ACCOUNT:
        return _payee(api, event, str(thing["id"]), at)
    return _about_ours(api, str(kind), thing, account, at) if command_of(thing) else []


def _about_ours(api: Any, kind: str, thing: Thing, account: str, at: int) -> list[Fact]:
    name, key = str(thing["id"]), command_of(thing)
    if kind in events.CAME_BACK:
        return undone.returned(api, name, account)
    if kind == events.FAILED_REFUND:
        return undone.refund_failed(api, name)
    answer = _answer(api, kind, name, account)
    return [fact_of(key, answer, at)] if answer is not None and answer.outcome in LASTING else []


def _answer(api: Any, kind: str, name: str, account: str) -> Answer | None:
    if kind in events.PAGES:
        return funding.page_of(api, name)
    if kind == events.PAID_OUT:
        return payout_answer(api, plain(api.payouts.retrieve(name, {}, {"stripe_account": account})), account)
    if kind == "transfer.created":
        return transfer_answer(api, plain(api.transfers.retrieve(name)))
    return refund_answer(api, plain(api.refunds.retrieve(name)))


def _payee(api: Any, event: Thing, name: str, at: int) -> list[Fact]:
    account = plain(api.accounts.retrieve(name))
    payee = payees.payee_of(account)
    if not payee:
        return []
    found = fact_of("", payees.standing(api, account), at, FactKind.PAYEE_CHANGED, state=str(event.get("id")))
    return [Fact(found.id, "", found.answer, found.at, FactKind.PAYEE_CHANGED, payee=payee)]


def transfer_answer(api: Any, transfer: Thing) -> Answer | None:
    """What a transfer says of its command; ``None`` for a split that is half done, and for what was given back."""
    if reclaiming.kind_of(transfer) == reclaiming.RESTORED:
        return None
    if transfer["metadata"].get("kind") != CommandKind.SPLIT:
        return leaving.of_transfer(transfer)
    refunds = every(api.refunds.list({"charge": transfer["source_transaction"], "limit": 100}))
    back = next((r for r in refunds if command_of(r) == command_of(transfer)), None)
    return leaving.of_split(transfer, back) if back else None


def refund_answer(api: Any, refund: Thing) -> Answer | None:
    """What a refund says of its command."""
    kind, wanted = refund["metadata"].get("kind"), int(refund["metadata"].get("reclaim") or 0)
    if kind != CommandKind.SPLIT and not wanted:
        return leaving.of_refund(refund)
    sent = list(every(api.transfers.list({"transfer_group": refund["metadata"].get("hold", ""), "limit": 100})))
    if kind != CommandKind.SPLIT:
        return reclaiming.said(api, command_of(refund), wanted, sent, leaving.of_refund(refund))
    transfer = next((t for t in sent if command_of(t) == command_of(refund)), None)
    return leaving.of_split(transfer, refund) if transfer else None


def payout_answer(api: Any, payout: Thing, account: str) -> Answer:
    """What a payout says of its command."""
    wanted = int(payout["metadata"].get("reclaim") or 0)
    sent = every(api.transfers.list({"destination": account, "limit": 100})) if wanted else ()
    return reclaiming.said(api, command_of(payout), wanted, sent, payouts.left(payout))
