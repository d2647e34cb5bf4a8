"""Checkout sessions and what happens on their hosted page."""

from marketwright_stripe.double.call import Call, Thing, listed
from marketwright_stripe.double.events import emit
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import invalid
from marketwright_stripe.double.shapes import fresh

LIFE = 24 * 3600
SOONEST, LATEST = 30 * 60, 24 * 3600
LEAST = 50  # minor units: what Stripe takes at least, near enough in every currency of the tests


def create_session(call: Call) -> Thing:
    """POST /v1/checkout/sessions, in mode ``payment``."""
    p = call.params
    if p.get("mode") != "payment":
        raise invalid("Only mode=payment is known to this double.", "mode")
    if not p.get("line_items"):
        raise invalid("You must pass `line_items`.", "line_items", "parameter_missing")
    if not p.get("success_url"):
        raise invalid("You must provide a `success_url`.", "success_url", "parameter_missing")
    expires = p.get("expires_at", call.now + LIFE)
    if not call.now + SOONEST - 60 <= expires <= call.now + LATEST + 60:
        raise invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session "
                      "creation.", "expires_at")  # fmt: skip
    if p.get("customer"):
        call.need("customer", p["customer"], "customer")
    currency, amount = _total(p["line_items"])
    if amount < LEAST:
        raise invalid("The Checkout Session's total amount due must add up to at least €0.50 eur",
                      code="amount_too_small")  # fmt: skip
    name = call.log.new_id("cs_test")
    session = fresh(
        "checkout.session", id=name, amount_subtotal=amount, amount_total=amount, currency=currency, created=call.now,
        expires_at=expires, customer=p.get("customer"), metadata=p.get("metadata", {}), mode="payment",
        cancel_url=p.get("cancel_url"), success_url=p["success_url"], status="open", payment_status="unpaid",
        payment_method_types=p.get("allowed_payment_method_types") or ["card"], url=f"{call.base}/pay/{name}",
        client_reference_id=p.get("client_reference_id"), locale=p.get("locale"), ui_mode="hosted",
        payment_method_options=p.get("payment_method_options", {}),
    )  # fmt: skip
    what = p["line_items"][0].get("price_data", {}).get("product_data", {}).get("name", "")
    call.log.put({**session, "intent": p.get("payment_intent_data", {}), "what": what}, call.account)
    return session


def _total(items: list[Thing]) -> tuple[str, int]:
    currencies, amount = set(), 0
    for item in items:
        price = item.get("price_data") or {}
        if "unit_amount" not in price:
            raise invalid("Only line items with `price_data[unit_amount]` are known to this double.", "line_items")
        currencies.add(price["currency"].lower())
        amount += price["unit_amount"] * item.get("quantity", 1)
    if len(currencies) != 1:
        raise invalid("All line items must have the same currency.", "line_items")
    return currencies.pop(), amount


def shown(session: Thing) -> Thing:
    """A stored session without what only the double keeps."""
    return {k: v for k, v in session.items() if k not in ("intent", "what")}


def retrieve_session(call: Call) -> Thing:
    """GET /v1/checkout/sessions/:id."""
    return shown(refreshed(call.log, call.need("checkout.session", call.ids[0]), call.account))


def list_sessions(call: Call) -> Thing:
    """GET /v1/checkout/sessions."""
    p = call.params
    found = listed(call, "checkout.session", "/v1/checkout/sessions", payment_intent=p.get("payment_intent"),
                   customer=p.get("customer"), status=p.get("status"))  # fmt: skip
    return {**found, "data": [shown(refreshed(call.log, s, call.account)) for s in found["data"]]}


def expire_session(call: Call) -> Thing:
    """POST /v1/checkout/sessions/:id/expire."""
    session = call.need("checkout.session", call.ids[0])
    if session["status"] != "open":
        raise invalid(f"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a "
                      f"status of {session['status']}.")  # fmt: skip
    return shown(_expired(call.log, session, call.account))


def refreshed(log: Log, session: Thing, account: str = "") -> Thing:
    """The session as it is now: an open one whose time is up expires."""
    if session["status"] == "open" and session["expires_at"] <= log.now():
        return _expired(log, session, account)
    return session


def expire(log: Log, name: str) -> None:
    """The time of the page ``name`` is up."""
    session = log.get(name, "checkout.session")
    if session is not None and session["status"] == "open":
        _expired(log, session, "")


def _expired(log: Log, session: Thing, account: str) -> Thing:
    session.update(status="expired", url=None)
    with log.commit():
        log.put(session, account)
        emit(log, "checkout.session.expired", shown(session), account=account)
    return session


def complete(log: Log, session: Thing, intent: Thing) -> Thing:
    """The payer is through: paid, or (a debit, a bank transfer) still under way."""
    session.update(status="complete", payment_status="paid" if intent["status"] == "succeeded" else "unpaid",
                   payment_intent=intent["id"], url=None)  # fmt: skip
    log.put(session)
    emit(log, "checkout.session.completed", shown(session))
    return session


def after_payment(log: Log, intent: Thing, *, paid: bool) -> None:
    """Tell the session of ``intent`` what became of a payment that was under way."""
    session = next(iter(log.all("checkout.session", payment_intent=intent["id"])), None)
    if session is None:
        return
    if session["status"] == "open" and paid:
        complete(log, session, intent)
        return
    session["payment_status"] = "paid" if paid else "unpaid"
    log.put(session)
    emit(log, f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", shown(session))
