"""One proposal: whose turn it is, the rounds and what changed, both receipts, and the answers one can give."""

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import datetime

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.invoicing.planned import Planned, planned
from marketwright.features.messaging.pages.base import Face, face
from marketwright.features.messaging.queries import thread as find_thread
from marketwright.features.messaging.sides import WRITING, roles_for
from marketwright.features.pricing import codes
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.features.pricing.service import FEES
from marketwright.features.proposals import agreed, queries, service
from marketwright.features.proposals.agreed import AgreedPart
from marketwright.features.proposals.changes import Table, table
from marketwright.features.proposals.offers import Offer
from marketwright.features.proposals.pages.base import (
    PARTIES,
    Setting,
    by_day,
    course,
    courses,
    default_validity,
    find_proposal,
    labels,
    pages,
    price_now,
    validity,
)
from marketwright.features.proposals.pages.making import quote_typed
from marketwright.features.proposals.queries import ProposalRow, RoundRow
from marketwright.features.proposals.schemas import (
    CodeSchema,
    DeclineSchema,
    WithdrawSchema,
    offer_of,
    offer_schema,
    typed,
)
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.strategies.pricing import Quote
from marketwright.web.errors import sentence
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.limits import keep_within, spend
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of the page as they were sent, where one was refused or looked at first."""

    counter: Form | None = None
    decline: Form = field(default_factory=lambda: Form(DeclineSchema()))
    withdraw: Form = field(default_factory=lambda: Form(WithdrawSchema()))
    code: Form = field(default_factory=lambda: Form(CodeSchema()))

    @property
    def refused(self) -> bool:
        """Whether one of them has errors."""
        counter = self.counter.errors if self.counter else {}
        return bool(counter or self.decline.errors or self.withdraw.errors or self.code.errors)


@dataclass(frozen=True, slots=True)
class Limit:
    """Whether the reader may accept alone; else who may, and whether they were told (by whom, when)."""

    may: bool = True
    approvers: Sequence[str] = ()
    asked_by: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProposalContext:
    """Everything of the page; ``side`` is the reader's, ``my_turn`` whether their answer is awaited.

    ``own`` says that the offer that stands is the reader's side's, ``confirming`` that the freelancer has accepted it
    and somebody of the client is to confirm it, ``over`` that the mission takes nobody any more.
    """

    proposal: ProposalRow
    side: str
    other: str
    person: Face
    client: str
    my_turn: bool
    own: bool
    confirming: bool
    over: bool
    expired: bool
    may_write: bool
    rounds: Sequence[RoundRow]
    table: Table
    truth: Truth
    course: str
    note_by: str
    limit: Limit
    forms: Forms
    counter: Form
    counter_lines: int
    counter_agreed: Sequence[AgreedPart]
    counter_truth: Truth | None
    counter_trouble: str
    labels: dict[str, str]
    validity: Sequence[tuple[str, str]]
    difference: Money | None
    needs_identity: str
    pays: int
    receives: int
    code: str
    idle: bool
    planned: Planned


@pages.get("/proposals/<proposal>", PARTIES)
def show(proposal: str) -> BaseResponse:
    """Read it, and answer."""
    row, side = find_proposal(proposal)
    return _page(row, side, Forms())


@pages.form("/proposals/<proposal>/counter", PARTIES)
def counter(proposal: str) -> BaseResponse:
    """Answer with another offer; the quote can be looked at before it is sent."""
    row, side = find_proposal(proposal)
    if request.method == "GET":
        return redirect(url_for("proposals.show", proposal=proposal) + "#counter", 303)
    form = Form(_schema(row))
    valid = form.accept_rows(request.form, "lines", "title")
    if valid and "preview" not in request.form and _counter(form, row):
        tell(gettext("Your offer was sent."))
        return redirect(url_for("proposals.show", proposal=proposal), 303)
    return _page(find_proposal(proposal)[0], side, Forms(counter=form))


def _schema(row: ProposalRow) -> Schema:
    return offer_schema(row.currency, agreed.schema_fields(house().plugins, [course(row.process)]))


def _counter(form: Form, row: ProposalRow) -> bool:
    try:
        offer = replace(
            offer_of(form.value, by_day=by_day(row.process)),
            agreed=agreed.agreed_of(house().plugins, course(row.process), form.value, house().today),
        )
        quote = price_now(Setting.of(row), offer.lines)
        keep_within("proposals")
        with unit() as uow:
            service.counter(uow, proposal=row.id, offer=offer, quote=quote)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    except (GateClosed, Conflict) as refused:
        form.errors.setdefault("", []).append(sentence(refused))
        return False
    return True


@pages.post("/proposals/<proposal>/accept", PARTIES)
def accept(proposal: str) -> BaseResponse:
    """Accept the offer that stands: the contract is drawn up, or a colleague is asked."""
    row, side = find_proposal(proposal)
    rounds = queries.rounds(reading(), proposal)
    quote = price_now(Setting.of(row), rounds[-1].lines)
    seen = tuple(request.form.get(name, type=int) for name in ("pays", "receives"))
    if seen != (quote.client_pays().amount, quote.freelancer_receives().amount):
        tell(gettext("The amounts have changed since you opened this page. Please look at them again."), "warning")
        return redirect(url_for("proposals.show", proposal=proposal), 303)
    with unit() as uow:
        contract = service.accept(
            uow, proposal=proposal, round_number=request.form.get("round", 0, type=int), quote=quote
        )
        uow.commit()
    if not contract and side == "freelancer":
        tell(gettext("Accepted. It is above the limit of who offered it: a colleague of theirs was asked to confirm."))
        return redirect(url_for("proposals.show", proposal=proposal), 303)
    if not contract:
        tell(gettext("Your colleagues who may accept this amount were told."), "info")
        return redirect(url_for("proposals.show", proposal=proposal), 303)
    tell(gettext("Accepted. The {contract} is ready to be prepared."))
    return redirect(f"/contracts/{contract}", 303)


@pages.post("/proposals/<proposal>/code", PARTIES)
def code(proposal: str) -> BaseResponse:
    """Enter a code that lowers one's own side's fee, or take it off again."""
    row, side = find_proposal(proposal)
    form = Form(CodeSchema())
    if "remove" not in request.form and not (form.accept(request.form) and _takes_something_off(form, row, side)):
        return _page(row, side, Forms(code=form))
    with unit() as uow:
        service.enter_code(uow, proposal=proposal, code="" if "remove" in request.form else form.value["code"])
        uow.commit()
    if "remove" in request.form:
        tell(gettext("The code was taken off."), "info")
    else:
        tell(gettext("The code counts: the amounts below are with it."))
    return redirect(url_for("proposals.show", proposal=proposal) + "#truth-h", 303)


def _takes_something_off(form: Form, row: ProposalRow, side: str) -> bool:
    """Whether the typed code exists, may be used by this side, and lowers a fee of the offer that stands."""
    owner = row.organisation if side == "client" else row.freelancer
    if not spend("voucher.account", the_viewer().account):
        form.errors["code"] = [gettext("Too many tries. Please wait a few minutes.")]
        return False
    try:
        found = codes.check(
            reading(), form.value["code"], side=side, owner=owner, currency=row.currency, on=house().today
        )
    except InvalidInput as error:
        form.refuse(error)
        return False
    where = Setting.of(row)
    others = tuple(v for v in where.vouchers if v.side != side)
    lines = queries.rounds(reading(), row.id)[-1].lines
    without, given = (
        price_now(replace(where, vouchers=(*others, *more)), lines) for more in ((), (found.voucher,))
    )
    if given.sum_of(*FEES) == without.sum_of(*FEES):
        form.errors["code"] = [gettext("This code takes nothing off this offer.")]
        return False
    return True


@pages.post("/proposals/<proposal>/decline", PARTIES)
def decline(proposal: str) -> BaseResponse:
    """Say no, with a reason."""
    _row, side = find_proposal(proposal)
    form = Form(DeclineSchema())
    if not form.accept(request.form) or not _ended(form, proposal, service.decline):
        return _page(find_proposal(proposal)[0], side, Forms(decline=form))
    tell(gettext("Your answer was sent, with its reason."))
    return redirect(url_for("proposals.show", proposal=proposal), 303)


@pages.post("/proposals/<proposal>/withdraw", PARTIES)
def withdraw(proposal: str) -> BaseResponse:
    """Take back one's own offer, or leave the other side's."""
    _row, side = find_proposal(proposal)
    own = queries.rounds(reading(), proposal)[-1].side == side
    form = Form(WithdrawSchema())
    if not form.accept(request.form) or not _ended(form, proposal, service.withdraw):
        return _page(find_proposal(proposal)[0], side, Forms(withdraw=form))
    tell(gettext("The offer was taken back.") if own else gettext("You have ended the {proposal}."))
    return redirect(url_for("proposals.show", proposal=proposal), 303)


def _ended(form: Form, proposal: str, deed: Callable[..., None]) -> bool:
    """Whether ``deed`` closed the proposal for the reason of ``form``; else the form says why not."""
    try:
        with unit() as uow:
            deed(uow, proposal=proposal, reason=form.value["reason"])
            uow.commit()
    except Conflict as conflict:
        form.errors["reason"] = [sentence(conflict)]
        return False
    return True


def _page(row: ProposalRow, side: str, forms: Forms) -> BaseResponse:
    me, session = the_viewer(), reading()
    rounds = queries.rounds(session, row.id)
    standing = rounds[-1]
    quote = _quote(row, standing)
    client = _client_name(row, side)
    form = forms.counter or Form(_schema(row), _standing_values(row, standing))
    lines = form.count("lines")
    counter_truth, trouble = (None, "")
    if forms.counter is not None:
        counter_truth, trouble = quote_typed(form, Setting.of(row))
    expired, entered = row.expired_at(house().clock.business()), _entered(row, side)
    names = {"client": client, "freelancer": row.freelancer_name}

    def who(r: RoundRow) -> str:
        return gettext("You") if r.account == me.account else names[r.side]

    context = ProposalContext(
        proposal=row, side=side, client=client, my_turn=row.is_open and row.turn == side and not expired,
        own=standing.side == side, confirming=row.is_open and not expired and row.turn == standing.side,
        over=row.over,
        other=client if side == "freelancer" else row.freelancer_name,
        person=face(row.freelancer_name, row.freelancer, row.photo_file), expired=expired,
        may_write=side == "freelancer" or bool(roles_for(session, row.organisation, me.account) & WRITING),
        rounds=rounds, table=table(rounds, who, row.currency, open_=row.is_open, plugins=house().plugins),
        truth=truth(quote),
        course=next((c.label for c in courses() if c.name == row.process), row.process), note_by=who(standing),
        limit=_limit(row, side), forms=forms, counter=form, counter_lines=lines,
        counter_agreed=agreed.parts(house().plugins, [course(row.process)]), counter_truth=counter_truth,
        counter_trouble=trouble, labels=labels(form, lines), validity=validity(), pays=quote.client_pays().amount,
        receives=quote.freelancer_receives().amount,
        difference=_difference(counter_truth, row), needs_identity=_identity_page(row, side),
        code=entered, idle=entered not in {v.code for v in quote.deal.vouchers},
        planned=planned(quote, house().plugins.countries, brand=house().marketplace.name, client=client,
                        freelancer=row.freelancer_name, to_seller=side == "freelancer"),
    )  # fmt: skip
    return render("proposals/show.html", context, status=422 if forms.refused else 200)


def _entered(row: ProposalRow, side: str) -> str:
    found = codes.entered(reading(), row.id, house().today).get(side) if row.is_open else None
    return found.code if found else ""


def _quote(row: ProposalRow, standing: RoundRow) -> Quote:
    """Open: as of today, which is what can be accepted. Closed: as it was accepted, else as it was offered."""
    if not row.is_open:
        return queries.accepted_quote(reading(), row.id) or standing.quote
    try:
        return price_now(Setting.of(row), standing.lines)
    except MarketwrightError:
        return standing.quote  # rules are off or broken: the page still opens; accepting says what is wrong


def _client_name(row: ProposalRow, side: str) -> str:
    found = find_thread(reading(), row.thread)
    return found.client(current_locale(), to_client=side == "client") if found else row.organisation_name


def _standing_values(row: ProposalRow, standing: RoundRow) -> dict[str, object]:
    offer = Offer(standing.lines, start_on=standing.start_on)
    said = agreed.initial(house().plugins, course(row.process), standing.agreed)
    return typed(offer, row.currency) | {"valid_days": default_validity()} | said


def _difference(counter: Truth | None, row: ProposalRow) -> Money | None:
    return counter.work - row.price if counter else None


def _limit(row: ProposalRow, side: str) -> Limit:
    session, me = reading(), the_viewer().account
    if side != "client" or not row.is_open:
        return Limit()
    able = accounts.approvers(session, row.organisation, row.work)
    asked = accounts.account(session, row.approval_by) if row.approval_round == row.rounds else None
    return Limit(
        may=any(m.account == me for m in able), approvers=[m.name for m in able],
        asked_by=asked.name if asked else "", asked_at=row.approval_at if asked else None,
    )  # fmt: skip


def _identity_page(row: ProposalRow, side: str) -> str:
    """Where the reader's side gives its legal identity; '' when it has."""
    kind, owner = ("organisation", row.organisation) if side == "client" else ("freelancer", row.freelancer)
    if accounts.identity(reading(), kind, owner) is not None:
        return ""
    page = f"/organisations/{row.organisation}/identity" if side == "client" else "/me/business"
    return f"{page}?next=/proposals/{row.id}"
