"""Transfers and their reversals, refunds, payouts, disputes, bank transfers that come in."""

from marketwright_stripe.double import cash, charging
from marketwright_stripe.double.accounts import account_named, need_transfers
from marketwright_stripe.double.call import Call, Thing, listed, page
from marketwright_stripe.double.checkout import after_payment
from marketwright_stripe.double.events import emit
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.money import DISPUTE_FEE, book, current, need_available
from marketwright_stripe.double.refusals import invalid, missing
from marketwright_stripe.double.shapes import fresh

ASKING = ("warning_needs_response", "warning_under_review")  # a bank that has taken nothing yet

def create_transfer(call: Call) -> Thing:
    """POST /v1/transfers: out of a charge (``source_transaction``), or out of what is available."""
    p, log = call.params, call.log
    amount, currency = p.get("amount", 0), p["currency"].lower()
    if amount < 1:
        raise invalid("Invalid positive integer", "amount", "parameter_invalid_integer")
    need_transfers(log, p["destination"])
    group, due = p.get("transfer_group"), None
    if p.get("source_transaction"):
        charge = log.get(p["source_transaction"], "charge")
        if charge is None:
            raise missing("charge", p["source_transaction"], "source_transaction")
        if group and charge["transfer_group"] and group != charge["transfer_group"]:
            raise invalid("The transfer_group must match the transfer_group of the source_transaction.",
                          "transfer_group")  # fmt: skip
        group = group or charge["transfer_group"] or f"group_{charge['payment_intent']}"
        due = _from_charge(log, charge, amount, currency)
    else:
        need_available(log, "", currency, amount)
    transfer = fresh("transfer", id=log.new_id("tr"), amount=amount, currency=currency, created=call.now,
                     destination=p["destination"], metadata=p.get("metadata", {}), transfer_group=group,
                     source_transaction=p.get("source_transaction"), source_type="card",
                     description=p.get("description"))  # fmt: skip
    out = book(log, "transfer", transfer["id"], -amount, currency, available_on=due)
    came = log.new_id("py")
    log.put(fresh("charge", id=came, amount=amount, amount_captured=amount, currency=currency, created=call.now,
                  paid=True, captured=True, status="succeeded"), p["destination"])  # fmt: skip
    book(log, "payment", came, amount, currency, account=p["destination"], available_on=due)
    transfer.update(balance_transaction=out["id"], destination_payment=came)
    log.put(transfer)
    log.effect("transfer", transfer, amount, p["destination"])
    emit(log, "transfer.created", transfer, request=call.request_id, key=call.key)
    return transfer


def _from_charge(log: Log, charge: Thing, amount: int, currency: str) -> int:
    if charge["status"] != "succeeded" and charge["status"] != "pending":
        raise invalid("The source_transaction has not succeeded.", "source_transaction")
    if charge["currency"] != currency:
        raise invalid("The transfer's currency must be the currency of the source_transaction's balance transaction.",
                      "currency")  # fmt: skip
    sent = log.all("transfer", source_transaction=charge["id"])
    gone = sum(t["amount"] - t["amount_reversed"] for t in sent)
    left = charge["amount_captured"] - gone
    if amount > left:
        raise invalid(f"Transfer amount ({amount}) is more than what is left of the source charge ({left}).", "amount",
                      "balance_insufficient")  # fmt: skip
    booked = log.get(charge["balance_transaction"] or "", "balance_transaction")
    return int(booked["available_on"]) if booked else log.now()


def retrieve_transfer(call: Call) -> Thing:
    """GET /v1/transfers/:id."""
    return call.need("transfer", call.ids[0])


def list_transfers(call: Call) -> Thing:
    """GET /v1/transfers."""
    p = call.params
    return listed(call, "transfer", "/v1/transfers", destination=p.get("destination"),
                  transfer_group=p.get("transfer_group"))  # fmt: skip


