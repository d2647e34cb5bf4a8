"""Balances: one balance transaction for each movement, and what an account may use today."""

from typing import Any

from marketwright_stripe.double.call import Call, Thing
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import Refused
from marketwright_stripe.double.shapes import fresh

DISPUTE_FEE = 2000  # minor units, EUR


def fee_of(log: Log, amount: int) -> int:
    """What Stripe keeps of a charge: basis points and a fixed part, by the double's settings."""
    bps, fixed = (int(x) for x in log.setting("fee", "150,25").split(","))
    return min(amount, (amount * bps + 5000) // 10000 + fixed)


def book(
    log: Log, kind: str, source: str, amount: int, currency: str, *, account: str = "", fee: int = 0,
    available_on: int | None = None, description: str = "",
) -> Thing:  # fmt: skip
    """Write a balance transaction; ``amount`` with its sign, ``fee`` taken off it."""
    now = log.now()
    due = now if available_on is None else available_on
    return log.put(
        fresh(
            "balance_transaction", id=log.new_id("txn"), amount=amount, available_on=due, created=now,
            currency=currency, description=description or None, fee=fee, net=amount - fee, source=source,
            fee_details=[{"amount": fee, "application": None, "currency": currency, "description": "Stripe fees",
                          "type": "stripe_fee"}] if fee else [],
            reporting_category=kind, type=kind, status="available" if due <= now else "pending",
            balance_type="payments",
        ), account,
    )  # fmt: skip


def sums(log: Log, account: str, currency: str) -> tuple[int, int]:
    """(available, pending) of ``account``."""
    now, available, pending = log.now(), 0, 0
    for t in log.all("balance_transaction", account):
        if t["currency"] != currency:
            continue
        if t["available_on"] <= now:
            available += t["net"]
        else:
            pending += t["net"]
    return available, pending


def need_available(log: Log, account: str, currency: str, amount: int) -> None:
    """Refuse as Stripe does when the account's available balance is too small."""
    available, _ = sums(log, account, currency)
    if amount > available:
        raise Refused(
            400, "You have insufficient available funds in your Stripe account. One likely reason you have "
            "insufficient funds is that your funds are automatically being paid out; try enabling manual payouts by "
            "going to https://dashboard.stripe.com/account/payouts.", code="balance_insufficient",
        )  # fmt: skip


def retrieve_balance(call: Call) -> Thing:
    """GET /v1/balance."""
    currencies = {t["currency"] for t in call.log.all("balance_transaction", call.account)} or {"eur"}
    parts: dict[str, list[Any]] = {"available": [], "pending": []}
    for currency in sorted(currencies):
        for name, amount in zip(parts, sums(call.log, call.account, currency), strict=True):
            parts[name].append({"amount": amount, "currency": currency, "source_types": {"card": amount}})
    return fresh("balance", **parts)


def retrieve_transaction(call: Call) -> Thing:
    """GET /v1/balance_transactions/:id."""
    return current(call.need("balance_transaction", call.ids[0]), call.now)


def current(transaction: Thing, now: int) -> Thing:
    """A balance transaction with its status of now."""
    return {**transaction, "status": "available" if transaction["available_on"] <= now else "pending"}
