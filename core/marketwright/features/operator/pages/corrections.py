"""Corrections of money: asked for with password and second factor, decided by a second person, or a day later."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema, validate
from marshmallow.fields import List, Nested, Str
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.showing import shown_again
from marketwright.features.corrections import queries, service
from marketwright.features.corrections.queries import CorrectionRow
from marketwright.features.ledger import queries as ledger
from marketwright.features.ledger.kinds import LOSS
from marketwright.features.ledger.queries import BalanceRow
from marketwright.features.operator.pages.base import argument, pages, show
from marketwright.features.operator.queries import references, whose
from marketwright.features.payments import queries as payments
from marketwright.features.payments.queries import HoldRow
from marketwright.features.payments.running import PERSON_PATIENCE, run
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_, say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import HoldState
from marketwright.web.fields import MoneyField, Secret, TextField
from marketwright.web.formats import show_money
from marketwright.web.forms import Form
from marketwright.web.house import db, house, reading, the_viewer, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.render import tell

_READ = staff("ledger.read")
_CORRECT = staff("money.correct")
STATES: dict[str, tuple[str, str, str]] = {
    "asked": (N_("Waits"), "warn", "clock"), "done": (N_("Done"), "good", "check"),
    "withdrawn": (N_("Withdrawn"), "", "no"), "refused": (N_("Refused"), "bad", "no"),
}  # fmt: skip
FEWEST = 2  # lines of an entry


def _identity() -> dict[str, Any]:
    """Who says so: the own password, and the code of the second factor."""
    return {"password": Secret(required=True), "code": Secret()}


def entry_schema(currency: str) -> Schema:
    """An entry of the ledger as typed: each line an account, a side and an amount."""
    line = Schema.from_dict(
        {
            "account": TextField(longest=60, required=True),
            "side": Str(load_default="debit", validate=validate.OneOf(("debit", "credit"))),
            "amount": MoneyField(currency, required=True),
        }
    )
    typed = {"legs": List(Nested(line), load_default=list),
             "reason": TextField(longest=1000, lines=True, required=True)}  # fmt: skip
    return Schema.from_dict(typed | _identity())()


def refund_schema(currency: str) -> Schema:
    """A refund after release as typed."""
    typed = {"amount": MoneyField(currency, required=True),
             "reason": TextField(longest=1000, lines=True, required=True)}  # fmt: skip
    return Schema.from_dict(typed | _identity())()


class Decision(Schema):
    """The word of the second person."""

    password = Secret(required=True)
    code = Secret()


class Refusal(Schema):
    """Why not."""

    reason = TextField(longest=1000, lines=True, required=True)


@dataclass(frozen=True, slots=True)
class Asking:
    """What the person who asks is told: ``alone`` when nobody else may decide; ``code``: a second factor is asked.

    ``blocked``: alone, and without a second factor, nothing can be asked for.
    """

    alone: bool
    code: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One correction in the list, and what it is of."""

    row: CorrectionRow
    state: tuple[str, str, str]
    what: str


@dataclass(frozen=True, slots=True)
class CorrectionsContext:
    """Every correction, newest first, and the form of an entry."""

    lines: list[Line]
    form: Form
    asking: Asking
    may_ask: bool
    given_up: bool  # the form is filled in to give a debt up


@dataclass(frozen=True, slots=True)
class CorrectionContext:
    """One correction. ``mine``: whoever reads it asked for it; ``may_decide``: they are the second person."""

    line: Line
    names: dict[str, str]
    mine: bool
    may_decide: bool
    code: bool
    form: Form
    refusal: Form


@dataclass(frozen=True, slots=True)
class RefundContext:
    """A refund after release: the hold, its deal, and what is left of it."""

    hold: HoldRow
    reference: str
    left: Money
    freelancer: Money
    form: Form
    asking: Asking


@pages.get("/finance/corrections", _READ)
def finance_corrections() -> BaseResponse:
    """Corrections, and what waits for a second person; with the form of a debt that is to be given up, if asked."""
    return _list(_empty_entry() if (debt := _debt()) is None else _giving_up(debt))


