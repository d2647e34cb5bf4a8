"""Connected accounts, their onboarding links, customers and payment methods."""

from typing import Any

from marketwright_stripe.double.call import Call, Thing, listed, merged
from marketwright_stripe.double.events import emit
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import Refused, invalid, missing
from marketwright_stripe.double.shapes import fresh

LINK_LIFE = 300  # seconds
ASKED = ("business_type", "external_account", "individual.id_number", "tos_acceptance.date")
TEST_METHODS = {
    "pm_card_visa": ("card", "pay"), "pm_card_chargeDeclined": ("card", "decline"),
    "pm_card_threeDSecure2Required": ("card", "confirm"), "pm_card_createDispute": ("card", "dispute"),
    "pm_sepa_debit": ("sepa_debit", "pay"), "pm_sepa_debit_fails": ("sepa_debit", "fail"),
}  # fmt: skip


def create_account(call: Call) -> Thing:
    """POST /v1/accounts: nothing enabled until its person has been through the hosted pages."""
    p = call.params
    account = fresh(
        "account", id=call.log.new_id("acct"), country=p.get("country", "FR"), created=call.now,
        email=p.get("email"), type=p.get("type", "none"), metadata=p.get("metadata", {}),
        business_type=p.get("business_type"), business_profile=p.get("business_profile", {}),
        controller=p.get("controller", {}), default_currency="eur", charges_enabled=False, payouts_enabled=False,
        details_submitted=False, settings=p.get("settings", {"payouts": {"schedule": {"interval": "daily"}}}),
        capabilities=dict.fromkeys(p.get("capabilities", {}), "inactive"),
        requirements=_requirements(ASKED), external_accounts={
            "object": "list", "data": [], "has_more": False, "url": ""}, tos_acceptance={"date": None},
        future_requirements=_requirements(()),
    )  # fmt: skip
    return call.log.put(account)


def _requirements(due: tuple[str, ...], reason: str | None = None) -> Thing:
    return {
        "alternatives": [], "current_deadline": None, "currently_due": list(due), "disabled_reason": reason,
        "errors": [], "eventually_due": list(due), "past_due": list(due) if reason else [],
        "pending_verification": [],
    }  # fmt: skip


def account_named(log: Log, name: str) -> Thing:
    """The connected account ``name``; refused as Stripe refuses a foreign one."""
    found = log.get(name, "account")
    if found is None:
        raise Refused(
            403, f"The provided key does not have access to account '{name}' (or that account does not exist). "
            "Application access may have been revoked.", code="account_invalid",
        )  # fmt: skip
    return found


def retrieve_account(call: Call) -> Thing:
    """GET /v1/accounts/:id."""
    return account_named(call.log, call.ids[0])


def current_account(call: Call) -> Thing:
    """GET /v1/account: the platform itself, or the account in ``Stripe-Account``."""
    if call.account:
        return account_named(call.log, call.account)
    interval = call.log.setting("platform_payouts", "manual")
    return fresh(
        "account", id="acct_platform", country="FR", created=call.now, type="standard", charges_enabled=True,
        payouts_enabled=True, details_submitted=True, default_currency="eur", metadata={}, controller={},
        settings={"payouts": {"schedule": {"interval": interval}}}, capabilities={"transfers": "active"},
        requirements=_requirements(()), future_requirements=_requirements(()),
    )  # fmt: skip


def update_account(call: Call) -> Thing:
    """POST /v1/accounts/:id."""
    account, p = account_named(call.log, call.ids[0]), dict(call.params)
    account["metadata"] = merged(account["metadata"], p.pop("metadata", {}))
    account["settings"] = {**account["settings"], **p.pop("settings", {})}
    account.update({k: v for k, v in p.items() if k in account})
    return call.log.put(account)


def list_accounts(call: Call) -> Thing:
    """GET /v1/accounts."""
    return listed(call, "account", "/v1/accounts")


def create_link(call: Call) -> Thing:
    """POST /v1/account_links: an address that works once, for five minutes."""
    account = account_named(call.log, call.params["account"])
    token = call.log.new_id("link")
    link = fresh("account_link", created=call.now, expires_at=call.now + LINK_LIFE, url=f"{call.base}/onboard/{token}")
    call.log.put({**link, "id": token, "account": account["id"], "return_url": call.params.get("return_url", ""),
                  "refresh_url": call.params.get("refresh_url", ""), "used": False})  # fmt: skip
    return link


