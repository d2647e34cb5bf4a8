"""The freelancer's pages: upload a statement, look at what it pays, take it, say what becomes of the rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.plugin import BillRow, Desk, InvalidInput, Money, NotAllowed, NotFound, Visitor, say
from marketwright_bank_transfer import keeping, overview
from marketwright_bank_transfer.keeping import AUTO, NONE, SKIP, Seen, Shown
from marketwright_bank_transfer.overview import File, Line
from marketwright_bank_transfer.reading import read_statement
from marketwright_bank_transfer.statement import Entry, Problem, Unreadable, refuse

View = Callable[..., BaseResponse]
CLOSED = ("returned", "other", "")


@dataclass(frozen=True, slots=True)
class HomeContext:
    """The page of payments: the form, what it refused, lines that wait for a word, and those that do not."""

    problems: Sequence[Problem]
    refused: str
    megabytes: int
    waiting: Sequence[Line]
    done: Sequence[Line]
    files: Sequence[File]
    open: Sequence[BillRow]
    account: bool
    pager: "Pager"


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the lines that wait stand, both from 1."""

    page: int
    last: int

    def url(self, page: int) -> str:
        """The way to another page."""
        return url_for("x-bank_transfer.home", page=page)


@dataclass(frozen=True, slots=True)
class Row:
    """One line being looked at: ``pays`` (amount, invoice number, why), what is ``over``, the invoice it ``names``."""

    seen: Seen
    entry: Entry
    pays: tuple[tuple[Money, str, str], ...]
    over: Money
    names: str


@dataclass(frozen=True, slots=True)
class ShownContext:
    """A statement being looked at: its lines in groups, and the ``open`` invoices to choose from."""

    page: Shown
    groups: Sequence[tuple[str, Sequence[Row]]]
    open: Sequence[BillRow]
    auto: str
    skip: str
    none: str


def make_blueprint(settings: Mapping[str, Any], desk: Desk) -> Blueprint:
    """The pages under ``/x/bank_transfer``."""
    pages = Blueprint("bank_transfer", "marketwright_bank_transfer")
    mine = _for_freelancers(desk)
    pages.get("/", endpoint="home")(mine(lambda me: _home(desk, settings, me)))
    pages.post("/statements", endpoint="upload")(mine(lambda me: _upload(desk, settings, me)))
    pages.get("/statements/<statement>", endpoint="look")(mine(lambda me, statement: _look(desk, me, statement)))
    pages.post("/statements/<statement>", endpoint="take")(mine(lambda me, statement: _take(desk, me, statement)))
    pages.post("/lines/<line>/use", endpoint="use")(mine(lambda me, line: _use(desk, me, line)))
    pages.post("/lines/<line>/close", endpoint="close")(mine(lambda me, line: _close(desk, me, line)))
    pages.post("/shares/<share>/undo", endpoint="undo")(mine(lambda me, share: _undo(desk, me, share)))
    return pages


def _for_freelancers(desk: Desk) -> Callable[[View], View]:
    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> BaseResponse:
            me = desk.pages.visitor()
            if me is None:
                response: BaseResponse = desk.pages.sign_in()
                return response
            if not me.is_freelancer:
                raise NotFound("There is no such page.")
            if me.suspended and request.method == "POST":
                raise NotAllowed("Your account is suspended.")
            return view(me, **values)

        return guarded

    return guard


def _home(
    desk: Desk, settings: Mapping[str, Any], me: Visitor, *, refused: Unreadable | None = None, name: str = ""
) -> BaseResponse:
    keeping.settle(desk, me.account)  # what was left half done, should a process have died
    bills = keeping.invoices(desk, me.account)
    last = overview.pages(desk, me.account)
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    context = HomeContext(
        problems=refused.problems if refused else (), refused=name if refused else "",
        megabytes=settings["most_megabytes"], pager=Pager(page, last),
        waiting=overview.lines(desk, me.account, bills, waits=True, page=page),
        done=overview.lines(desk, me.account, bills, waits=False), files=overview.files(desk, me.account),
        open=[b for b in bills if b.left], account=bool(desk.queries.personal(me.account, "bank_account")),
    )  # fmt: skip
    response: BaseResponse = desk.pages.render("bank_transfer/home.html", context, status=422 if refused else 200)
    return response


