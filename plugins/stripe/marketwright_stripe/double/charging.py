"""Payment intents and charges: confirmed, authorised, captured in part, cancelled, declined, asked back by the bank."""

from typing import Any

from marketwright_stripe.double.accounts import method_of
from marketwright_stripe.double.call import Call, Thing, listed, merged
from marketwright_stripe.double.events import emit
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.money import book, fee_of
from marketwright_stripe.double.refusals import Refused, invalid
from marketwright_stripe.double.shapes import fresh

LEAST, MOST = 50, 99_999_999
DECLINED = "Your card was declined."


def create_intent(call: Call) -> Thing:
    """POST /v1/payment_intents, confirmed at once where ``confirm`` says so."""
    p = call.params
    intent = new_intent(call.log, p["amount"], p["currency"], account=call.account,
                        methods=p.get("allowed_payment_method_types") or ["card"], customer=p.get("customer"),
                        capture=p.get("capture_method", "automatic"), metadata=p.get("metadata", {}),
                        group=p.get("transfer_group"), description=p.get("description"))  # fmt: skip
    emit(call.log, "payment_intent.created", intent, account=call.account, request=call.request_id, key=call.key)
    if p.get("payment_method"):
        intent["payment_method"] = p["payment_method"]
        intent["status"] = "requires_confirmation"
        call.log.put(intent, call.account)
    return _confirm(call, intent) if p.get("confirm") else intent


def new_intent(
    log: Log, amount: int, currency: str, *, account: str, methods: list[str], customer: str | None, capture: str,
    metadata: Thing, group: str | None, description: str | None,
) -> Thing:  # fmt: skip
    """A stored intent that waits for a payment method."""
    if amount < LEAST:
        raise invalid(f"Amount must be at least {LEAST} cents", "amount", "amount_too_small")
    if amount > MOST:
        raise invalid(f"Amount must be no more than {MOST}", "amount", "amount_too_large")
    name = log.new_id("pi")
    return log.put(
        fresh(
            "payment_intent", id=name, amount=amount, currency=currency.lower(), created=log.now(),
            customer=customer, metadata=metadata, transfer_group=group, description=description,
            capture_method="automatic" if capture == "automatic_async" else capture, confirmation_method="automatic",
            client_secret=f"{name}_secret_{log.new_id('s')[2:]}", payment_method_types=methods,
            status="requires_payment_method", payment_method_options={},
        ), account,
    )  # fmt: skip


def retrieve_intent(call: Call) -> Thing:
    """GET /v1/payment_intents/:id."""
    return call.need("payment_intent", call.ids[0])


def list_intents(call: Call) -> Thing:
    """GET /v1/payment_intents."""
    customer = call.params.get("customer")
    return listed(call, "payment_intent", "/v1/payment_intents", lambda i: not customer or i["customer"] == customer)


def update_intent(call: Call) -> Thing:
    """POST /v1/payment_intents/:id."""
    intent, p = retrieve_intent(call), dict(call.params)
    _state(intent, ("requires_payment_method", "requires_confirmation", "requires_action"), "update")
    intent["metadata"] = merged(intent["metadata"], p.pop("metadata", {}))
    intent.update({k: v for k, v in p.items() if k in intent})
    return call.log.put(intent, call.account)


def confirm_intent(call: Call) -> Thing:
    """POST /v1/payment_intents/:id/confirm."""
    intent = retrieve_intent(call)
    if call.params.get("payment_method"):
        intent["payment_method"] = call.params["payment_method"]
    return _confirm(call, intent)


def _confirm(call: Call, intent: Thing) -> Thing:
    _state(intent, ("requires_payment_method", "requires_confirmation", "requires_action"), "confirm")
    if not intent["payment_method"]:
        raise invalid("You cannot confirm this PaymentIntent because it's missing a payment method.",
                      code="payment_intent_unexpected_state")  # fmt: skip
    method, way = method_of(call, intent["payment_method"])
    intent["payment_method"] = method["id"]
    if way == "decline":
        decline(call.log, intent, call.account)
        raise _card_error(intent)
    if way == "confirm":
        return ask_bank(call.log, intent, call.base, call.account)
    return pay(call.log, intent, kind=method["type"], account=call.account, fails=way == "fail")


