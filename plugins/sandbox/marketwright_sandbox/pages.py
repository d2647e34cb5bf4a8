"""The payment page: pays, declines, asks for a confirmation, answers late, or is left without paying."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request, send_from_directory, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright_sandbox.books import EXPIRED, Books, Entry
from marketwright_sandbox.payees import WAYS as PAYEE_WAYS
from marketwright_sandbox.payees import PayeeEntry, Payees
from marketwright_sandbox.words import WORDS, show

_STATIC = Path(__file__).parent / "static"
WAYS = ("pay", "confirm", "late", "decline")


def make_blueprint(books: Books, *, alone: bool = False) -> Blueprint:
    """The pages of ``books``; ``alone`` sets the headers that a marketplace would set otherwise."""
    blueprint, payees = Blueprint("sandbox", "marketwright_sandbox"), Payees(books)

    @blueprint.get("/style.css")
    def style() -> BaseResponse:
        return send_from_directory(_STATIC, "sandbox.css", max_age=3600)

    @blueprint.get("/pay/<token>")
    def pay(token: str) -> BaseResponse:
        return _page(books.page(token), alone=alone)

    @blueprint.post("/pay/<token>")
    def choose(token: str) -> BaseResponse:
        entry = books.page(token)
        if entry is None:
            return _page(None, alone=alone)
        way = request.form.get("way", "")
        if way == "leave":
            return redirect(entry.asked.return_to, 303)
        if entry.state == "page" and way not in WAYS:
            return _page(entry, alone=alone, wrong=True)
        after = books.choose(token, way)
        if after is None or after.state == "confirming":
            return redirect(url_for(".pay", token=token), 303)
        return redirect(after.asked.return_to, 303)

    @blueprint.get("/payee/<token>")
    def payee(token: str) -> BaseResponse:
        return _payee(payees.page(token), alone=alone)

    @blueprint.post("/payee/<token>")
    def payee_choose(token: str) -> BaseResponse:
        entry = payees.choose(token, request.form.get("way", ""))
        return redirect(entry.return_to, 303) if entry is not None else _payee(None, alone=alone)

    return blueprint


def language_asked() -> str:
    """The language of the page: what was clicked, else what the browser asks for."""
    if request.args.get("lang") in WORDS:
        return request.args["lang"]
    return request.accept_languages.best_match(list(WORDS)) or "en"


def _payee(entry: PayeeEntry | None, *, alone: bool) -> BaseResponse:
    language = language_asked()
    response = make_response(
        render_template(
            "sandbox/payee.html", words=WORDS[language], language=language, languages=tuple(WORDS), entry=entry,
            ways=PAYEE_WAYS, style=url_for(".style"),
        ),
        404 if entry is None else 200,
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    if alone:
        _guard(response, entry.return_to if entry else "")
    return response


def _page(entry: Entry | None, *, alone: bool, wrong: bool = False) -> BaseResponse:
    language = language_asked()
    asked = entry.asked if entry else None
    response = make_response(
        render_template(
            "sandbox/pay.html", words=WORDS[language], language=language, languages=tuple(WORDS), ways=WAYS,
            state=entry.state if entry else "unknown", expired=bool(entry and entry.reason == EXPIRED),
            amount=show(asked.amount, asked.currency, language) if asked else "",
            describe=asked.describe if asked else "", reference=asked.key if asked else "",
            back=asked.return_to if asked else "", style=url_for(".style"), wrong=wrong,
        ),
        404 if entry is None else 422 if wrong else 200,
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    if alone:
        _guard(response, asked.return_to if asked else "")
    return response


def _guard(response: BaseResponse, return_to: str) -> None:
    parts = urlsplit(return_to)
    home = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; form-action 'self'{home}; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
