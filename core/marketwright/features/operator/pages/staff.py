"""Staff: who runs the marketplace, in which roles; invitations by mail."""

from flask import redirect, request, url_for
from marshmallow import Schema, validate
from marshmallow.fields import List
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts import service
from marketwright.features.accounts.permissions import PERMISSIONS, ROLES, permissions_of
from marketwright.features.accounts.queries import InvitationRow, StaffRow
from marketwright.features.operator.pages.base import ROLE_WORDS, pages, show
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff as staff_policy
from marketwright.web.render import tell
from marketwright.web.site import LANGUAGE_NAMES

NOTES: dict[str, str] = {
    "admin": N_("everything, and who is staff"),
    "moderator": N_("people and {mission.other}: suspend, approve, take off"),
    "vetter": N_("checks: read evidence, decide"),
    "finance": N_("ledger and payments, decisions on {contract.other}"),
    "support": N_("people, {contract.other}, mails and jobs, to answer questions"),
    "auditor": N_("reads everything, changes nothing"),
}  # fmt: skip
_MANAGE = staff_policy("staff.manage")


class Invitation(Schema):
    """Whom to invite, in which roles."""

    email = TextField(longest=254, required=True)
    roles = List(TextField(validate=validate.OneOf(ROLES)), load_default=list)
    locale = TextField(load_default="en")


class Roles(Schema):
    """Other roles; none takes somebody off the staff."""

    roles = List(TextField(validate=validate.OneOf(ROLES)), load_default=list)


@dataclass(frozen=True, slots=True)
class StaffContext:
    """Everybody on the staff, open invitations, and what each role may do."""

    people: list[tuple[StaffRow, list[str]]]
    invitations: list[tuple[InvitationRow, list[str]]]
    form: Form
    roles: list[tuple[str, str, str]]
    languages: list[tuple[str, str]]
    matrix: list[tuple[str, list[bool]]]


@dataclass(frozen=True, slots=True)
class MemberContext:
    """One person of the staff."""

    person: StaffRow
    form: Form
    roles: list[tuple[str, str, str]]
    is_me: bool


def _role_choices() -> list[tuple[str, str, str]]:
    return [(r, _(ROLE_WORDS[r]), _(NOTES[r])) for r in ROLES]


@pages.form("/staff", _MANAGE)
def staff() -> BaseResponse:
    """Who is on the staff; invite somebody."""
    form = Form(Invitation(), {"locale": house().marketplace.languages[0]})
    if request.method == "POST" and form.accept(request.form) and _invited(form):
        return redirect(url_for("operator.staff"), 303)
    session = reading()
    open_ones = accounts.open_invitations(session, None, house().clock.machine())
    context = StaffContext(
        people=[(s, [_(ROLE_WORDS[r]) for r in s.roles]) for s in accounts.staff(session)],
        invitations=[(i, [_(ROLE_WORDS[r]) for r in i.roles]) for i in open_ones], form=form, roles=_role_choices(),
        languages=[(code, LANGUAGE_NAMES.get(code, code)) for code in house().marketplace.languages],
        matrix=[(_(says), [p in permissions_of(frozenset({r})) for r in ROLES])
                for p, says in PERMISSIONS.items()],
    )  # fmt: skip
    return show("staff.html", context, status=422 if form.errors else 200)


def _invited(form: Form) -> bool:
    try:
        with unit() as uow:
            service.invite_staff(uow, email=form.value["email"], roles=form.value["roles"], locale=form.value["locale"])
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    tell(_("Invited. The link works once, and ends on its own after some days."))
    return True


@pages.post("/staff/invitations/<invitation>/withdraw", _MANAGE.objects("open invitations to the staff"))
def staff_withdraw(invitation: str) -> BaseResponse:
    """Take an invitation back."""
    found = accounts.invitation(reading(), invitation)
    if found is None or found.kind != "staff":
        raise NotFound("There is no such invitation.")
    with unit() as uow:
        service.withdraw_invitation(uow, invitation=invitation)
        uow.commit()
    tell(_("The invitation was taken back."), "info")
    return redirect(url_for("operator.staff"), 303)


@pages.form("/staff/<person>", _MANAGE.objects("people of the staff; nobody there is 404"))
def staff_one(person: str) -> BaseResponse:
    """Change the roles of one person."""
    found = next((s for s in accounts.staff(reading()) if s.account == person), None)
    if found is None:
        raise NotFound("This person is not of the staff.")
    form = Form(Roles(), {"roles": list(found.roles)})
    if request.method == "POST" and form.accept(request.form):
        with unit() as uow:
            service.change_staff(uow, account=person, roles=form.value["roles"])
            uow.commit()
        tell(_("Saved."))
        return redirect(url_for("operator.staff"), 303)
    context = MemberContext(found, form, _role_choices(), person == the_viewer().account)
    return show("staff_member.html", context, status=422 if form.errors else 200)