def _card_error(intent: Thing) -> Refused:
    return Refused(402, DECLINED, kind="card_error", code="card_declined", decline_code="generic_decline",
                   payment_intent=intent)  # fmt: skip


def ask_bank(log: Log, intent: Thing, base: str, account: str = "") -> Thing:
    """3-D Secure: the payer must answer the bank first."""
    intent["status"] = "requires_action"
    intent["next_action"] = {"type": "redirect_to_url",
                             "redirect_to_url": {"url": f"{base}/bank/{intent['id']}", "return_url": None}}  # fmt: skip
    emit(log, "payment_intent.requires_action", intent, account=account)
    return log.put(intent, account)


def decline(log: Log, intent: Thing, account: str = "", code: str = "card_declined") -> Thing:
    """The bank says no: a failed charge, and the intent waits for another method."""
    charge = _charge(log, intent, status="failed", failure_code=code, failure_message=DECLINED, paid=False)
    log.put(charge, account)
    intent.update(status="requires_payment_method", payment_method=None, next_action=None, latest_charge=charge["id"],
                  last_payment_error={"type": "card_error", "code": code, "message": DECLINED})  # fmt: skip
    log.put(intent, account)
    emit(log, "charge.failed", charge, account=account)
    emit(log, "payment_intent.payment_failed", intent, account=account)
    return intent


def _charge(log: Log, intent: Thing, **values: Any) -> Thing:
    return fresh(
        "charge", id=log.new_id("ch"), amount=intent["amount"], currency=intent["currency"], created=log.now(),
        customer=intent["customer"], metadata=intent["metadata"], payment_intent=intent["id"],
        payment_method=intent["payment_method"], transfer_group=intent["transfer_group"],
        description=intent["description"], **values,
    )  # fmt: skip


def pay(log: Log, intent: Thing, *, kind: str = "card", account: str = "", fails: bool = False) -> Thing:
    """The payer pays. A card settles now or waits for its capture, a debit stays ``processing`` until it settles."""
    if kind == "sepa_debit":
        charge = _charge(log, intent, status="pending", paid=False,
                         payment_method_details={"type": kind, "sepa_debit": {"fingerprint": "debit"}})  # fmt: skip
        charge["metadata"] = {**charge["metadata"], "double": "fail" if fails else "pay"}
        log.put(charge, account)
        intent.update(status="processing", latest_charge=charge["id"], next_action=None)
        emit(log, "payment_intent.processing", intent, account=account)
        return log.put(intent, account)
    manual = intent["capture_method"] == "manual"
    details = {"type": kind, "card": {"last4": "4242", "fingerprint": "double-card"}}
    charge = _charge(log, intent, status="succeeded", paid=True, captured=not manual, payment_method_details=details)
    intent.update(latest_charge=charge["id"], next_action=None, amount_received=0)
    if manual:
        log.put(charge, account)
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        emit(log, "payment_intent.amount_capturable_updated", intent, account=account)
        return log.put(intent, account)
    return settle(log, intent, charge, intent["amount"], account)


def settle(log: Log, intent: Thing, charge: Thing, amount: int, account: str = "") -> Thing:
    """The money is there: charge, balance transaction, events."""
    delay = int(log.setting("settles_after", "0"))
    booked = book(log, "charge", charge["id"], amount, intent["currency"], account=account,
                  fee=fee_of(log, amount), available_on=log.now() + delay)  # fmt: skip
    charge.update(status="succeeded", paid=True, captured=True, amount_captured=amount,
                  balance_transaction=booked["id"])  # fmt: skip
    log.put(charge, account)
    intent.update(status="succeeded", amount_received=amount, amount_capturable=0, latest_charge=charge["id"])
    log.put(intent, account)
    log.effect("charge", charge, amount, account)
    emit(log, "charge.succeeded", charge, account=account)
    emit(log, "payment_intent.succeeded", intent, account=account)
    return intent