def reverse_transfer(call: Call) -> Thing:
    """POST /v1/transfers/:id/reversals."""
    log, transfer = call.log, retrieve_transfer(call)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = call.params.get("amount", left)
    if not 0 < amount <= left:
        raise invalid(f"Reversal amount ({amount}) is greater than unreversed amount ({left})", "amount")
    need_available(log, transfer["destination"], transfer["currency"], amount)
    reversal = fresh("transfer_reversal", id=log.new_id("trr"), amount=amount, currency=transfer["currency"],
                     created=call.now, metadata=call.params.get("metadata", {}), transfer=transfer["id"])  # fmt: skip
    book(log, "payment_refund", reversal["id"], -amount, transfer["currency"], account=transfer["destination"])
    booked = book(log, "transfer_refund", reversal["id"], amount, transfer["currency"])
    reversal["balance_transaction"] = booked["id"]
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    log.put(transfer)
    log.put(reversal)
    log.effect("reversal", reversal, amount, transfer["destination"])
    emit(log, "transfer.reversed", transfer, request=call.request_id, key=call.key)
    return reversal


def list_reversals(call: Call) -> Thing:
    """GET /v1/transfers/:id/reversals."""
    name = retrieve_transfer(call)["id"]
    return page(call, call.log.all("transfer_reversal", transfer=name), f"/v1/transfers/{name}/reversals")


def create_refund(call: Call) -> Thing:
    """POST /v1/refunds: never more than is left of the charge, out of the platform's balance."""
    p, log = call.params, call.log
    if p.get("origin") == "customer_balance":
        return cash.refund(call)
    charge = _charge_of(call)
    disputes = log.all("dispute", charge=charge["id"])
    lost = sum(d["amount"] for d in disputes if d["status"] == "lost")
    left = charge["amount_captured"] - charge["amount_refunded"] - lost
    if any(d["status"] in ("needs_response", "under_review") for d in disputes) or (lost and not left):
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                      code="charge_disputed")  # fmt: skip
    if not left:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = p.get("amount", left)
    if not 0 < amount <= left:
        raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount")
    need_available(log, "", charge["currency"], amount)
    refund = fresh("refund", id=log.new_id("re"), amount=amount, currency=charge["currency"], created=call.now,
                   charge=charge["id"], payment_intent=charge["payment_intent"], metadata=p.get("metadata", {}),
                   reason=p.get("reason"), status="succeeded")  # fmt: skip
    refund["balance_transaction"] = book(log, "refund", refund["id"], -amount, charge["currency"])["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    log.put(charge)
    log.put(refund)
    log.effect("refund", refund, amount)
    emit(log, "refund.created", refund, request=call.request_id, key=call.key)
    emit(log, "charge.refunded", charge, request=call.request_id, key=call.key)
    if charge["refunded"]:  # a bank that had only asked has its answer
        for dispute in disputes:
            if dispute["status"] in ASKING:
                close_dispute(log, dispute["id"], won=True)
    return refund


def top_up(log: Log, amount: int, currency: str) -> Thing:
    """The operator puts money of their own on the platform's balance."""
    name = log.new_id("tu")
    log.put({"id": name, "object": "topup", "amount": amount, "currency": currency, "created": log.now(),
             "status": "succeeded", "metadata": {}, "description": None})  # fmt: skip
    return book(log, "topup", name, amount, currency, description="Top-up")


def fail_refund(log: Log, name: str) -> Thing:
    """The payer's bank does not take a refund: its amount returns to the balance."""
    refund = log.get(name, "refund")
    if refund is None:
        raise missing("refund", name)
    booked = book(log, "refund_failure", name, refund["amount"], refund["currency"])
    refund.update(status="failed", failure_reason="expired_or_canceled_card", failure_balance_transaction=booked["id"])
    log.put(refund)
    charge = log.get(refund["charge"], "charge")
    if charge is not None:
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        log.put(charge)
    log.effect("refund_failed", refund, refund["amount"])
    emit(log, "refund.failed", refund)
    return refund


def _charge_of(call: Call) -> Thing:
    p = call.params
    if p.get("payment_intent"):
        intent = call.need("payment_intent", p["payment_intent"], "payment_intent")
        if not intent["latest_charge"]:
            raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                          "payment_intent")  # fmt: skip
        return call.need("charge", intent["latest_charge"], "charge")
    if p.get("charge"):
        return call.need("charge", p["charge"], "charge")
    raise invalid("One of the following params should be provided for this request: payment_intent or charge.")


