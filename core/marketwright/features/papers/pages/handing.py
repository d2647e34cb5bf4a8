"""Handing in what a condition asks for: its form, a look at the paper, and who has signed since."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from markupsafe import Markup
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import queries as contracts
from marketwright.features.contracts.needing import fields_of as mission_fields
from marketwright.features.contracts.pages.base import PARTIES, Seen
from marketwright.features.contracts.pages.papers import text_of
from marketwright.features.contracts.pages.reading import values_of
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.service import get, may_sign_for
from marketwright.features.contracts.waiting import over
from marketwright.features.facets import forms
from marketwright.features.facets.forms import FieldView
from marketwright.features.papers import early, queries, service
from marketwright.features.papers.handing import Given, fields_of, given_by, prepare
from marketwright.features.papers.pages.base import find_condition, pages
from marketwright.features.papers.queries import HandingRow, SignerRow
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.store.ring import Ring
from marketwright.strategies.conditions import Condition
from marketwright.strategies.processes import Role
from marketwright.web.errors import sentence
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.limits import spend
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class HandInContext:
    """The form of a condition. ``preview`` is the drawn paper once it was looked at; ``before`` what came of the last.
    """

    contract: ContractRow
    name: str
    label: str
    how: str
    form: Form
    views: Sequence[FieldView]
    labels: Mapping[str, str]
    preview: Markup
    language: str
    signs: bool
    has_paper: bool
    confidential: bool
    before: HandingRow | None


@dataclass(frozen=True, slots=True)
class HandingContext:
    """What was handed in, and whose signature is there; ``mine`` says that the viewer may sign it for a side."""

    contract: ContractRow
    label: str
    handing: HandingRow
    values: Sequence[tuple[str, str, bool]]
    kinds: Mapping[str, str]
    may_change: bool
    sign_url: str
    sides: Sequence[tuple[str, str, str]]


@pages.form("/contracts/<contract>/conditions/<name>/paper", PARTIES)
def hand_in(contract: str, name: str) -> BaseResponse:
    """Hand in what a condition asks for, or see what became of it."""
    seen, entry = find_condition(contract, name)
    last = queries.latest(reading(), contract, name)
    again = bool(over(reading(), contract, [name], house().clock.business()))
    if last is not None and (last.state == "waiting" or (last.state == "met" and not again)):
        return _status(seen, entry, last)
    met = next((c for c in contracts.conditions_of(reading(), contract) if c.name == name and c.met_at), None)
    if met is not None and not again:
        return redirect(url_for("contracts.show", contract=contract), 303)
    if not _may_change(seen, entry):
        raise NotAllowed("The other side meets this condition.")
    fields = fields_of(entry.it)
    form = Form(Schema.from_dict(forms.schema(fields))(), _initial(entry.it, seen, last))
    given: Given | None = None
    if request.method == "POST":
        valid = form.accept(request.form)
        if not forms.press(form, fields, request.form) and valid:
            given = _prepared(seen, entry, form)
        if given is not None and "send" in request.form and _sent(seen, entry, form, given):
            return redirect(url_for("papers.hand_in", contract=contract, name=name), 303)
    return _form(seen, entry, form, last, given)


def _initial(condition: Condition, seen: Seen, last: HandingRow | None) -> dict[str, Any]:
    """What was handed in last; before that what the mission says already under the same names."""
    if last is not None:
        people: dict[str, list[dict[str, str]]] = {}
        for s in last.signers:
            row = {"name": s.name, "company": s.company, "email": s.email}
            people.setdefault(forms.PREFIX + s.kind, []).append(row)
        return forms.initial(condition.fields, values_of(last)) | people
    if condition.early and seen.side == "freelancer":
        known = _answered_early(seen, condition)
        if known:
            return forms.initial(condition.fields, known)
    said = mission_fields(reading(), get(reading(), seen.contract.id))
    alike = {f.name: said[f.name] for f in condition.fields if f.name in said and _fits(f, said[f.name])}
    return forms.initial(condition.fields, alike)


def _answered_early(seen: Seen, condition: Condition) -> dict[str, Any]:
    """What the freelancer answered before the contract, once this reading is recorded: they hand it in with a click."""
    row, me = get(reading(), seen.contract.id), the_viewer().account
    found = [a for a in queries.answers_of(reading(), row.mission_id, account=me) if a.name == condition.name]
    if not found:
        return {}
    with unit() as uow:
        early.record(uow, found, role="freelancer")
        uow.commit()
    return early.opened(reading(), house().ports.get(Ring), found[0])


def _fits(field: Any, value: Any) -> bool:
    try:
        forms.check([field], {field.name: value})
    except InvalidInput:
        return False
    return True


def _prepared(seen: Seen, entry: Entry[Condition], form: Form) -> Given | None:
    values, people = given_by(entry.it, form.value)
    here, row = house(), get(reading(), seen.contract.id)
    try:
        if entry.it.paper and row.state != "ACTIVE":
            raise InvalidInput({"": [say("This paper is drawn up once both have signed the {contract}.")]})
        return prepare(reading(), here.plugins, entry, row, values, people, now=here.clock.business(),
                       zone=here.marketplace.time_zone)  # fmt: skip
    except InvalidInput as error:
        form.refuse(error)
        return None


def _sent(seen: Seen, entry: Entry[Condition], form: Form, given: Given) -> bool:
    if given.signatories and not spend("invite.account", the_viewer().account):
        form.refuse(InvalidInput({"": [say("Too many mails from here. Wait a while, then try again.")]}))
        return False
    try:
        with unit() as uow:
            service.hand_in(uow, contract=seen.contract.id, name=entry.it.name, given=given, locale=current_locale())
            uow.commit()
    except (InvalidInput, Conflict) as error:
        told = error if isinstance(error, InvalidInput) else InvalidInput({"": [say(error.template)]})
        form.refuse(told)
        return False
    signs = given.signatories or entry.it.parties
    tell(gettext("Sent for signature. You are told of each one.") if signs
         else gettext("Handed in. What waited for it can go on."))  # fmt: skip
    return True


def _form(
    seen: Seen, entry: Entry[Condition], form: Form, last: HandingRow | None, given: Given | None
) -> BaseResponse:
    condition, fields = entry.it, fields_of(entry.it)
    paper = given.paper if given else None
    views = forms.views(fields, current_locale())
    context = HandInContext(
        contract=seen.contract, name=condition.name, label=translate(condition.label), how=translate(condition.how),
        form=form, views=views, labels=_labels(form, views), preview=text_of(paper.body) if paper else Markup(""),
        language=paper.language if paper else "", signs=bool(condition.signatories or condition.parties),
        has_paper=bool(condition.paper), confidential=condition.confidential, before=last,
    )  # fmt: skip
    return render("papers/hand_in.html", context, status=422 if form.errors else 200)


def _labels(form: Form, views: Sequence[FieldView]) -> dict[str, str]:
    """The words of every field for the list of errors, cells of rows with their row's number."""
    found = {v.name: v.label for v in views}
    for v in views:
        for n in range(form.count(v.name) if v.rows else 0):
            found |= {f"{v.name}-{n}-{c.name}": f"{v.label} {n + 1}, {c.label}" for c in v.rows}
    return found