def fail_debit(log: Log, intent: Thing, account: str = "") -> Thing:
    """A debit that was under way is returned by the bank."""
    charge = log.get(intent["latest_charge"], "charge", account) or {}
    charge.update(status="failed", failure_code="insufficient_funds", failure_message="The debit was returned.")
    log.put(charge, account)
    intent.update(status="requires_payment_method",
                  last_payment_error={"type": "invalid_request_error", "code": "payment_intent_payment_attempt_failed",
                                      "message": "The debit was returned."})  # fmt: skip
    log.put(intent, account)
    emit(log, "charge.failed", charge, account=account)
    emit(log, "payment_intent.payment_failed", intent, account=account)
    return intent


def take_back(log: Log, name: str) -> Thing:
    """A debit that had settled is taken back by the bank all the same."""
    charge = log.get(name, "charge")
    if charge is None or charge["status"] != "succeeded":
        raise invalid(f"The charge {name} has not succeeded.")
    booked = book(log, "payment_failure_refund", name, -charge["amount"], charge["currency"])
    charge.update(status="failed", failure_code="insufficient_funds", paid=False,
                  failure_message="The debit was returned.", failure_balance_transaction=booked["id"])  # fmt: skip
    log.put(charge)
    log.effect("charge_failed", charge, charge["amount"])
    intent = log.get(charge["payment_intent"], "payment_intent")
    if intent is not None:
        intent.update(status="requires_payment_method", amount_received=0, last_payment_error={
            "type": "invalid_request_error", "code": "payment_intent_payment_attempt_failed",
            "message": "The debit was returned."})  # fmt: skip
        log.put(intent)
        emit(log, "payment_intent.payment_failed", intent)
    emit(log, "charge.failed", charge)
    return charge


def capture_intent(call: Call) -> Thing:
    """POST /v1/payment_intents/:id/capture, in part where ``amount_to_capture`` says less."""
    intent = retrieve_intent(call)
    _state(intent, ("requires_capture",), "capture")
    amount = int(call.params.get("amount_to_capture") or intent["amount_capturable"])
    if not 0 < amount <= intent["amount_capturable"]:
        raise invalid(f"The amount to capture ({amount}) is greater than the capturable amount.", "amount_to_capture",
                      "amount_too_large")  # fmt: skip
    charge = call.need("charge", intent["latest_charge"])
    return settle(call.log, intent, charge, amount, call.account)


def cancel_intent(call: Call) -> Thing:
    """POST /v1/payment_intents/:id/cancel."""
    intent = retrieve_intent(call)
    _state(intent, ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"),
           "cancel")  # fmt: skip
    intent.update(status="canceled", canceled_at=call.now, amount_capturable=0, next_action=None,
                  cancellation_reason=call.params.get("cancellation_reason"))  # fmt: skip
    emit(call.log, "payment_intent.canceled", intent, account=call.account)
    return call.log.put(intent, call.account)


def _state(intent: Thing, allowed: tuple[str, ...], verb: str) -> None:
    if intent["status"] not in allowed:
        raise invalid(
            f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent "
            f"with one of the following statuses may be {verb}ed: {', '.join(allowed)}.",
            code="payment_intent_unexpected_state",
        )  # fmt: skip


def retrieve_charge(call: Call) -> Thing:
    """GET /v1/charges/:id."""
    return call.need("charge", call.ids[0])


def list_charges(call: Call) -> Thing:
    """GET /v1/charges."""
    p = call.params

    def keep(charge: Thing) -> bool:
        return all(not p.get(k) or charge[k] == p[k] for k in ("customer", "payment_intent", "transfer_group"))

    return listed(call, "charge", "/v1/charges", keep)
