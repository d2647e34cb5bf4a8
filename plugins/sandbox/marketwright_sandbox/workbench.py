"""The developer's page: what lies in the books, and everything that can be made to happen or to go wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright_sandbox.books import Books, Entry
from marketwright_sandbox.deeds import Deeds, Happening
from marketwright_sandbox.faults import CALLS, FAULTS, Faults
from marketwright_sandbox.pages import language_asked
from marketwright_sandbox.telling import ORDERS, tell
from marketwright_sandbox.words import WORDS, show

OF_FUNDING, OF_PAYOUT = ("dispute", "inquiry", "take_back"), ("return_payout",)
OF_DISPUTE, OF_ARRIVAL = ("win", "lose"), ("send_back",)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the books and what can be done to it: ``key`` names it, ``deeds`` are by name."""

    key: str
    what: str
    state: str
    amount: str
    deeds: Sequence[str]


def add_bench(bench: Blueprint, books: Books, address: str, may: Callable[[], bool]) -> Blueprint:
    """The page of ``books`` at ``/bench``; ``address`` is told of what happens, ``may`` says who sees it."""
    faults, deeds = Faults(books.folder), Deeds(books)

    @bench.get("/bench")
    def bench_page() -> BaseResponse:
        return _page(books, faults, request.args.get("said", "")) if may() else _nobody()

    @bench.post("/bench")
    def bench_do() -> BaseResponse:
        if not may():
            return _nobody()
        form = request.form
        try:
            said = _do(books, faults, deeds, address, form.get("do", ""), form)
        except ValueError as error:
            return _page(books, faults, "", wrong=str(error), status=422)
        return redirect(url_for(".bench_page", said=said), 303)

    return bench


def _nobody() -> BaseResponse:
    return make_response("There is nothing here.\n", 404)


def _do(books: Books, faults: Faults, deeds: Deeds, address: str, deed: str, form: Mapping[str, str]) -> str:
    if deed == "fault":
        faults.add(form.get("call", ""), form.get("fault", ""), _whole(form.get("times") or "1"))
        return "fault"
    if deed == "calm":
        faults.clear()
        return "calm"
    if deed == "tell":
        return f"told-{tell(books, address, order=form.get('order', ''), twice=bool(form.get('twice')))}"
    deeds.do(deed, form.get("key", ""), amount=_whole(form.get("amount") or "0"), currency=form.get("currency", ""),
             note=form.get("note", ""))  # fmt: skip
    return "done"


def _whole(text: str) -> int:
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 13):
        msg = f"{text!r} is no whole number of minor units, such as 12500"
        raise ValueError(msg)
    return int(text)


def _page(books: Books, faults: Faults, said: str, *, wrong: str = "", status: int = 200) -> BaseResponse:
    language = language_asked()
    response = make_response(
        render_template(
            "sandbox/bench.html", words=WORDS[language], language=language, languages=tuple(WORDS),
            style=url_for(".style"), commands=[_command(e, language) for e in books.recent()],
            happenings=[_happening(h, language) for h in reversed(Deeds(books).all()[-20:])], calls=("*", *CALLS),
            faults=FAULTS, set=faults.set_now(), waiting=len(books.undelivered()), orders=ORDERS, said=said,
            wrong=wrong,
        ),
        status,
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response


def _command(entry: Entry, language: str) -> Line:
    done = entry.state == "confirmed"
    of = {"fund": OF_FUNDING if done else ("arrive",), "payout": OF_PAYOUT if done else ()}
    asked = entry.asked
    return Line(asked.key, asked.kind, entry.state, show(asked.amount, asked.currency, language),
                of.get(asked.kind, ()))  # fmt: skip


def _happening(h: Happening, language: str) -> Line:
    of = {"dispute_opened": OF_DISPUTE, "arrived": OF_ARRIVAL}
    return Line(h.reference, h.kind, h.note, show(h.amount, h.currency, language), of.get(h.kind, ()))