def _may_change(seen: Seen, entry: Entry[Condition]) -> bool:
    return entry.it.role in seen.reader.roles or Role.OPERATOR in seen.reader.roles


def _status(seen: Seen, entry: Entry[Condition], row: HandingRow) -> BaseResponse:
    session, condition = reading(), entry.it
    signed = {side: (name, at) for side, name, at in row.signed}
    names = {"client": seen.contract.client_name, "freelancer": seen.contract.freelancer_name}
    side = may_sign_for(session, get(session, seen.contract.id), the_viewer().account, row.document)
    mine = row.state == "waiting" and side in row.parties and side not in signed
    context = HandingContext(
        contract=seen.contract, label=translate(condition.label), handing=row,
        values=forms.shown(condition.fields, values_of(row), current_locale(), private=True),
        kinds={s.name: translate(s.label) for s in condition.signatories},
        may_change=row.state == "waiting" and _may_change(seen, entry),
        sign_url=url_for("papers.sign_paper", contract=seen.contract.id, handing=row.id) if mine else "",
        sides=[(names[s], s, signed[s][0] if s in signed else "") for s in row.parties],
    )  # fmt: skip
    return render("papers/handing.html", context)


@pages.post("/contracts/<contract>/papers/<handing>/withdraw", PARTIES)
def take_back(contract: str, handing: str) -> BaseResponse:
    """Take back what waits for signatures."""
    row = _own(contract, handing)
    with unit() as uow:
        service.take_back(uow, handing=row.id)
        uow.commit()
    tell(gettext("Taken back. Nobody can sign it any more."), "info")
    return redirect(url_for("papers.hand_in", contract=contract, name=row.name), 303)


@pages.post("/contracts/<contract>/papers/<handing>/<signer>/again", PARTIES)
def ask_again(contract: str, handing: str, signer: str) -> BaseResponse:
    """Send a signatory their link anew, to another address where the first was wrong."""
    row = _own(contract, handing)
    asked: SignerRow | None = next((s for s in row.signers if s.id == signer), None)
    if asked is None:
        raise NotFound("There is no such paper.")
    email = request.form.get("email", "").strip()
    back = redirect(url_for("papers.hand_in", contract=contract, name=row.name), 303)
    if not spend("mail.address", email or asked.email):
        tell(gettext("This address got several mails just now. Wait a while, then try again."), "error")
        return back
    try:
        with unit() as uow:
            service.ask_again(uow, signer=signer, email=email)
            uow.commit()
    except InvalidInput as error:
        tell(sentence(error), "error")
        return back
    tell(gettext("A new link is on its way; the earlier one opens nothing any more."))
    return back


def _own(contract: str, handing: str) -> HandingRow:
    row = queries.handing(reading(), handing)
    if row is None or row.contract != contract:
        raise NotFound("There is no such paper.")
    find_condition(contract, row.name)
    return row