def _upload(desk: Desk, settings: Mapping[str, Any], me: Visitor) -> BaseResponse:
    file = request.files.get("statement")
    most = settings["most_megabytes"] * 1_000_000
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2][:120] if file else ""
    try:
        if file is None or not name:
            raise refuse(say("Choose the file that your bank exports."))
        with file.stream:
            data = file.stream.read(most + 1)
        statement = read_statement(
            data, currency=desk.currency, today=desk.today, most_bytes=most,
            most_lines=settings["most_lines"],
        )  # fmt: skip
    except Unreadable as refused:
        return _home(desk, settings, me, refused=refused, name=name)
    made = keeping.show(desk, me.account, statement, name=name, data=data)
    return redirect(url_for("x-bank_transfer.look", statement=made), 303)


def _look(desk: Desk, me: Visitor, statement: str) -> BaseResponse:
    page = keeping.shown(desk, me.account, statement)
    if page is None:
        desk.pages.tell(desk.pages.say(say("This statement was taken already, or another one took its place.")), "info")
        return redirect(url_for("x-bank_transfer.home"), 303)
    bills = keeping.invoices(desk, me.account)
    numbers = {b.id: b.number for b in bills}
    groups: dict[str, list[Row]] = {"look": [], "unknown": [], "sure": [], "again": []}
    for seen in page.lines:
        groups[_group(seen)].append(_row(seen, numbers))
    context = ShownContext(
        page=page, groups=[(k, v) for k, v in groups.items() if v], open=[b for b in bills if b.left], auto=AUTO,
        skip=SKIP, none=NONE,
    )  # fmt: skip
    response: BaseResponse = desk.pages.render("bank_transfer/look.html", context)
    return response


def _group(seen: Seen) -> str:
    """How much a person has to look at a line."""
    m = seen.match
    if seen.again:
        return "again"
    if seen.alike or m.entry.doubt or m.over or (m.shares and not m.sure):
        return "look"
    return "sure" if m.sure else "unknown"


def _row(seen: Seen, numbers: Mapping[str, str]) -> Row:
    m, currency = seen.match, seen.match.entry.amount.currency
    return Row(
        seen, m.entry, tuple((Money(s.amount, currency), numbers[s.bill], str(s.why)) for s in m.shares),
        Money(m.over, currency), numbers[m.named[0]] if m.named else "",
    )  # fmt: skip


def _take(desk: Desk, me: Visitor, statement: str) -> BaseResponse:
    choices = {k.removeprefix("line-"): v for k, v in request.form.items() if k.startswith("line-")}
    taken = keeping.take(desk, me.account, statement, choices)
    desk.pages.tell(
        desk.pages.say(say("Payments taken from the statement: %(n)s.", n=taken)) if taken
        else desk.pages.say(say("Nothing of the statement was new.")),
        "success" if taken else "info",
    )  # fmt: skip
    return redirect(url_for("x-bank_transfer.home"), 303)


def _use(desk: Desk, me: Visitor, line: str) -> BaseResponse:
    try:
        keeping.use(desk, me.account, line, request.form.get("bill", ""))
    except InvalidInput as refused:
        desk.pages.tell(desk.pages.say(next(iter(refused.errors.values()))[0]), "error")
    except NotFound:
        desk.pages.tell(desk.pages.say(say("Choose the invoice that it is for.")), "error")
    else:
        desk.pages.tell(desk.pages.say(say("The payment is recorded on the invoice.")))
    return redirect(url_for("x-bank_transfer.home"), 303)


def _close(desk: Desk, me: Visitor, line: str) -> BaseResponse:
    how = request.form.get("how", "")
    if how not in CLOSED:
        raise NotFound("There is no such page.")
    keeping.close(desk, me.account, line, how)
    return redirect(url_for("x-bank_transfer.home"), 303)


def _undo(desk: Desk, me: Visitor, share: str) -> BaseResponse:
    keeping.undo(desk, me.account, share)
    desk.pages.tell(desk.pages.say(say("Taken back: the invoice asks for this amount again.")), "info")
    return redirect(url_for("x-bank_transfer.home"), 303)
