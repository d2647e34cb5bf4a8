"""The pages that people see: paying, the bank's question, onboarding. Plain HTML, no script."""

from html import escape
from typing import Any
from urllib.parse import parse_qsl

from marketwright_stripe.double import accounts, checkout, paying
from marketwright_stripe.double.call import Thing
from marketwright_stripe.double.charging import decline, pay
from marketwright_stripe.double.log import Log

CHOICES = (
    ("pay", "Pay by card"), ("confirm", "Pay with a card whose bank asks first"), ("decline", "Card that is declined"),
    ("sepa", "SEPA direct debit"), ("sepa_fails", "SEPA debit that is returned"), ("transfer", "Bank transfer"),
    ("leave", "Back, without paying"),
)  # fmt: skip
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:10vh auto;padding:0 1rem}"
    "button{display:block;width:100%;margin:.5rem 0;padding:.8rem;font:inherit;cursor:pointer}"
)


def visit(log: Log, method: str, path: str, body: str, base: str) -> tuple[int, str, str]:
    """(status, address to go to, HTML) for a person's request."""
    _, kind, name = path.split("/", 2)
    given = dict(parse_qsl(body))
    if kind == "pay":
        return _pay(log, method, name, given, base)
    if kind == "bank":
        return _bank(log, method, name, given)
    return _onboard(log, method, name)


def _page(title: str, inner: str) -> str:
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
            f"<style>{STYLE}</style><main><h1>{escape(title)}</h1>{inner}</main></html>")  # fmt: skip


def _buttons(choices: Any) -> str:
    rows = "".join(f'<button name="choice" value="{v}">{escape(label)}</button>' for v, label in choices)
    return f'<form method="post">{rows}</form>'


def _pay(log: Log, method: str, name: str, given: dict[str, str], base: str) -> tuple[int, str, str]:
    session = log.get(name, "checkout.session")
    if session is None:
        return 404, "", _page("No such payment", "")
    if method == "POST":
        address, _ = paying.choose(log, name, given.get("choice", "leave"), base)
        return 303, address.replace("{CHECKOUT_SESSION_ID}", name), ""
    session = checkout.refreshed(log, session)
    if session["status"] != "open":
        return 200, "", _page("This page is closed", f"<p>Status: {escape(session['status'])}</p>")
    amount = f"{session['amount_total']} {session['currency']} (minor units)"
    allowed = {"card": ("pay", "confirm", "decline"), "sepa_debit": ("sepa", "sepa_fails"),
               "customer_balance": ("transfer",)}  # fmt: skip
    open_to = {c for m in session["payment_method_types"] for c in allowed.get(m, ())} | {"leave"}
    return 200, "", _page(f"Pay {amount}", _buttons([c for c in CHOICES if c[0] in open_to]))


def _bank(log: Log, method: str, name: str, given: dict[str, str]) -> tuple[int, str, str]:
    intent = log.get(name, "payment_intent")
    if intent is None or intent["status"] != "requires_action":
        return 404, "", _page("Nothing to confirm", "")
    if method == "GET":
        return 200, "", _page("Your bank asks: is it you?", _buttons((("yes", "It is me"), ("no", "It is not"))))
    session = next((s for s in log.all("checkout.session") if s["payment_intent"] == name), None)
    with log.commit():
        if given.get("choice") != "yes":
            decline(log, intent, code="authentication_required")
            return 303, str(session["url"] if session else "/"), ""
        paid = pay(log, intent)
        if session is not None:
            checkout.complete(log, session, paid)
    return 303, str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"]) if session else "/", ""


def _onboard(log: Log, method: str, name: str) -> tuple[int, str, str]:
    link: Thing | None = log.get(name, "account_link")
    if link is None or link["used"] or link["expires_at"] < log.now():
        return 303, str(link["refresh_url"]) if link else "/", ""
    if method == "GET":
        return 200, "", _page("Tell us who you are", _buttons((("done", "All filled in"),)))
    with log.commit():
        log.put({**link, "used": True})
        accounts.finish_onboarding(log, link["account"])
    return 303, str(link["return_url"]), ""
