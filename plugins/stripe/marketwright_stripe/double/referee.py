"""The referee's protocol under ``/_double``: effects, faults, clock, messages, and what only a bank can do.

Any provider's double that answers these calls can be drilled. JSON in, JSON out.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from marketwright_stripe.double import accounts, cash, charging, events, moving, protocol
from marketwright_stripe.double.answering import FAULTS
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import Refused

Asked = dict[str, Any]


def control(log: Log, method: str, path: str, body: str, *, query: str = "", base: str = "") -> tuple[int, Any]:
    """Answer one call of the protocol: (status, JSON). ``base`` is the double's own address."""
    name = path.removeprefix("/_double/")
    if method == "GET":
        asked_for = dict(parse_qsl(query))
        readers: dict[str, Callable[[], Any]] = {
            "effects": lambda: protocol.effects(log), "calls": lambda: log.rows("calls"),
            "deliveries": lambda: log.rows("deliveries"), "clock": lambda: {"now": log.now()},
            "faults": lambda: {"known": list(FAULTS), "set": log.rows("faults")},
            "about": lambda: protocol.about(log, base), "balance": lambda: protocol.balance(log),
            "messages": lambda: protocol.messages(log, int(asked_for.get("after", 0)),
                                                  int(asked_for.get("limit", -1))),
        }  # fmt: skip
        return (200, readers[name]()) if name in readers else (404, {"error": f"no such list: {name}"})
    try:
        asked = json.loads(body or "{}")
    except ValueError:
        return 400, {"error": "the body is not JSON"}
    ours: dict[str, Callable[[Log, Asked], Any]] = {
        "visit": lambda log, a: protocol.goes_to(log, a, base), "deed": lambda log, a: protocol.deed(log, a, base),
    }  # fmt: skip
    deed = ours.get(name) or DEEDS.get(name)
    if deed is None:
        return 404, {"error": f"no such deed: {name}; there are {', '.join(sorted({*DEEDS, *ours}))}"}
    try:
        return 200, deed(log, asked)
    except KeyError as error:
        return 400, {"error": f"{name} needs {error.args[0]!r}"}
    except Refused as refused:
        return 400, refused.body


def _clock(log: Log, asked: Asked) -> Any:
    log.set("clock", str(int(log.setting("clock", "0")) + int(asked["advance"])))
    return {"now": log.now()}


def _fault(log: Log, asked: Asked) -> Any:
    if asked["fault"] not in FAULTS:
        return {"error": f"{asked['fault']!r} is no fault; there are {', '.join(FAULTS)}"}
    with log.commit():
        log.db.execute("INSERT INTO faults (call, fault, times, details) VALUES (?, ?, ?, '')",
                       (asked.get("call", "*"), asked["fault"], int(asked.get("times", 1))))  # fmt: skip
    return {"set": asked["fault"]}


def _calm(log: Log, _asked: Asked) -> Any:
    with log.commit():
        log.db.execute("UPDATE faults SET times = 0")
        log.set("webhooks", "{}")
        log.set("paused", "")
    return {"calm": True}


def _webhooks(log: Log, asked: Asked) -> Any:
    log.set("webhooks", json.dumps({**json.loads(log.setting("webhooks", "{}")), **asked}))
    return json.loads(log.setting("webhooks", "{}"))


def _endpoint(log: Log, asked: Asked) -> Any:
    made = [events.add_endpoint(log, asked["url"], asked["secret"], ["*"], connect=c) for c in (False, True)]
    return {"endpoints": [e["id"] for e in made]}


def _deliver(log: Log, _asked: Asked) -> Any:
    postman, count = events.Postman(log), 0
    while tried := postman.deliver_due():
        count += tried
    return {"delivered": count}


def _set(name: str) -> Callable[[Log, Asked], Any]:
    def change(log: Log, asked: Asked) -> Any:
        log.set(name, str(asked["value"]))
        return {name: log.setting(name, "")}

    return change


def _joined(deed: Callable[[Log, Asked], Any]) -> Callable[[Log, Asked], Any]:
    def whole(log: Log, asked: Asked) -> Any:
        with log.commit():
            return deed(log, asked)

    return whole


DEEDS: dict[str, Callable[[Log, Asked], Any]] = {
    "messages": protocol.keep_back,
    "clock": _clock, "faults": _fault, "calm": _calm, "webhooks": _webhooks, "endpoint": _endpoint,
    "deliver": _deliver, "pause": _set("paused"), "fee": _set("fee"), "settles_after": _set("settles_after"),
    "payouts": _set("payouts"),
    "topup": _joined(lambda log, a: moving.top_up(log, a["amount"], a["currency"])),
    "reject": _joined(lambda log, a: accounts.reject(log, a["account"])),
    "review": _joined(lambda log, a: accounts.review(log, a["account"])),
    "onboard": _joined(lambda log, a: accounts.finish_onboarding(log, a["account"])),
    "restrict": _joined(lambda log, a: accounts.restrict(log, a["account"], on=a.get("on", True))),
    "settle_debit": _joined(lambda log, a: moving.settle_debit(log, a["payment_intent"], paid=a.get("paid", True))),
    "money_came": _joined(lambda log, a: cash.came(log, a["customer"], a["amount"], a["currency"])),
    "open_dispute": _joined(lambda log, a: moving.open_dispute(log, a["charge"], a.get("amount"),
                                                                  asks=a.get("asks", False))),
    "take_back": _joined(lambda log, a: charging.take_back(log, a["charge"])),
    "fail_refund": _joined(lambda log, a: moving.fail_refund(log, a["refund"])),
    "close_dispute": _joined(lambda log, a: moving.close_dispute(log, a["dispute"], won=a["won"])),
    "end_payout": _joined(lambda log, a: moving.end_payout(log, a["payout"], paid=a["paid"])),
}  # fmt: skip
