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
    with log.commit():
        log.db.execute(
            "INSERT INTO balances VALUES (?, ?, ?, ?) "
            "ON CONFLICT (account, currency, due) DO UPDATE SET net = net + excluded.net",
            (account, currency, due if due > now else 0, amount - fee),
        )
        return _booked(log, kind, source, amount, currency, account, fee, due, now, description)


def _booked(
    log: Log, kind: str, source: str, amount: int, currency: str, account: str, fee: int, due: int, now: int,
    description: str,
) -> Thing:  # fmt: skip
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
    with log.lock:
        rows = log.db.execute("SELECT due, net FROM balances WHERE account = ? AND currency = ?",
                              (account, currency)).fetchall()  # fmt: skip
    now = log.now()
    available = sum(r["net"] for r in rows if r["due"] <= now)
    return available, sum(r["net"] for r in rows) - available


def currencies(log: Log, account: str) -> set[str]:
    """The currencies of ``account``'s balance."""
    with log.lock:
        rows = log.db.execute("SELECT DISTINCT currency FROM balances WHERE account = ?", (account,)).fetchall()
    return {r["currency"] for r in rows}


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
    parts: dict[str, list[Any]] = {"available": [], "pending": []}
    for currency in sorted(currencies(call.log, call.account) or {"eur"}):
        for name, amount in zip(parts, sums(call.log, call.account, currency), strict=True):
            parts[name].append({"amount": amount, "currency": currency, "source_types": {"card": amount}})
    return fresh("balance", **parts)


def retrieve_transaction(call: Call) -> Thing:
    """GET /v1/balance_transactions/:id."""
    return current(call.need("balance_transaction", call.ids[0]), call.now)


def current(transaction: Thing, now: int) -> Thing:
    """A balance transaction with its status of now."""
    return {**transaction, "status": "available" if transaction["available_on"] <= now else "pending"}