def retrieve_refund(call: Call) -> Thing:
    """GET /v1/refunds/:id."""
    return call.need("refund", call.ids[0])


def list_refunds(call: Call) -> Thing:
    """GET /v1/refunds."""
    p = call.params
    return listed(call, "refund", "/v1/refunds", charge=p.get("charge"), payment_intent=p.get("payment_intent"))


def create_payout(call: Call) -> Thing:
    """POST /v1/payouts, for the account in ``Stripe-Account``."""
    p, log = call.params, call.log
    if call.account and not account_named(log, call.account)["payouts_enabled"]:
        raise invalid("Payouts are disabled on this account until its requirements are met.",
                      code="payouts_not_allowed")  # fmt: skip
    currency = p["currency"].lower()
    need_available(log, call.account, currency, p["amount"])
    payout = fresh("payout", id=log.new_id("po"), amount=p["amount"], currency=currency, created=call.now,
                   metadata=p.get("metadata", {}), automatic=False, method="standard", type="bank_account",
                   status="pending", arrival_date=call.now + 86400, description=p.get("description"),
                   source_type="card", reconciliation_status="not_applicable")  # fmt: skip
    booked = book(log, "payout", payout["id"], -p["amount"], currency, account=call.account)
    payout["balance_transaction"] = booked["id"]
    log.put(payout, call.account)
    log.effect("payout", payout, p["amount"], call.account)
    emit(log, "payout.created", payout, account=call.account, request=call.request_id, key=call.key)
    return payout if log.setting("payouts", "pay") != "pay" else end_payout(log, payout["id"], paid=True)


def end_payout(log: Log, name: str, *, paid: bool) -> Thing:
    """The bank has taken a payout, or sent it back: then its amount returns to the balance."""
    account = log.account_of(name)
    payout = log.get(name, "payout", account)
    if payout is None:
        raise missing("payout", name)
    if payout["status"] == "failed":
        raise invalid(f"The payout {name} has failed already.")
    payout["status"] = "paid" if paid else "failed"
    if not paid:
        payout.update(failure_code="account_closed", failure_message="The bank account has been closed.")
        back = book(log, "payout_failure", name, payout["amount"], payout["currency"], account=account)
        payout["failure_balance_transaction"] = back["id"]
        log.effect("payout_failure", payout, payout["amount"], account)
    log.put(payout, account)
    emit(log, "payout.paid" if paid else "payout.failed", payout, account=account)
    return payout


def retrieve_payout(call: Call) -> Thing:
    """GET /v1/payouts/:id."""
    return call.need("payout", call.ids[0])


def list_payouts(call: Call) -> Thing:
    """GET /v1/payouts."""
    return listed(call, "payout", "/v1/payouts", status=call.params.get("status"))


def list_transactions(call: Call) -> Thing:
    """GET /v1/balance_transactions."""
    p = call.params
    found = listed(call, "balance_transaction", "/v1/balance_transactions", source=p.get("source"),
                   type=p.get("type"), currency=p.get("currency"))  # fmt: skip
    return {**found, "data": [current(t, call.now) for t in found["data"]]}


