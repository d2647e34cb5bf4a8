"""The pages that people see: paying, the bank's question, a transfer to make, onboarding. Plain HTML, no script."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl

from marketwright.plugin import BadAmount, money
from marketwright_stripe.double import accounts, cash, checkout, paying
from marketwright_stripe.double.call import Thing
from marketwright_stripe.double.charging import decline, pay
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import Refused
from marketwright_stripe.double.wording import WORDS, show

OPEN_TO = {
    "card": ("pay", "confirm", "decline"), "sepa_debit": ("sepa", "sepa_fails"), "customer_balance": ("transfer",),
}  # fmt: skip

STYLE = Path(__file__).with_name("hosted.css").read_text("utf-8")


def visit(log: Log, method: str, path: str, body: str, base: str, language: str = "en") -> tuple[int, str, str]:
    """(status, address to go to, HTML) for a person's request."""
    _, kind, name = path.split("/", 2)
    given, words = dict(parse_qsl(body)), WORDS[language]
    if kind == "pay":
        return _pay(log, method, name, given, base, language)
    if kind == "bank":
        return _bank(log, method, name, given, language)
    if kind == "transfer":
        return _transfer(log, method, name, given, language)
    return _onboard(log, method, name, given, words, language)


def _page(language: str, title: str, inner: str = "") -> str:
    words = WORDS[language]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">'
        f'<style>{STYLE}</style></head><body><main><p class="note">{escape(words["practice"])}</p>'
        f'<div class="card"><h1>{escape(title)}</h1>{inner}</div></main></body></html>'
    )


def _buttons(words: dict[str, str], choices: Iterable[str]) -> str:
    rows = []
    for number, choice in enumerate(choices):
        hint = f"<small>{escape(words[f'{choice}_hint'])}</small>" if f"{choice}_hint" in words else ""
        look = "" if number else ' class="main"'
        rows.append(f'<button name="choice" value="{choice}"{look}>{escape(words[choice])}{hint}</button>')
    return f'<form method="post">{"".join(rows)}</form>'


def _back(words: dict[str, str], session: Thing) -> str:
    return f'<a class="way" href="{escape(_filled(session["success_url"], session))}">{escape(words["back"])}</a>'


def _filled(address: str, session: Thing) -> str:
    return address.replace("{CHECKOUT_SESSION_ID}", str(session["id"]))


def _pay(
    log: Log, method: str, name: str, given: dict[str, str], base: str, language: str
) -> tuple[int, str, str]:  # fmt: skip
    words, session = WORDS[language], log.get(name.partition("?")[0], "checkout.session")
    if session is None:
        return 404, "", _page(language, words["gone"], f"<p>{escape(words['gone_text'])}</p>")
    if method == "POST":
        address, _ = paying.choose(log, name, given.get("choice", "leave"), base)
        return 303, _filled(address, session), ""
    session = checkout.refreshed(log, session)
    if session["status"] != "open":
        inner = f"<p>{escape(words[session['status']])}</p>{_back(words, session)}"
        return 200, "", _page(language, words["closed"], inner)
    intent = log.get(session["payment_intent"] or "", "payment_intent") or {}
    failed = f'<p class="bad" role="alert">{escape(words["declined"])}</p>' if intent.get("last_payment_error") else ""
    what = f"<p>{escape(str(session['what']))}</p>" if session.get("what") else ""
    open_to = {c for m in session["payment_method_types"] for c in OPEN_TO.get(m, ())}
    choices = [c for ways in OPEN_TO.values() for c in ways if c in open_to]
    title = words["pay_title"].format(amount=show(session["amount_total"], session["currency"], language))
    return 200, "", _page(language, title, what + failed + _buttons(words, [*choices, "leave"]))


