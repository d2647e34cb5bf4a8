"""Customers' cash balances: bank transfers to their own IBAN, used by Stripe for what is open, given back."""

from typing import Any

from marketwright_stripe.double import charging
from marketwright_stripe.double.call import Call, Thing, page
from marketwright_stripe.double.checkout import after_payment
from marketwright_stripe.double.events import emit
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import invalid, missing
from marketwright_stripe.double.shapes import fresh


def iban_of(customer: Thing) -> Thing:
    """The financial address of a customer: an IBAN of their own."""
    number = f"FR76DOUBLE{int(customer['id'][4:12], 16):015d}"[:27]
    return {"type": "iban", "supported_networks": ["sepa"], "iban": {
        "account_holder_name": "marketwright double", "bic": "DOUBFRPP", "country": "FR", "iban": number}}  # fmt: skip


def funding_instructions(call: Call) -> Thing:
    """POST /v1/customers/:id/funding_instructions: the virtual IBAN of one customer."""
    customer = call.need("customer", call.ids[0], "customer")
    return fresh("funding_instructions", currency=call.params["currency"], funding_type="bank_transfer",
                 bank_transfer={"country": "FR", "type": "eu_bank_transfer",
                                "financial_addresses": [iban_of(customer)]})  # fmt: skip


def instructions(log: Log, intent: Thing, base: str) -> Thing:
    """The next action of a payment that waits for a bank transfer."""
    customer = log.get(intent["customer"] or "", "customer")
    if customer is None:
        raise invalid("Bank transfers need a customer.", "customer")
    return {"type": "display_bank_transfer_instructions", "display_bank_transfer_instructions": {
        "amount_remaining": intent["amount"], "currency": intent["currency"], "type": "eu_bank_transfer",
        "reference": intent["id"][-10:].upper(), "financial_addresses": [iban_of(customer)],
        "hosted_instructions_url": f"{base}/transfer/{intent['id']}"}}  # fmt: skip


def balance_of(log: Log, customer: str, currency: str) -> int:
    """What lies on a customer's cash balance, minor units."""
    return sum(e["net_amount"] for e in _entries(log, customer) if e["currency"] == currency)


def _entries(log: Log, customer: str) -> list[Thing]:
    return log.all("customer_cash_balance_transaction", customer=customer)


def _enter(log: Log, customer: str, currency: str, amount: int, kind: str, about: Any = None) -> Thing:
    left = balance_of(log, customer, currency) + amount
    entry = {
        **fresh("customer_cash_balance_transaction", id=log.new_id("ccsbtxn"), created=log.now(), currency=currency,
                customer=customer, ending_balance=left, net_amount=amount, type=kind),
        "funded": None, **({kind: about} if about else {}),
    }  # fmt: skip
    log.put(entry)
    emit(log, "customer_cash_balance_transaction.created", entry)
    return entry


def came(log: Log, customer: str, amount: int, currency: str) -> Thing:
    """A bank transfer reaches a customer's IBAN and is used for what is open."""
    if log.get(customer, "customer") is None:
        raise missing("customer", customer)
    if amount < 1:
        raise invalid("The amount must be at least 1.", "amount")
    entry = _enter(log, customer, currency, amount, "funded", {"bank_transfer": {
        "type": "eu_bank_transfer", "reference": None,
        "eu_bank_transfer": {"bic": "DOUBFRPP", "iban_last4": "3000", "sender_name": "A client"}}})  # fmt: skip
    log.effect("arrival", entry, amount)
    reconcile(log, customer, currency)
    return entry


def reconcile(log: Log, customer: str, currency: str) -> None:
    """Use what lies there for payments that wait: one of the very amount first, then the oldest."""
    waiting = [i for i in reversed(log.all("payment_intent", customer=customer)) if _waits(i, customer, currency)]
    lies = balance_of(log, customer, currency)
    waiting.sort(key=lambda i: _details(i)["amount_remaining"] != lies)
    for intent in waiting:
        lies = balance_of(log, customer, currency)
        part = min(lies, _details(intent)["amount_remaining"])
        if part < 1:
            return
        _enter(log, customer, currency, -part, "applied_to_payment", {"payment_intent": intent["id"]})
        _details(intent)["amount_remaining"] -= part
        log.put(intent)
        if _details(intent)["amount_remaining"]:
            emit(log, "payment_intent.partially_funded", intent)
        else:
            done = {**intent, "next_action": None, "status": "requires_confirmation"}
            after_payment(log, charging.pay(log, done, kind="customer_balance"), paid=True)


def _waits(intent: Thing, customer: str, currency: str) -> bool:
    same = intent["customer"] == customer and intent["currency"] == currency
    return bool(same and intent["status"] == "requires_action" and _details(intent))


def _details(intent: Thing) -> Thing:
    found: Thing = (intent["next_action"] or {}).get("display_bank_transfer_instructions") or {}
    return found


def let_go(log: Log, intent: Thing) -> None:
    """A payment that waited is cancelled: what it had used lies on the cash balance again."""
    details = _details(intent)
    used = intent["amount"] - details["amount_remaining"] if details else 0
    if used:
        _enter(log, intent["customer"], intent["currency"], used, "unapplied_from_payment",
               {"payment_intent": intent["id"]})  # fmt: skip


def cancel_intent(call: Call) -> Thing:
    """POST /v1/payment_intents/:id/cancel."""
    waiting = charging.retrieve_intent(call)
    done = charging.cancel_intent(call)
    let_go(call.log, waiting)
    return done


def retrieve_balance(call: Call) -> Thing:
    """GET /v1/customers/:id/cash_balance."""
    customer = call.need("customer", call.ids[0], "customer")["id"]
    currencies = {e["currency"] for e in _entries(call.log, customer)}
    available = {c: balance_of(call.log, customer, c) for c in sorted(currencies)}
    return fresh("cash_balance", customer=customer, available=available or None,
                 settings={"reconciliation_mode": "automatic", "using_merchant_default": True})  # fmt: skip


def list_entries(call: Call) -> Thing:
    """GET /v1/customers/:id/cash_balance_transactions."""
    customer = call.need("customer", call.ids[0], "customer")["id"]
    return page(call, _entries(call.log, customer), f"/v1/customers/{customer}/cash_balance_transactions")


def fund(call: Call) -> Thing:
    """POST /v1/test_helpers/customers/:id/fund_cash_balance: Stripe's own way to play a transfer in test mode."""
    p = call.params
    return came(call.log, call.ids[0], p["amount"], p["currency"].lower())


def refund(call: Call) -> Thing:
    """POST /v1/refunds with the origin ``customer_balance``: back to whoever it came from."""
    p, log = call.params, call.log
    customer = call.need("customer", p.get("customer", ""), "customer")["id"]
    currency, amount = p.get("currency", "").lower(), p.get("amount", 0)
    if not 0 < amount <= balance_of(log, customer, currency):
        raise invalid("The refund is greater than the customer's cash balance.", "amount", "balance_insufficient")
    _enter(log, customer, currency, -amount, "return_initiated")
    made = fresh("refund", id=log.new_id("re"), amount=amount, currency=currency, created=call.now, customer=customer,
                 metadata=p.get("metadata", {}), status="pending")  # fmt: skip
    log.put(made)
    log.effect("refund", made, amount)
    emit(log, "refund.created", made, request=call.request_id, key=call.key)
    return made