def finish_onboarding(log: Log, name: str, *, lacks: tuple[str, ...] = ()) -> Thing:
    """The person has filled the hosted pages in; ``lacks`` stays due and keeps payouts off."""
    account = account_named(log, name)
    account["details_submitted"] = True
    account["requirements"] = _requirements(lacks, "requirements.past_due" if lacks else None)
    enabled = not lacks
    account["charges_enabled"] = account["payouts_enabled"] = enabled
    account["capabilities"] = dict.fromkeys(account["capabilities"] or {"transfers": ""},
                                            "active" if enabled else "inactive")  # fmt: skip
    account["tos_acceptance"] = {"date": log.now()}
    if not account["external_accounts"]["data"]:
        account["external_accounts"]["data"] = [_bank(log, account)]
    log.put(account)
    emit(log, "account.updated", account, account=name)
    return account


def _bank(log: Log, account: Thing) -> Thing:
    return fresh("bank_account", id=log.new_id("ba"), country=account["country"],
                 currency="eur", last4="3000", status="new", bank_name="STRIPE TEST BANK", fingerprint="double-bank",
                 metadata={})  # fmt: skip


def restrict(log: Log, name: str, *, on: bool = True) -> Thing:
    """Take payouts and transfers from an account, or give them back (a fault)."""
    return finish_onboarding(log, name, lacks=("individual.verification.document",) if on else ())


def reject(log: Log, name: str) -> Thing:
    """Stripe closes an account for good (a fault)."""
    account = restrict(log, name)
    account["requirements"] = _requirements((), "rejected.fraud")
    log.put(account)
    emit(log, "account.updated", account, account=name)
    return account


def review(log: Log, name: str) -> Thing:
    """Stripe looks at what the person has handed in: nothing to be done meanwhile."""
    account = restrict(log, name)
    account["requirements"] = {
        **_requirements((), "requirements.pending_verification"),
        "pending_verification": ["individual.verification.document"],
    }
    log.put(account)
    emit(log, "account.updated", account, account=name)
    return account


def need_transfers(log: Log, name: str) -> Thing:
    """The account, able to take transfers; refused as Stripe refuses one that is not."""
    account = log.get(name, "account")
    if account is None:
        raise invalid(f"No such destination: '{name}'", "destination", "resource_missing")
    if account["capabilities"].get("transfers") != "active":
        raise invalid(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments", code="insufficient_capabilities_for_transfer",
        )  # fmt: skip
    return account


def create_customer(call: Call) -> Thing:
    """POST /v1/customers."""
    p = call.params
    known: dict[str, Any] = {k: p[k] for k in ("email", "name", "description", "phone", "address") if k in p}
    customer = fresh("customer", id=call.log.new_id("cus"), created=call.now, balance=0, metadata=p.get("metadata", {}),
                     invoice_prefix=call.log.new_id("p")[2:10].upper(), tax_exempt="none", **known)  # fmt: skip
    return call.log.put(customer, call.account)


def retrieve_customer(call: Call) -> Thing:
    """GET /v1/customers/:id."""
    return call.need("customer", call.ids[0])


def list_customers(call: Call) -> Thing:
    """GET /v1/customers."""
    email = call.params.get("email")
    return listed(call, "customer", "/v1/customers", lambda c: not email or c["email"] == email)


def method_of(call: Call, name: str) -> tuple[Thing, str]:
    """The payment method ``name`` and how it behaves."""
    known = TEST_METHODS.get(name)
    if known is None:
        found = call.log.get(name, "payment_method", call.account)
        if found is None:
            raise missing("PaymentMethod", name, "payment_method")
        return found, found["metadata"].get("double", "pay")
    kind, way = known
    card = {"brand": "visa", "last4": "4242", "fingerprint": "double-card"} if kind == "card" else None
    method = fresh("payment_method", id=call.log.new_id("pm"), created=call.now, type=kind, card=card,
                   metadata={"double": way})  # fmt: skip
    return call.log.put(method, call.account), way
