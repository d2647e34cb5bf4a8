"""Money coming in: a page of Stripe's Checkout for each payment, and what became of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketwright.plugin import Answer, Command, Desk, Outcome
from marketwright_stripe import outcomes
from marketwright_stripe.sdk import Thing, command_of, every, plain
from marketwright_stripe.tables import customer_of, remember_customer

PAID = "payment_intent.latest_charge.balance_transaction"
EARLIER = timedelta(hours=1)  # clocks differ
LIFE = timedelta(days=1)  # of a page
KINDS = {"card": "card", "sepa_debit": "sepa_debit", "bank_transfer": "customer_balance"}


def customer(desk: Desk, api: Any, payer: str, *, live: bool) -> str:
    """The customer who stands for ``payer``, made when first needed."""
    known = customer_of(desk, payer, live=live)
    if known:
        return known
    client = desk.queries.organisation(payer)
    named = {"name": client.name} if client else {}
    asked = {"metadata": {"payer": payer}, **named}
    made = outcomes.persistently(
        lambda key: api.customers.create(asked, {"idempotency_key": key}), f"customer-{payer}"
    )  # fmt: skip
    return remember_customer(desk, payer, str(made["id"]), live=live)


def open_page(api: Any, command: Command, settings: Mapping[str, Any], payer: str) -> Answer:
    """A page on which ``payer`` (a customer) pays ``command``."""
    about = {"command": command.key, "kind": str(command.kind), "hold": command.hold}
    asked: dict[str, Any] = {
        "mode": "payment", "customer": payer, "client_reference_id": command.key, "metadata": about,
        "success_url": command.return_to, "cancel_url": command.return_to,
        "allowed_payment_method_types": [KINDS[m] for m in settings["methods"]],
        "line_items": [{"quantity": 1, "price_data": {
            "currency": command.amount.currency.lower(), "unit_amount": command.amount.amount,
            "product_data": {"name": command.describe or command.key},
        }}],
        "payment_intent_data": {
            "transfer_group": command.hold, "metadata": about, "description": command.describe or command.key,
            "capture_method": "automatic",
        },
    }  # fmt: skip
    options: dict[str, Any] = {}
    if "card" in settings["methods"] and settings["three_d_secure"] != "automatic":
        options["card"] = {"request_three_d_secure": settings["three_d_secure"]}
    if "bank_transfer" in settings["methods"]:
        options["customer_balance"] = {
            "funding_type": "bank_transfer",
            "bank_transfer": {"type": "eu_bank_transfer", "eu_bank_transfer": {"country": settings["iban_country"]}},
        }
    if options:
        asked["payment_method_options"] = options
    asked["expand"] = [PAID]
    return of_session(outcomes.persistently(
        lambda key: api.checkout.sessions.create(asked, {"idempotency_key": key}), command.key
    ))  # fmt: skip


def find_page(desk: Desk, api: Any, command: Command, *, live: bool) -> Thing | None:
    """The page that was made for ``command``: by the name that an answer gave it or its payment, else its customer's
    pages since it was ordered are looked through."""
    named = _named(api, command.reference)
    if named is not None and command_of(named) == command.key:
        return named
    payer = customer_of(desk, command.payer, live=live)
    since = (command.created or desk.clock.machine() - LIFE) - EARLIER
    wanted: dict[str, Any] = {"created": {"gte": int(since.timestamp())}} | ({"customer": payer} if payer else {})
    listed = api.checkout.sessions.list({**wanted, "limit": 100, "expand": [f"data.{PAID}"]})
    return next((s for s in every(listed) if command_of(s) == command.key), None)


def _named(api: Any, reference: str) -> Thing | None:
    """The page called ``reference``, or the one whose payment is."""
    if reference.startswith("cs_"):
        return plain(api.checkout.sessions.retrieve(reference, {"expand": [PAID]}))
    if not reference.startswith("pi_"):
        return None
    asked = {"payment_intent": reference, "limit": 1, "expand": [f"data.{PAID}"]}
    return next(every(api.checkout.sessions.list(asked)), None)


def page_of(api: Any, session: str) -> Answer:
    """What became of the page ``session``."""
    return of_session(plain(api.checkout.sessions.retrieve(session, {"expand": [PAID]})))


def of_session(session: Thing) -> Answer:
    """A page as an answer. Money counts when it is there: a debit only once the bank has settled it."""
    if session["status"] == "open":
        return Answer(Outcome.PAGE, session["id"], page=session["url"])
    intent = session["payment_intent"]
    if session["status"] == "expired" and (not intent or intent["status"] != "succeeded"):
        return outcomes.refused(_why(intent) or outcomes.EXPIRED, session["id"])
    return of_intent(intent) if intent else Answer(Outcome.UNKNOWN, session["id"])


def of_intent(intent: Thing) -> Answer:
    """A payment as an answer. A debit that its bank returned is a no, also where it had counted: nothing of it stays.

    Its charge says no more: Stripe may book a debit (``balance_transaction``) before the bank has settled it.
    """
    if intent["status"] == "succeeded":
        booked = (intent["latest_charge"] or {}).get("balance_transaction")
        return of_charge(intent["latest_charge"], booked) if booked else Answer(Outcome.WAITING, intent["id"])
    if intent["status"] in ("requires_payment_method", "canceled"):
        other = outcomes.CANCELED if intent["status"] == "canceled" else outcomes.RETURNED
        return outcomes.refused(_why(intent) or other, intent["id"])
    how = (intent["next_action"] or {}).get("display_bank_transfer_instructions") or {}
    return Answer(Outcome.WAITING, intent["id"], page=how.get("hosted_instructions_url") or "")


def of_charge(charge: Thing, booked: Thing) -> Answer:
    """Money that came in, with what Stripe kept of it (``booked`` is its balance transaction)."""
    if booked["currency"] != charge["currency"]:
        paid, kept = charge["currency"].upper(), booked["currency"].upper()
        return Answer(
            Outcome.UNKNOWN, charge["payment_intent"],
            reason=f"paid in {paid} and kept in {kept}: the account at Stripe has no balance in {paid}",
        )  # fmt: skip
    return Answer(
        Outcome.CONFIRMED, charge["payment_intent"], amount=charge["amount_captured"], fee=booked["fee"],
        marks=marks(charge),
    )  # fmt: skip


def marks(charge: Thing) -> tuple[str, ...]:
    """The fingerprint of the card or bank account that paid, where Stripe gives one (E16)."""
    details = charge.get("payment_method_details") or {}
    used = details.get(details.get("type") or "") or {}
    return (str(used["fingerprint"]),) if used.get("fingerprint") else ()


def _why(intent: Thing | None) -> str:
    error = (intent or {}).get("last_payment_error") or {}
    if error.get("code") in ("authentication_required", "payment_intent_authentication_failure"):
        return outcomes.UNCONFIRMED
    if error.get("code") == "card_declined":
        return outcomes.SENTENCES["card_declined"]
    return outcomes.RETURNED if error else ""