def open_dispute(log: Log, name: str, amount: int | None = None, *, asks: bool = False) -> Thing:
    """The payer's bank takes a charge back, with its fee; with ``asks`` it only asks, and takes nothing yet."""
    charge = log.get(name, "charge")
    if charge is None:
        raise missing("charge", name)
    open_ones = [d for d in log.all("dispute", charge=name) if d["status"] not in ("won", "warning_closed")]
    free = charge["amount"] - sum(d["amount"] for d in open_ones)
    if charge["status"] != "succeeded" or free < 1:
        raise invalid(f"Nothing of the charge {name} is left to dispute.")
    taken = free if amount is None else amount
    dispute = fresh("dispute", id=log.new_id("dp"), amount=taken, charge=name, created=log.now(),
                    currency=charge["currency"], payment_intent=charge["payment_intent"], reason="fraudulent",
                    status="warning_needs_response" if asks else "needs_response", metadata={}, evidence={},
                    evidence_details={"due_by": log.now() + 7 * 86400}, balance_transactions=[],
                    is_charge_refundable=asks)  # fmt: skip
    if asks:
        log.put(dispute)
        emit(log, "charge.dispute.created", dispute)
        return dispute
    _withdraw(log, dispute, charge)
    emit(log, "charge.dispute.created", dispute)
    emit(log, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def _withdraw(log: Log, dispute: Thing, charge: Thing) -> None:
    booked = book(log, "adjustment", dispute["id"], -dispute["amount"], charge["currency"], fee=DISPUTE_FEE)
    dispute["balance_transactions"], dispute["is_charge_refundable"] = [booked], False
    charge["disputed"] = True
    log.put(charge)
    log.put(dispute)
    log.effect("dispute", dispute, dispute["amount"])


def escalate(log: Log, name: str) -> Thing:
    """A bank that had only asked takes the money after all."""
    dispute = log.get(name, "dispute")
    if dispute is None:
        raise missing("dispute", name)
    charge = log.get(dispute["charge"], "charge")
    if charge is None or dispute["status"] not in ASKING:
        raise invalid(f"The dispute {name} is {dispute['status']}.")
    dispute["status"] = "needs_response"
    dispute["amount"] = min(dispute["amount"], charge["amount"] - charge["amount_refunded"])
    if dispute["amount"] < 1:
        raise invalid(f"Nothing of the charge {charge['id']} is left to dispute.")
    _withdraw(log, dispute, charge)
    emit(log, "charge.dispute.updated", dispute)
    emit(log, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(log: Log, name: str, *, won: bool) -> Thing:
    """The bank decides; what was won comes back."""
    dispute = log.get(name, "dispute")
    if dispute is None:
        raise missing("dispute", name)
    if dispute["status"] in ASKING:
        dispute["status"] = "warning_closed"
        emit(log, "charge.dispute.closed", log.put(dispute))
        return dispute
    if dispute["status"] not in ("needs_response", "under_review"):
        raise invalid(f"The dispute {name} is {dispute['status']}.")
    dispute["status"] = "won" if won else "lost"
    if won:
        booked = book(log, "adjustment", dispute["id"], dispute["amount"], dispute["currency"])
        dispute["balance_transactions"] = [*dispute["balance_transactions"], booked]
        log.effect("dispute_won", dispute, dispute["amount"])
        emit(log, "charge.dispute.funds_reinstated", dispute)
    log.put(dispute)
    emit(log, "charge.dispute.closed", dispute)
    return dispute


def retrieve_dispute(call: Call) -> Thing:
    """GET /v1/disputes/:id."""
    return call.need("dispute", call.ids[0])


def list_disputes(call: Call) -> Thing:
    """GET /v1/disputes."""
    p = call.params
    return listed(call, "dispute", "/v1/disputes",
                  lambda d: all(not p.get(k) or d[k] == p[k] for k in ("charge", "payment_intent")))  # fmt: skip


def settle_debit(log: Log, name: str, *, paid: bool) -> Thing:
    """A debit under way settles, or is returned."""
    intent = log.get(name, "payment_intent")
    if intent is None or intent["status"] != "processing":
        raise invalid(f"The payment {name} is not under way.")
    if paid:
        charge = log.get(intent["latest_charge"], "charge") or {}
        charging.settle(log, intent, charge, intent["amount"])
    else:
        charging.fail_debit(log, intent)
    after_payment(log, intent, paid=paid)
    return intent
