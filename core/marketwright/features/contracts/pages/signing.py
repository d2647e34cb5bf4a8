"""Signing: read the whole text, type the password, done. Or ask somebody who may."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from markupsafe import Markup
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts import service as people
from marketwright.features.accounts.tokens import signing_code
from marketwright.features.contracts import service
from marketwright.features.contracts.amendments import sign_amendment, to_draw_again
from marketwright.features.contracts.documents import DocumentRow
from marketwright.features.contracts.pages.base import READERS, PasswordSchema, check_password, find_document, pages
from marketwright.features.contracts.pages.papers import text_of
from marketwright.features.contracts.pages.reading import paper_of
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.sendable import outdated
from marketwright.features.contracts.tables import Contract
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.errors import sentence
from marketwright.web.fields import Checkbox, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.render import render, tell


class SignSchema(PasswordSchema):
    """That it was read, which text, and the password."""

    read = Checkbox()
    sha256 = TextField(longest=64, required=True)


class InviteSchema(Schema):
    """Whom to ask for their signature."""

    email = TextField(longest=254, required=True)


@dataclass(frozen=True, slots=True)
class SignContext:
    """``side`` is whom the viewer signs for ('': they may not); ``signatories`` who else may, by name.

    ``outdated`` says that the text can no longer be signed: a side's country or VAT has changed since it was drawn up.
    """

    document: DocumentRow
    contract: ContractRow
    text: Markup
    form: Form
    side: str
    party: str
    name: str
    signed: bool
    missing: Sequence[Missing]
    signatories: Sequence[str]
    may_invite: bool
    invite: Form
    is_party: bool
    outdated: bool


@pages.form("/documents/<document>/sign", READERS)
def sign(document: str) -> BaseResponse:
    """Read and sign a contract or an amendment."""
    row, contract = _waiting(document)
    form = Form(SignSchema(), {"sha256": row.sha256})
    missing: Sequence[Missing] = ()
    if request.method == "POST" and form.accept(request.form):
        try:
            return _signed(row, contract, form)
        except InvalidInput as error:
            form.refuse(error)
        except GateClosed as closed:
            missing = closed.missing
    return _page(row, contract, form, missing)


def _waiting(document: str) -> tuple[DocumentRow, ContractRow]:
    row, contract = find_document(document)
    if contract is None:
        raise NotFound("There is no such document.")
    return row, contract


def _signed(row: DocumentRow, contract: ContractRow, form: Form) -> BaseResponse:
    if not form.value["read"]:
        raise InvalidInput({"read": [say("Please confirm that you have read it.")]})
    check_password(form.value["password"])
    with unit() as uow:
        if row.amendment:
            done = sign_amendment(uow, amendment=row.amendment, sha256=form.value["sha256"]) == "signed"
        else:
            done = service.sign(uow, contract=contract.id, sha256=form.value["sha256"]) == "ACTIVE"
        uow.commit()
    tell(gettext("Signed by both: it holds from now on.") if done else gettext("Signed. The other side was told."))
    guest = not service.side_name(reading(), contract.id, the_viewer().account)
    where = url_for("contracts.document", document=row.id) if guest else url_for("contracts.show", contract=contract.id)
    return redirect(where, 303)


def _page(row: DocumentRow, contract: ContractRow, form: Form, missing: Sequence[Missing]) -> BaseResponse:
    session, me = reading(), the_viewer()
    whole = service.get(session, contract.id)
    side = service.may_sign_for(session, whole, me.account, row.id)
    signed = {s.side: s for s in row.signatures}
    identity = accounts.identity(
        session, "freelancer" if side == "freelancer" else "organisation",
        contract.freelancer if side == "freelancer" else contract.organisation,
    )  # fmt: skip
    roles = next((o.roles for o in me.organisations if o.id == contract.organisation), frozenset())
    context = SignContext(
        document=row, contract=contract, text=text_of(paper_of(row)), form=form, side=side,
        party=identity.name if identity else "", name=me.name, signed=side in signed, missing=missing,
        signatories=[m.name for m in accounts.signatories(session, contract.organisation, row.id)],
        may_invite=bool(roles & {"owner", "signatory"}) and "client" not in signed, invite=Form(InviteSchema()),
        is_party=bool(service.side_name(session, contract.id, me.account)),
        outdated=_outdated(row, whole),
    )  # fmt: skip
    return render("contracts/sign.html", context, status=422 if form.errors else 200)


def _outdated(row: DocumentRow, contract: Contract) -> bool:
    if not row.amendment:
        return contract.state == "SENT" and outdated(reading(), contract)
    gone = to_draw_again(reading(), contract)
    return gone is not None and gone.id == row.amendment


@pages.post("/documents/<document>/invite", READERS)
def invite_signatory(document: str) -> BaseResponse:
    """Ask somebody outside the organisation's members to sign this one document."""
    row, contract = _waiting(document)
    if contract.state not in ("SENT", "ACTIVE"):
        raise Conflict("This document is not waiting for a signature.", state=contract.state)
    form = Form(InviteSchema())
    try:
        if not form.accept(request.form):
            raise InvalidInput(form.errors)
        with unit() as uow:
            invitation = people.invite_signatory(
                uow, organisation=contract.organisation, email=form.value["email"], document=row.id,
                locale=current_locale(),
            )  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        tell(sentence(error), "error")
        return redirect(url_for("contracts.sign", document=document), 303)
    code = signing_code(invitation, house().marketplace.secret_key)
    tell(gettext("The mail is on its way. Give them this code another way, by phone for example: %(code)s", code=code))
    return redirect(url_for("contracts.sign", document=document), 303)


@pages.get("/contracts/<contract>/sign/<document>", READERS)
def sign_of(contract: str, document: str) -> BaseResponse:
    """The same page, by way of its contract."""
    if (find_document(document)[0].contract or "") != contract:
        raise NotFound("There is no such document.")
    return redirect(url_for("contracts.sign", document=document), 303)