def _bank(log: Log, method: str, name: str, given: dict[str, str], language: str) -> tuple[int, str, str]:
    words, intent = WORDS[language], log.get(name, "payment_intent")
    if intent is None or intent["status"] != "requires_action":
        return 404, "", _page(language, words["nothing"])
    if method == "GET":
        text = words["bank_text"].format(amount=show(intent["amount"], intent["currency"], language))
        return 200, "", _page(language, words["bank_title"], f"<p>{escape(text)}</p>{_buttons(words, ('yes', 'no'))}")
    session = _session(log, name)
    with log.commit():
        intent = log.get(name, "payment_intent") or intent
        if intent["status"] != "requires_action":  # answered meanwhile
            return 303, _filled(str(session["success_url"]), session) if session else "/", ""
        session = _session(log, name)
        if given.get("choice") != "yes":
            decline(log, intent, code="authentication_required")
            return 303, str(session["url"] if session else "/"), ""
        paid = pay(log, intent)
        if session is not None:
            checkout.complete(log, session, paid)
    return 303, _filled(str(session["success_url"]), session) if session else "/", ""


def _session(log: Log, intent: str) -> Thing | None:
    return next(iter(log.all("checkout.session", payment_intent=intent)), None)


def _transfer(log: Log, method: str, name: str, given: dict[str, str], language: str) -> tuple[int, str, str]:
    """How to pay by bank transfer; here the transfer can be played as well, of any amount."""
    words, intent = WORDS[language], log.get(name, "payment_intent")
    if intent is None or not intent["customer"]:
        return 404, "", _page(language, words["gone"], f"<p>{escape(words['gone_text'])}</p>")
    wrong = ""
    if method == "POST":
        try:
            sent = money(given.get("amount", "").replace(",", ".").strip(), intent["currency"].upper()).amount
            with log.commit():
                cash.came(log, intent["customer"], max(sent, 0), intent["currency"])
        except (BadAmount, ValueError, Refused):
            wrong = f'<p class="bad" role="alert">{escape(words["bad_amount"])}</p>'
        else:
            return 303, f"/transfer/{name}", ""
    details = (intent["next_action"] or {}).get("display_bank_transfer_instructions")
    left = details["amount_remaining"] if details else 0
    title = words["transfer_title"].format(amount=show(intent["amount"], intent["currency"], language))
    session = _session(log, name)
    back = f"<p>{_back(words, session)}</p>" if session else ""
    if not details:
        return 200, "", _page(language, title, f"<p>{escape(words['came'])}</p>{back}")
    address = details["financial_addresses"][0]["iban"]
    rows = (("iban", address["iban"]), ("bic", address["bic"]), ("reference", details["reference"]),
            ("remaining", show(left, intent["currency"], language)))  # fmt: skip
    listed = "".join(f"<dt>{escape(words[k])}</dt><dd>{escape(v)}</dd>" for k, v in rows)
    plain = show(left, intent["currency"], "en").split("\N{NO-BREAK SPACE}")[0].replace(",", "")
    field = f'<input name="amount" inputmode="decimal" value="{plain}">'
    send = f'<button class="main">{escape(words["send"])}</button>'
    form = f'<form method="post"><label>{escape(words["sent"])}{field}</label>{send}</form>'
    inner = f"<p>{escape(words['transfer_text'])}</p><dl>{listed}</dl>{wrong}{form}{back}"
    return 422 if wrong else 200, "", _page(language, title, inner)


def _onboard(
    log: Log, method: str, name: str, given: dict[str, str], words: dict[str, str], language: str
) -> tuple[int, str, str]:  # fmt: skip
    link: Thing | None = log.get(name, "account_link")
    if link is None or link["used"] or link["expires_at"] < log.now():
        return 303, str(link["refresh_url"]) if link else "/", ""
    if method == "GET":
        buttons = _buttons(words, ("done", "document", "review", "later"))
        return 200, "", _page(language, words["onboard_title"], f"<p>{escape(words['onboard_text'])}</p>{buttons}")
    with log.commit():
        log.put({**link, "used": True})
        if given.get("choice") == "document":
            accounts.restrict(log, link["account"])
        elif given.get("choice") == "review":
            accounts.review(log, link["account"])
        elif given.get("choice") != "later":
            accounts.finish_onboarding(log, link["account"])
    return 303, str(link["return_url"]), ""
