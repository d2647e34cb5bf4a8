"""The calls of ``docs/payment-doubles.md`` that ``marketwright drill money`` makes, beside the referee's own."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from marketwright_stripe.double import cash, charging, moving, paying
from marketwright_stripe.double.answering import FAULTS
from marketwright_stripe.double.events import SIGNATURE, sign
from marketwright_stripe.double.hosted import visit
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import invalid, missing
from marketwright_stripe.keys import CONNECT_WEBHOOK, KEY, WEBHOOK

PROTOCOL = 1
CHOICES = ("pay", "confirm", "decline", "leave")
Asked = Mapping[str, Any]


def about(log: Log, base: str) -> dict[str, Any]:
    """How a marketplace finds this double, and what can go wrong with it."""
    secret = log.setting("drill_secret", "whsec_double").split(",")[0]
    return {
        "protocol": PROTOCOL, "provider": "stripe", "hosts": {},
        "settings": {"api_base": base, "methods": ["card", "sepa_debit", "bank_transfer"]},
        "environment": {KEY: log.setting("drill_key", "sk_test_double"), WEBHOOK: secret, CONNECT_WEBHOOK: secret},
        "faults": list(FAULTS), "calls": _calls(log), "choices": list(CHOICES), "deeds": sorted(DEEDS),
    }  # fmt: skip


def _calls(log: Log) -> list[str]:
    """The calls that were made so far: a fault on any other would never be met."""
    with log.lock:
        rows = log.db.execute("SELECT DISTINCT call FROM calls WHERE call LIKE '% /v1/%' ORDER BY call").fetchall()
    return [str(row["call"]) for row in rows]


def balance(log: Log) -> dict[str, int]:
    """What lies on all accounts and on customers' cash balances, by currency."""
    with log.lock:
        rows = log.db.execute("SELECT currency, SUM(net) AS net FROM balances GROUP BY currency").fetchall()
    found = {str(row["currency"]).upper(): int(row["net"]) for row in rows}
    for entry in log.all("customer_cash_balance_transaction", None):
        found[entry["currency"].upper()] = found.get(entry["currency"].upper(), 0) + entry["net_amount"]
    for intent in log.all("payment_intent", None):  # used for a payment that still waits for the rest
        details = (intent["next_action"] or {}).get("display_bank_transfer_instructions")
        if details:
            code = intent["currency"].upper()
            found[code] = found.get(code, 0) + intent["amount"] - details["amount_remaining"]
    return found


def effects(log: Log) -> list[dict[str, Any]]:
    """Every movement of money, oldest first; what one command took back from several transfers is one."""
    found: list[dict[str, Any]] = []
    back: dict[str, dict[str, Any]] = {}
    for row in log.rows("effects"):
        known = back.get(row["command"]) if row["kind"] == "reversal" else None
        if known is not None:
            known["amount"] += row["amount"]
            continue
        found.append(row)
        if row["kind"] == "reversal":
            back[row["command"]] = row
    return found


def messages(log: Log, after: int, limit: int = -1) -> list[dict[str, Any]]:
    """Every event that an endpoint wants with a number above ``after``, or the first ``limit`` of them, signed now."""
    at, found = int(time.time()), []
    secrets = log.setting("drill_secret", "whsec_double").split(",")
    wanted = {kind for endpoint in log.all("webhook_endpoint", None) for kind in endpoint["enabled_events"]}
    with log.lock:
        rows = log.db.execute(
            "SELECT number, body FROM objects WHERE kind = 'event' AND number > ? AND (? OR "
            "json_extract(body, '$.type') IN (SELECT value FROM json_each(?))) ORDER BY number LIMIT ?",
            (after, "*" in wanted, json.dumps(sorted(wanted)), limit),
        ).fetchall()
    for row in rows:
        thing = json.loads(row["body"])["data"]["object"]
        body = row["body"]
        found.append({"number": row["number"], "command": str((thing.get("metadata") or {}).get("command", "")),
                      "body": body, "headers": {SIGNATURE.lower(): sign(body.encode(), secrets, at),
                                                "content-type": "application/json"}})  # fmt: skip
    return found


