"""Taking up an invitation: into an organisation, to sign one document, to the staff."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries, service, tokens
from marketwright.features.accounts.invitations import MAX_WRONG_CODES, code_opens
from marketwright.features.accounts.pages.base import browser, pages, person, safe_next, sign_browser_in
from marketwright.features.accounts.pages.organisations import role_names
from marketwright.features.accounts.schemas import Accept, Code
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_, say
from marketwright.web.forms import Form
from marketwright.web.house import actor, house, reading, unit, viewer
from marketwright.web.i18n import current_locale
from marketwright.web.i18n import gettext as _
from marketwright.web.limits import spend
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render, tell

STAFF_NAMES = {"admin": N_("Admin"), "moderator": N_("Moderator"), "vetter": N_("Vetter"), "finance": N_("Finance"),
               "support": N_("Support"), "auditor": N_("Auditor")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InvitationContext:
    """``way``: ``new`` (make an account), ``accept`` (signed in as the right person), ``sign_in`` or ``other``."""

    form: Form
    invitation: queries.InvitationRow
    inviter: str
    roles: list[str]
    way: str
    token: str


@pages.form("/invitations/<token>", PUBLIC.objects("whoever holds the link of the mail"))
def invitation(token: str) -> BaseResponse:
    """Say yes to an invitation, with or without an account; once."""
    found = _opened(token)
    if found is None:
        return render("accounts/invitation_spent.html", status=404)
    way = _way(found)
    form = Form(Accept() if way == "new" else Code() if found.kind == "signatory" else Accept(only=()))
    if request.method == "POST" and way in ("new", "accept") and form.accept(request.form) and _code_fits(form, found):
        done = _take_up(form, found, way)
        if done is not None:
            return done
    inviter = queries.account(reading(), found.invited_by)
    names = [_(STAFF_NAMES[r]) for r in found.roles] if found.kind == "staff" else role_names(found.roles)
    context = InvitationContext(form, found, inviter.name if inviter else "", names, way, token)
    return render("accounts/invitation.html", context, status=422 if form.errors else 200)


def _opened(token: str) -> queries.InvitationRow | None:
    """The invitation of ``token`` while it still lets somebody in."""
    id_ = tokens.read_invitation_token(reading(), token, house().marketplace.secret_key)
    found = queries.invitation(reading(), id_) if id_ else None
    if found is None or not found.open_at(house().clock.machine()) or found.wrong_codes >= MAX_WRONG_CODES:
        return None
    return found


def _way(found: queries.InvitationRow) -> str:
    known, here = queries.account_by_email(reading(), found.email), viewer()
    if here is not None:
        return "accept" if here.email == found.email else "other"
    return "sign_in" if known is not None and known.confirmed_at is not None else "new"


def _code_fits(form: Form, found: queries.InvitationRow) -> bool:
    """Whether the code of a signatory's invitation was right; members and staff need none."""
    if found.kind != "signatory":
        return True
    with unit() as uow:
        fits = code_opens(uow, invitation=found.id, code=form.value.get("code", ""),
                          secret_key=house().marketplace.secret_key)  # fmt: skip
        uow.commit()
    if not fits:
        left = MAX_WRONG_CODES - found.wrong_codes - 1
        why = say("This is not the code. It has six digits; ask whoever invited you. Tries left: %(n)s.", n=left)
        form.refuse(InvalidInput({"code": [why]}))
    return fits


def _take_up(form: Form, found: queries.InvitationRow, way: str) -> BaseResponse | None:
    """Accept, then go where the new role is at home; ``None`` when the form was refused."""
    if way == "new" and not spend("sign_up.browser"):
        form.refuse(InvalidInput({"": [say("Too many tries from here. Wait a while, then try again.")]}))
        return None
    here = viewer()
    try:
        with unit(person(here.account) if here else actor()) as uow:
            if here is not None:
                service.accept_invitation(uow, invitation=found.id, account=here.account)
                token = ""
            else:
                account = service.accept_as_new(
                    uow, invitation=found.id, name=form.value["name"], password=form.value["password"],
                    locale=current_locale(),
                )  # fmt: skip
                token = service.start_session(uow, account=account, **browser())
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return None
    response = sign_browser_in(token, _target(found)) if token else redirect(_target(found), 303)
    tell(_("Welcome!"))
    return response


def _target(found: queries.InvitationRow) -> str:
    if found.kind == "staff":
        return safe_next("/console") or url_for("accounts.me")
    if found.kind == "signatory":
        return safe_next(f"/documents/{found.document}") or url_for("accounts.me")
    return url_for("accounts.organisation", organisation=found.organisation)
