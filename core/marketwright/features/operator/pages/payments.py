"""Payments: what was asked of the provider and how it stands, in plain words; what staff may do about it."""

from datetime import datetime

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.registry import processes
from marketwright.features.operator import queries as lists
from marketwright.features.operator.exports import MOST, csv_file
from marketwright.features.operator.pages.base import Pager, chosen, page_number, pager, pages, reason_form, show, tabs
from marketwright.features.payments import queries
from marketwright.features.payments import service as payments_service
from marketwright.features.payments.queries import CommandRow, HoldRow
from marketwright.features.payments.running import PERSON_PATIENCE, run
from marketwright.features.payments.tables import CommandState
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.strategies.payments import CommandKind
from marketwright.web.formats import show_datetime
from marketwright.web.forms import Form
from marketwright.web.house import actor, db, house, reading, unit
from marketwright.web.i18n import _, translate
from marketwright.web.policy import staff
from marketwright.web.render import tell

OPEN = (CommandState.PENDING, CommandState.SENT, CommandState.WAITING, CommandState.PAGE, CommandState.UNKNOWN)
GROUPS: dict[str, tuple[CommandState, ...]] = {
    "": (), "open": OPEN, "unknown": (CommandState.UNKNOWN,), "page": (CommandState.PAGE,),
    "failed": (CommandState.FAILED,), "confirmed": (CommandState.CONFIRMED,),
}  # fmt: skip
CAUSES = {
    "approval": N_("The work was accepted"), "deadline": N_("A deadline passed"),
    "decision": N_("A decision of the staff"), "late": N_("Money that came too late"),
    "arrival": N_("Money that no payment asked for"),
}  # fmt: skip
_READ = staff("ledger.read").objects("staff sees every payment; none there is 404")
_DECIDE = staff("payments.decide").objects("payments in the state that the deed is for")


@dataclass(frozen=True, slots=True)
class Line:
    """One command: what, for which deal, how it stands, what happens next."""

    command: CommandRow
    what: str
    words: str
    next: str
    reference: str


@dataclass(frozen=True, slots=True)
class PaymentsContext:
    """Commands of one group, newest first."""

    lines: list[Line]
    tabs: list[tuple[str, str, bool, int | None]]
    state: str
    pager: Pager


@dataclass(frozen=True, slots=True)
class PaymentContext:
    """One command with its hold and what else was asked for it."""

    line: Line
    hold: HoldRow | None
    hold_words: str
    others: list[Line]
    form: Form
    payout_refused: bool
    by: str
    because: str


@pages.get("/payments", staff("ledger.read"))
def payments() -> BaseResponse:
    """What was asked of the payment provider."""
    session, state = reading(), chosen("state", tuple(GROUPS))
    counts = lists.command_counts(session)
    labels = {"": _("All"), "open": _("Under way"), "unknown": _("No answer"), "page": _("On the provider’s page"),
              "failed": _("Refused"), "confirmed": _("Done")}  # fmt: skip
    made = tabs("state", [
        (s, labels[s], sum(counts.get(str(x), 0) for x in (of or tuple(CommandState)))) for s, of in GROUPS.items()
    ])  # fmt: skip
    total = sum(counts.get(str(x), 0) for x in (GROUPS[state] or tuple(CommandState)))
    page = page_number()
    found = queries.commands(session, states=GROUPS[state], limit=page * lists.SIZE)[(page - 1) * lists.SIZE :]
    return show("payments.html", PaymentsContext(_lines(found), made, state, pager(total, page)))


def _lines(found: list[CommandRow]) -> list[Line]:
    looks = lists.next_look(reading(), [c.id for c in found if not c.settled])
    numbers = lists.references(reading(), [c.contract for c in found])
    return [_line(c, looks.get(c.id), numbers.get(c.contract, c.contract)) for c in found]


def _line(c: CommandRow, look: datetime | None, reference: str) -> Line:
    words = translate(c.words)
    following = ""
    if c.given_up and not c.settled:
        following = _("given up, watched in case the money comes after all")
    elif c.state is CommandState.PAGE and c.expires_at:
        following = _("until %(when)s, then it is given up", when=show_datetime(c.expires_at))
    elif not c.settled and look:
        following = _("asked again at %(when)s", when=show_datetime(look, "HH:mm"))
    elif c.settled and c.settled_at:
        following = _("asked for on %(asked)s, ended on %(ended)s", asked=show_datetime(c.at),
                      ended=show_datetime(c.settled_at))  # fmt: skip
    return Line(c, translate(c.what), words, following, reference)


