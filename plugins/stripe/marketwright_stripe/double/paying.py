"""What payers do on the hosted page of a Checkout session."""

from marketwright_stripe.double.call import Thing
from marketwright_stripe.double.cash import instructions, reconcile
from marketwright_stripe.double.charging import ask_bank, decline, new_intent, pay
from marketwright_stripe.double.checkout import complete, refreshed
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import invalid


def choose(log: Log, name: str, choice: str, base: str) -> tuple[str, Thing]:
    """What the payer chose on the hosted page; (where to send them, the session).

    ``pay``, ``decline``, ``confirm`` (the bank asks first), ``sepa``, ``sepa_fails``, ``transfer``, ``leave``.
    """
    with log.commit():  # the page is read in the commit that pays: pressed twice at once, it pays once
        return _chosen(log, name, choice, base)


def _chosen(log: Log, name: str, choice: str, base: str) -> tuple[str, Thing]:
    session = log.get(name, "checkout.session")
    if session is None:
        raise invalid(f"No such checkout session: {name}")
    session = refreshed(log, session)
    back = str(session["cancel_url"] or session["success_url"])
    if session["status"] != "open":
        return str(session["success_url"] if session["status"] == "complete" else back), session
    if choice == "leave":
        return back, session
    intent = _intent(log, session)
    if choice == "decline":
        decline(log, intent)
        log.put(session)
        return f"{base}/pay/{name}?declined=1", session
    if choice == "confirm":
        ask_bank(log, intent, base)
        log.put(session)
        return f"{base}/bank/{intent['id']}", session
    if choice == "transfer":
        return _by_transfer(log, session, intent, base)
    kind = "sepa_debit" if choice.startswith("sepa") else "card"
    pay(log, intent, kind=kind, fails=choice == "sepa_fails")
    return str(session["success_url"]), complete(log, session, intent)


def _intent(log: Log, session: Thing) -> Thing:
    if session["payment_intent"]:
        found = log.get(session["payment_intent"], "payment_intent")
        if found is not None:
            return found
    wish = session["intent"]
    intent = new_intent(
        log, session["amount_total"], session["currency"], account="", methods=session["payment_method_types"],
        customer=session["customer"], capture=wish.get("capture_method", "automatic"),
        metadata=wish.get("metadata", {}), group=wish.get("transfer_group"), description=wish.get("description"),
    )  # fmt: skip
    session["payment_intent"] = intent["id"]
    return intent


def _by_transfer(log: Log, session: Thing, intent: Thing, base: str) -> tuple[str, Thing]:
    if not session["customer"] or "customer_balance" not in session["payment_method_types"]:
        raise invalid("Bank transfers need a customer and the payment method type customer_balance.")
    intent.update(status="requires_action", next_action=instructions(log, intent, base))
    log.put(intent)
    address = f"{base}/transfer/{intent['id']}"
    done = complete(log, session, intent)
    reconcile(log, session["customer"], intent["currency"])
    return address, done
