"""Inviting somebody to sign one document, by mail and a code. The pages of a contract lead here."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries, service
from marketwright.features.accounts.limits import spend
from marketwright.features.accounts.pages.base import pages, safe_next
from marketwright.features.accounts.pages.organisations import MEMBERS, my_membership
from marketwright.features.accounts.schemas import Email
from marketwright.features.accounts.tokens import signing_code
from marketwright.features.contracts.documents import owner_of_document
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.kernel.text import say
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale
from marketwright.web.i18n import gettext as _
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class SignatoryContext:
    """``waiting``: (address, code, invitation) of who was invited to sign this document and has not come yet."""

    form: Form
    organisation: str
    organisation_name: str
    document: str
    waiting: list[tuple[str, str, str]]
    next: str


@pages.form("/organisations/<organisation>/documents/<document>/signatory", MEMBERS)
def invite_signatory(organisation: str, document: str) -> BaseResponse:
    """Have somebody sign who is no member: a link by mail, and a code that is passed on by another way."""
    mine = my_membership(organisation)
    if not mine.roles & {"owner", "signatory"}:
        raise NotAllowed("Your role in this {organisation} does not reach this. Ask one of its owners.")
    if owner_of_document(reading(), document) not in ("", organisation):
        raise NotFound("There is no such document.")
    form, target = Form(Email()), safe_next(request.values.get("next"))
    if request.method == "POST" and form.accept(request.form) and _invited(form, organisation, document):
        tell(_("The invitation to %(email)s is on its way.", email=form.value["email"]))
        here = url_for("accounts.invite_signatory", organisation=organisation, document=document, next=target or None)
        return redirect(here, 303)
    context = SignatoryContext(form, organisation, mine.name, document, _waiting(organisation, document), target)
    return render("accounts/invite_signatory.html", context, status=422 if form.errors else 200)


def _invited(form: Form, organisation: str, document: str) -> bool:
    if not spend("invite.account", the_viewer().account):
        form.refuse(InvalidInput({"": [say("Too many invitations within an hour. Try again later.")]}))
        return False
    try:
        with unit() as uow:
            service.invite_signatory(
                uow, organisation=organisation, email=form.value["email"], document=document, locale=current_locale()
            )
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
    return not form.errors


def _waiting(organisation: str, document: str) -> list[tuple[str, str, str]]:
    secret_key = house().marketplace.secret_key
    rows = queries.open_invitations(reading(), organisation, house().clock.machine())
    return [(row.email, signing_code(row.id, secret_key), row.id) for row in rows if row.document == document]