@pages.post("/finance/corrections", _CORRECT)
def finance_correction_new() -> BaseResponse:
    """Ask for an entry of the ledger."""
    form = _empty_entry()
    if not form.accept_rows(request.form, "legs", "account", add="legs_add", remove="legs_remove"):
        return _list(form, 422 if form.errors else 200)
    value = form.value
    legs = [(leg["account"], leg["amount"] if leg["side"] == "debit" else -leg["amount"]) for leg in value["legs"]]
    made = _asked(form, lambda uow: service.ask_entry(uow, legs=legs, reason=value["reason"]))
    return redirect(url_for("operator.finance_correction", correction=made), 303) if made else _list(form, 422)


@pages.form("/finance/refunds/<hold>", _CORRECT.objects("holds that were released; none there is 404"))
def finance_refund(hold: str) -> BaseResponse:
    """Ask that money that was released goes back to the client."""
    found = payments.hold(reading(), hold)
    if found is None or found.state != HoldState.SETTLED:
        raise NotFound("There is no released money of this name.")
    left = payments.left_of(reading(), hold)
    form = Form(refund_schema(found.held.currency))
    if request.method == "POST" and form.accept(request.form):
        value = form.value
        made = _asked(
            form, lambda uow: service.ask_refund(uow, hold=hold, amount=value["amount"], reason=value["reason"])
        )
        if made:
            return redirect(url_for("operator.finance_correction", correction=made), 303)
    reference = references(reading(), [found.contract]).get(found.contract, found.contract)
    currency = found.held.currency
    context = RefundContext(
        found, reference, Money(left.client_pays, currency), Money(left.freelancer_receives, currency), form, _asking()
    )
    return show("refund.html", context, status=422 if form.errors else 200)


@pages.get("/finance/corrections/<correction>", _READ.objects("corrections; none there is 404"))
def finance_correction(correction: str) -> BaseResponse:
    """One correction."""
    return _one(correction)


@pages.post("/finance/corrections/<correction>/confirm", _CORRECT.objects("corrections that wait; none there is 404"))
def finance_correction_confirm(correction: str) -> BaseResponse:
    """Carry a correction out, as the second person."""
    form = Form(Decision())
    valid = form.accept(request.form)
    command = _signed(form, lambda uow: service.confirm(uow, correction=correction)) if valid else None
    if command is None:
        return _one(correction, form=form, status=422)
    if command:
        db.session.remove()
        run(house(), command, patience=PERSON_PATIENCE)
    tell(_("Done, with your name and that of who asked for it."))
    return redirect(url_for("operator.finance_correction", correction=correction), 303)


@pages.post("/finance/corrections/<correction>/refuse", _CORRECT.objects("corrections that wait; none there is 404"))
def finance_correction_refuse(correction: str) -> BaseResponse:
    """Say no, with a reason."""
    form = Form(Refusal())
    if not form.accept(request.form):
        return _one(correction, refusal=form, status=422)
    with unit() as uow:
        service.refuse(uow, correction=correction, why=form.value["reason"])
        uow.commit()
    tell(_("Refused. Whoever asked for it reads why."), "info")
    return redirect(url_for("operator.finance_correction", correction=correction), 303)


@pages.post("/finance/corrections/<correction>/withdraw", _CORRECT.objects("corrections that wait; none there is 404"))
def finance_correction_withdraw(correction: str) -> BaseResponse:
    """Take back what one asked for."""
    with unit() as uow:
        service.withdraw(uow, correction=correction)
        uow.commit()
    tell(_("Withdrawn. Nothing was moved."), "info")
    return redirect(url_for("operator.finance_correction", correction=correction), 303)