def goes_to(log: Log, asked: Asked, base: str) -> dict[str, Any]:
    """A person at a page of ours: ``choice`` pay, confirm, decline or leave; on the way to be paid, all filled in."""
    path = "/" + str(asked["page"]).split("/", 3)[-1].partition("?")[0]
    choice = str(asked.get("choice", "pay"))
    _, address, _ = visit(log, "POST", path, f"choice={choice}", base)
    if choice == "confirm" and "/bank/" in address:
        _, address, _ = visit(log, "POST", "/" + address.split("/", 3)[-1], "choice=yes", base)
    return {"location": address}


def _charge(log: Log, command: str) -> str:
    return next((str(c["id"]) for c in log.each("charge", "", {"metadata.command": command})), "")


DECIDED = ("won", "lost", "warning_closed")


def _dispute(log: Log, command: str, *, decided: bool = True) -> str:
    """The dispute about what ``command`` brought in, one that is not ``decided`` first."""
    found = log.all("dispute", charge=_charge(log, command))
    some = [d for d in found if d["status"] not in DECIDED] or (found if decided else [])
    return next((str(d["id"]) for d in some), "")


def _open(log: Log, asked: Asked, *, asks: bool) -> Any:
    """A bank takes a payment back, or asks about it: once at a time, though the drill asks again after a kill."""
    command = str(asked["command"])
    if _dispute(log, command, decided=False):
        raise invalid(f"The payment of {command} is disputed already.")
    return moving.open_dispute(log, _charge(log, command), asked.get("amount"), asks=asks)


def _payout(log: Log, command: str) -> str:
    return next((str(p["id"]) for p in log.each("payout", None, {"metadata.command": command})), "")


def _arrive(log: Log, asked: Asked, base: str) -> Any:
    """The payer of a page sends ``amount`` from their bank: they choose that on the page first, if it is open."""
    command = str(asked["command"])
    session = next(iter(log.all("checkout.session", client_reference_id=command)), None)
    if session is None:
        raise missing("checkout.session", command)
    if session["status"] == "open":
        paying.choose(log, session["id"], "transfer", base)
    return cash.came(log, session["customer"], int(asked["amount"]), session["currency"])


def _debit(log: Log, asked: Asked, base: str) -> Any:
    """The payer of a page chooses to be debited; when that settles is their bank's to say."""
    session = next(iter(log.all("checkout.session", client_reference_id=str(asked["command"]))), None)
    if session is None or session["status"] != "open":
        raise invalid(f"The page of {asked['command']} is not open.")
    return paying.choose(log, session["id"], "sepa", base)[1]


def _under_way(log: Log, command: str) -> str:
    session = next(iter(log.all("checkout.session", client_reference_id=command)), None)
    return str((session or {}).get("payment_intent") or "")


DEEDS: dict[str, Callable[[Log, Asked, str], Any]] = {
    "dispute": lambda log, a, _: _open(log, a, asks=False),
    "inquire": lambda log, a, _: _open(log, a, asks=True),
    "escalate": lambda log, a, _: moving.escalate(log, _dispute(log, str(a["command"]))),
    "win": lambda log, a, _: moving.close_dispute(log, _dispute(log, str(a["command"])), won=True),
    "lose": lambda log, a, _: moving.close_dispute(log, _dispute(log, str(a["command"])), won=False),
    "take_back": lambda log, a, _: charging.take_back(log, _charge(log, str(a["command"]))),
    "return_payout": lambda log, a, _: moving.end_payout(log, _payout(log, str(a["command"])), paid=False),
    "arrive": _arrive, "debit": _debit,
    "settle": lambda log, a, _: moving.settle_debit(log, _under_way(log, str(a["command"])), paid=True),
    "bounce": lambda log, a, _: moving.settle_debit(log, _under_way(log, str(a["command"])), paid=False),
    "top_up": lambda log, a, _: moving.top_up(log, int(a["amount"]), str(a["currency"]).lower()),
}  # fmt: skip


def deed(log: Log, asked: Asked, base: str) -> dict[str, Any]:
    """What a bank does to the payment of a command, or to the marketplace's own balance."""
    if asked["name"] not in DEEDS:
        raise invalid(f"No such deed: {asked['name']}; there are {', '.join(sorted(DEEDS))}.")
    with log.commit():
        return {"done": DEEDS[asked["name"]](log, asked, base)["id"]}


def keep_back(log: Log, asked: Asked) -> dict[str, Any]:
    """Send no message by itself, or send again."""
    log.set("paused", "yes" if asked["keep_back"] else "")
    return {"keep_back": bool(asked["keep_back"])}
