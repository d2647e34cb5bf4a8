"""What nobody asked for: disputes, payments taken back by a bank, refunds and payouts that did not arrive."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from marketwright.plugin import Answer, Fact, FactKind, Outcome
from marketwright_stripe import outcomes
from marketwright_stripe.sdk import Thing, command_of, plain

# How a dispute ends; one in any other state is open.
DISPUTE = {"won": FactKind.DISPUTE_WON, "warning_closed": FactKind.DISPUTE_WON, "lost": FactKind.DISPUTE_LOST,
           "prevented": FactKind.DISPUTE_WON}  # fmt: skip


def fact_of(key: str, answer: Answer, at: int, kind: FactKind = FactKind.ANSWER, state: str = "") -> Fact:
    """A fact; its id is made of the object and its state, whichever way it is told."""
    return Fact(f"{answer.reference}.{state or answer.outcome}", key, answer, datetime.fromtimestamp(at, UTC), kind)


def of_dispute(api: Any, dispute: Thing, at: int, entry: Thing | None = None) -> list[Fact]:
    """How a dispute stands: what it has taken (nothing while the bank only asks), given back, and cost in all.

    With ``entry``, an entry of the balance, how it stood then: one that was won later had been opened. The charge is
    asked for where ``dispute`` holds its id alone.
    """
    charge = dispute["charge"]
    key = command_of(charge if isinstance(charge, Mapping) else plain(api.charges.retrieve(charge)))
    if not key:
        return []
    booked, kind = dispute["balance_transactions"], DISPUTE.get(dispute["status"], FactKind.DISPUTE_OPENED)
    if entry is not None and entry["amount"] < 0 and kind is FactKind.DISPUTE_WON:
        booked, kind = [entry], FactKind.DISPUTE_OPENED
    out, back = (sum(t["amount"] for t in booked if (t["amount"] > 0) is came) for came in (False, True))
    amount = back if kind is FactKind.DISPUTE_WON else -out - back
    answer = Answer(
        Outcome.CONFIRMED, dispute["id"], reason=str(dispute["reason"] or "").replace("_", " "), amount=amount,
        fee=max(0, sum(t["fee"] for t in booked)),
    )  # fmt: skip
    due = (dispute.get("evidence_details") or {}).get("due_by")
    found = fact_of(key, answer, at, kind, state=f"{kind}.{amount}.{answer.fee}")
    return [replace(found, due=datetime.fromtimestamp(due, UTC) if due else None)]


def late(api: Any, charge: str) -> list[Fact]:
    """A payment that had counted and was taken back by the bank: a debit returned after it was settled."""
    found = plain(api.charges.retrieve(charge, {"expand": ["failure_balance_transaction"]}))
    booked = found["failure_balance_transaction"]
    return [taken_back(found, booked["created"])] if booked and command_of(found) else []


def taken_back(charge: Thing, at: int) -> Fact:
    """The fact of a payment that its bank has taken back."""
    answer = Answer(Outcome.CONFIRMED, charge["payment_intent"], amount=charge["amount"], reason=outcomes.RETURNED)
    return fact_of(command_of(charge), answer, at, FactKind.FUNDING_FAILED, state="taken_back")


def returned(api: Any, payout: str, account: str) -> list[Fact]:
    """A payout that the bank did not take, or that was cancelled: its amount is on the balance again."""
    options = {"stripe_account": account} if account else {}
    found = plain(api.payouts.retrieve(payout, {"expand": ["failure_balance_transaction"]}, options))
    booked = found["failure_balance_transaction"]
    return [came_back(found, booked["created"])] if booked else []


def came_back(payout: Thing, at: int) -> Fact:
    """The fact of a payout that came back."""
    answer = Answer(Outcome.CONFIRMED, payout["id"], amount=payout["amount"], reason=outcomes.PAYOUT_FAILED)
    return fact_of(command_of(payout), answer, at, FactKind.PAYOUT_RETURNED, state="returned")


def refund_failed(api: Any, refund: str) -> list[Fact]:
    """A refund that had left and did not arrive: its amount is on the platform's balance again."""
    found = plain(api.refunds.retrieve(refund))
    booked = found.get("failure_balance_transaction")
    if not booked:
        return []
    return [not_taken(found, plain(api.balance_transactions.retrieve(booked))["created"])]


def not_taken(refund: Thing, at: int) -> Fact:
    """The fact of a refund that came back."""
    answer = Answer(Outcome.CONFIRMED, refund["id"], amount=refund["amount"], reason=outcomes.REFUND_FAILED)
    return fact_of(command_of(refund), answer, at, FactKind.ADJUSTMENT, state="not_taken")