@pages.post("/finance/corrections/<correction>/undo", _CORRECT.objects("entries that are done; none there is 404"))
def finance_correction_undo(correction: str) -> BaseResponse:
    """Ask that an entry by hand is taken back, whole."""
    found, form = _known(correction), Form(Decision())
    if not form.accept(request.form):
        return _one(correction, form=form, status=422)
    reason = _("Takes back: %(reason)s", reason=found.reason)
    made = _asked(form, lambda uow: service.ask_reversal(uow, transaction=found.effect, reason=reason[:1000]))
    if not made:
        return _one(correction, form=form, status=422)
    return redirect(url_for("operator.finance_correction", correction=made), 303)


def _debt() -> BalanceRow | None:
    """What is owed on the account that the address names, in the marketplace's currency."""
    named = argument("give_up"), house().marketplace.currency
    rows = ledger.balances(reading(), kind="receivable") if named[0] else []
    return next((r for r in rows if (r.account, r.balance.currency) == named and r.balance.amount > 0), None)


def _giving_up(debt: BalanceRow) -> Form:
    amount = show_money(debt.balance, plain=True)
    lines = {"legs-0-account": LOSS, "legs-0-amount": amount, "legs-1-account": debt.account, "legs-1-side": "credit",
             "legs-1-amount": amount}  # fmt: skip
    return Form(entry_schema(debt.balance.currency), lines)


def _empty_entry() -> Form:
    lines = {f"legs-{n}-account": "" for n in range(FEWEST)} | {"legs-1-side": "credit"}
    return Form(entry_schema(house().marketplace.currency), lines)


def _asking() -> Asking:
    me = accounts.account(reading(), the_viewer().account)
    code = me is not None and me.second_factor
    alone = not queries.others(reading(), the_viewer().account)
    return Asking(alone, code, blocked=alone and not code)


def _asked(form: Form, ask: Callable[[UnitOfWork], str]) -> str:
    """Ask for a correction in the acting person's name; its id, or '' with the refusals at the form's fields."""
    if _asking().blocked:
        form.refuse(InvalidInput({"": [say("Set up a second factor first: alone, you sign with its code.")]}))
        return ""
    made = _signed(form, ask)
    if made:
        tell(_("Asked. It is carried out in a day, and you can withdraw it until then.") if _asking().alone
             else _("Asked. It is carried out once another person has confirmed it."))  # fmt: skip
    return made or ""


def _signed(form: Form, deed: Callable[[UnitOfWork], str]) -> str | None:
    """What ``deed`` gives, done if password and code are the acting person's; else ``None``, and the form says why."""
    value = form.value
    try:
        return shown_again(the_viewer().account, deed, password=value["password"], code=value["code"])
    except InvalidInput as error:
        form.refuse(error)
    except Conflict as error:
        form.refuse(InvalidInput({"": [say(error.template, **error.params)]}))
    return None


def _known(correction: str) -> CorrectionRow:
    found = queries.correction(reading(), correction)
    if found is None:
        raise NotFound("There is no such correction.")
    return found


def _line(row: CorrectionRow) -> Line:
    what = _("Entry of the ledger") if row.kind == "entry" else _("Refund after release")
    if row.reverses:
        what = _("Entry taken back")
    return Line(row, STATES[row.state], what)


def _list(form: Form, status: int = 200) -> BaseResponse:
    lines = [_line(row) for row in queries.corrections(reading())]
    given_up = any(str(name).endswith("-account") and value == LOSS for name, value in form.values.items())
    context = CorrectionsContext(lines, form, _asking(), the_viewer().may("money.correct"), given_up)
    return show("corrections.html", context, status=status)


def _one(correction: str, *, form: Form | None = None, refusal: Form | None = None, status: int = 200) -> BaseResponse:
    row = _known(correction)
    me = the_viewer()
    mine = row.asked_by == f"person:{me.account}"
    context = CorrectionContext(
        _line(row), whose(reading(), [leg.account for leg in row.legs]), mine,
        me.may("money.correct") and not mine and row.state == "asked", _asking().code, form or Form(Decision()),
        refusal or Form(Refusal()),
    )  # fmt: skip
    return show("correction.html", context, status=status)


