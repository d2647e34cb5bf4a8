"""The sandbox as a double that can be drilled: effects, faults, clock, people and messages under ``/_double``.

What each call means stands in ``docs/payment-doubles.md``.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as BaseResponse

from marketwright_sandbox.books import Books
from marketwright_sandbox.deeds import Deeds
from marketwright_sandbox.faults import CALLS, FAULTS, Faults
from marketwright_sandbox.signing import HEADER, secrets_of, sign

PROTOCOL = 1
PLAYED = ("dispute", "win", "lose", "take_back", "return_payout", "arrive", "top_up")
NAMES = {"provider_fee": "cost", "reclaim": "reversal"}  # what the protocol calls effects that have other names here
WAYS = {"pay": ("pay",), "confirm": ("confirm", "yes"), "decline": ("decline",), "late": ("late",), "leave": ()}


def make_blueprint(books: Books, faults: Faults) -> Blueprint:
    """The calls of the protocol for ``books``."""
    blueprint = Blueprint("double", "marketwright_sandbox", url_prefix="/_double")

    @blueprint.get("/about")
    def about() -> Response:
        origin = request.host_url.rstrip("/")
        return jsonify(protocol=PROTOCOL, provider="sandbox", settings={"origin": origin}, environment={}, hosts={},
                       faults=list(FAULTS), calls=list(CALLS), choices=list(WAYS), deeds=list(PLAYED))  # fmt: skip

    @blueprint.get("/effects")
    def effects() -> Response:
        found = [{"number": e.number, "kind": NAMES.get(e.effect, e.effect), "command": e.key,
                  "amount": e.amount, "currency": e.currency} for e in books.effects()]  # fmt: skip
        return jsonify(found)

    @blueprint.get("/balance")
    def balance() -> Response:
        return jsonify({currency: books.balance(currency) for currency in {e.currency for e in books.effects()}})

    @blueprint.get("/messages")
    def messages() -> Response:
        after, key = int(request.args.get("after", 0)), secrets_of(books.folder)[0]
        return jsonify([
            {"number": number, "command": json.loads(body)["key"], "body": body,
             "headers": {HEADER: sign(body.encode(), key, books.now()), "content-type": "application/json"}}
            for number, body in books.messages(after)
        ])  # fmt: skip

    @blueprint.get("/faults")
    def known() -> Response:
        return jsonify(known=list(FAULTS), set=faults.set_now())

    @blueprint.post("/<deed>")
    def do(deed: str) -> BaseResponse:
        asked: dict[str, Any] = request.get_json(force=True, silent=True) or {}
        try:
            return jsonify(_do(books, faults, deed, asked))
        except (KeyError, ValueError) as error:
            return Response(json.dumps({"error": f"{deed}: {error}"}), 400, content_type="application/json")

    return blueprint


def _do(books: Books, faults: Faults, deed: str, asked: dict[str, Any]) -> dict[str, Any]:
    if deed == "faults":
        faults.add(asked["call"], asked["fault"], int(asked.get("times", 1)))
        return {"set": asked["fault"]}
    if deed == "calm":
        faults.clear()
        faults.keep_back(on=False)
        return {"calm": True}
    if deed == "messages":
        faults.keep_back(on=bool(asked["keep_back"]))
        return {"keep_back": faults.keeps_back}
    if deed == "clock":
        return {"now": faults.advance(int(asked["advance"]))}
    if deed == "deed":
        return {"done": _deed(Deeds(books), asked)}
    if deed == "visit":
        return _visit(books, asked["page"], asked.get("choice", "pay"))
    msg = f"there is no deed {deed!r}; there are faults, calm, messages, clock, visit and deed"
    raise ValueError(msg)


def _deed(deeds: Deeds, asked: dict[str, Any]) -> str:
    """What a bank does; a dispute is named by its payment, as in the protocol."""
    name, key = asked["name"], str(asked.get("command", ""))
    amount, currency = int(asked.get("amount", 0)), str(asked.get("currency", ""))
    if name == "top_up":
        return deeds.do("adjust", amount=amount, currency=currency)
    if name in ("dispute", "win", "lose"):
        happened = deeds.all()
        decided = {h.reference for h in happened if h.kind in ("dispute_won", "dispute_lost")}
        mine = [h.reference for h in happened if h.kind == "dispute_opened" and h.key == key]
        under_way = [reference for reference in mine if reference not in decided]
        if name != "dispute":
            return deeds.do(name, (under_way or mine or [key])[-1])
        if under_way:
            msg = f"the payment of {key} is disputed already"
            raise ValueError(msg)
    return deeds.do(name, key, amount=amount, currency=currency)


def _visit(books: Books, page: str, choice: str) -> dict[str, Any]:
    token = urlsplit(page).path.rpartition("/")[2]
    entry = books.page(token)
    for way in WAYS[choice]:
        entry = books.choose(token, way)
    return {"location": entry.asked.return_to if entry else "", "state": entry.state if entry else "unknown"}