@pages.get("/payments/<command>", _READ)
def payments_one(command: str) -> BaseResponse:
    """One payment request and the money behind it."""
    return _payment(command, reason_form())


def _payment(command: str, form: Form, status: int = 200) -> BaseResponse:
    session = reading()
    found = queries.command(session, command)
    if found is None:
        raise NotFound("There is no such payment.")
    hold = queries.hold(session, found.hold)
    others = [c for c in queries.commands(session, hold=found.hold) if c.id != command]
    refused = found.came_back and hold is not None and hold.free.amount > 0
    by = lists.actor_name(session, found.ordered_by) or _("the marketplace itself")
    context = PaymentContext(_lines([found])[0], hold, translate(hold.words) if hold else "", _lines(others), form,
                             refused, by, _because(found))  # fmt: skip
    return show("payment.html", context, status=status)


def _because(c: CommandRow) -> str:
    """What the request goes back to, in words: a step of the deal, the clock, a decision, money that came late."""
    word = c.cause.partition(":")[0]
    if c.kind is CommandKind.PAYOUT:
        return _("What was released before it")
    if word in CAUSES:
        return _(CAUSES[word])
    label = next((t.label for p in processes(house().plugins).values() for t in p.transitions if t.name == word), "")
    return _("The step “%(step)s”", step=translate(label)) if label else c.cause


@pages.post("/payments/<command>/ask", _DECIDE)
def payments_ask(command: str) -> BaseResponse:
    """Ask the provider at once how it stands; what was sent is looked up, never sent twice."""
    found = _known(command)
    db.session.remove()
    if not found.settled:
        run(house(), command, patience=PERSON_PATIENCE)
    with unit() as uow:
        uow.audit("payment.looked_up", command)
        uow.commit()
    tell(_("Asked. The page shows what the provider said."), "info")
    return redirect(url_for("operator.payments_one", command=command), 303)


@pages.post("/payments/<command>/again", _DECIDE)
def payments_again(command: str) -> BaseResponse:
    """Ask once more for a transfer to the bank that was refused."""
    found = _known(command)
    with unit() as uow:
        new = payments_service.pay_out_again(uow, hold=found.hold, by=actor().label)
        uow.audit("payment.paid_out_again", found.hold, command=new)
        uow.commit()
    tell(_("The transfer is asked for once more."))
    return redirect(url_for("operator.payments_one", command=new), 303)


@pages.post("/payments/<command>/freeze", _DECIDE)
def payments_freeze(command: str) -> BaseResponse:
    """Let nothing leave the hold, with a reason."""
    return _freeze(command, to=True)


@pages.post("/payments/<command>/thaw", _DECIDE)
def payments_thaw(command: str) -> BaseResponse:
    """Let the hold move again, with a reason."""
    return _freeze(command, to=False)


def _freeze(command: str, *, to: bool) -> BaseResponse:
    found, form = _known(command), reason_form()
    if not form.accept(request.form):
        return _payment(command, form, 422)
    deed = payments_service.freeze if to else payments_service.thaw
    with unit() as uow:
        deed(uow, hold=found.hold, reason=form.value["reason"])
        uow.commit()
    tell(_("Frozen: nothing leaves this hold.") if to else _("The money can move again."))
    return redirect(url_for("operator.payments_one", command=command), 303)


def _known(command: str) -> CommandRow:
    found = queries.command(reading(), command)
    if found is None:
        raise NotFound("There is no such payment.")
    return found


@pages.get("/payments.csv", staff("ledger.read").limited("exports"))
def payments_csv() -> Response:
    """Commands as a file."""
    found = queries.commands(reading(), states=GROUPS[chosen("state", tuple(GROUPS))], limit=MOST)
    heads = ("id", "at", "kind", "state", "amount", "currency", "provider", "reference", "hold", "contract", "reason")
    rows = ((c.id, c.at, c.kind, c.state, c.amount, c.amount.currency, c.provider, c.reference, c.hold, c.contract,
             c.reason) for c in found)  # fmt: skip
    return csv_file("payments", heads, rows)


