"""A client's own pages: overview, description, legal identity, members."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries, service
from marketwright.features.accounts.organisations import DESCRIBED
from marketwright.features.accounts.pages.base import pages, safe_next
from marketwright.features.accounts.pages.me import identity_page, identity_values
from marketwright.features.accounts.permissions import CLIENT_ROLES
from marketwright.features.accounts.schemas import (
    OrganisationEdit,
    OrganisationIdentity,
    OrganisationName,
    member_schema,
)
from marketwright.features.accounts.sectors import sector_choices, sector_name
from marketwright.features.accounts.tokens import signing_code
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, Overtaken
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_, say
from marketwright.web.formats import show_money, show_round_money
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale
from marketwright.web.i18n import gettext as _
from marketwright.web.late import Deeds, began_of, opened, overtaken, saved_words
from marketwright.web.limits import spend
from marketwright.web.names import country_choices, country_name
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.viewer import Membership

MEMBERS = SIGNED_IN.objects("members of the organisation; 404 to others")
OWNERS = SIGNED_IN.objects("owners of the organisation; 404 to strangers")

ROLE_NAMES = {"owner": N_("Owner"), "buyer": N_("Buyer"), "approver": N_("Approver"), "signatory": N_("Signatory"),
              "finance": N_("Finance")}  # fmt: skip
ROLE_NOTES = {
    "owner": N_("May do everything, and decides who is a member."),
    "buyer": N_("Writes {mission.other}, invites, talks and makes {proposal.other}."),
    "approver": N_("Accepts {proposal.other} and releases money, up to a limit if there is one."),
    "signatory": N_("Signs {contract.other} and agreements."),
    "finance": N_("Sees statements and invoices, looks after purchase orders and the legal identity."),
}


@dataclass(frozen=True, slots=True)
class OrganisationContext:
    """What members see of their organisation."""

    organisation: queries.OrganisationRow
    sector: str
    country: str
    mine: Membership
    my_roles: list[str]
    members: int
    identity: queries.IdentityRow | None
    may_edit: bool
    may_identify: bool
    plans: bool


@dataclass(frozen=True, slots=True)
class EditContext:
    """The form of an organisation's description."""

    form: Form
    organisation: queries.OrganisationRow
    sectors: list[tuple[str, str]]
    countries: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member as shown; ``limit`` in words."""

    row: queries.MemberRow
    roles: list[str]
    limit: str
    initials: str
    me: bool


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """One open invitation as shown; ``code`` for signatories, to be passed on by another way than mail."""

    row: queries.InvitationRow
    roles: list[str]
    code: str
    mine: bool


@dataclass(frozen=True, slots=True)
class MembersContext:
    """Members, open invitations, and the form that invites; ``choices`` are the roles one may give."""

    organisation: queries.OrganisationRow
    members: list[MemberLine]
    invitations: list[InvitationLine]
    form: Form
    choices: list[tuple[str, str, str]]
    is_owner: bool
    currency: str


@dataclass(frozen=True, slots=True)
class MemberContext:
    """One member's roles and limit."""

    organisation: queries.OrganisationRow
    member: MemberLine
    form: Form
    choices: list[tuple[str, str, str]]
    currency: str
    only_owner: bool


@dataclass(frozen=True, slots=True)
class NewContext:
    """The form of a new organisation."""

    form: Form
    next: str


def my_membership(organisation: str) -> Membership:
    """The viewer's place in ``organisation``; ``NotFound`` for strangers."""
    found = next((m for m in the_viewer().organisations if m.id == organisation), None)
    if found is None:
        raise NotFound("There is no such {organisation}.")
    return found


def _row(organisation: str) -> queries.OrganisationRow:
    row = queries.organisation(reading(), organisation)
    if row is None:
        raise NotFound("There is no such {organisation}.")
    return row


def role_names(roles: tuple[str, ...] | frozenset[str]) -> list[str]:
    """The roles in words, in their usual order."""
    return [_(ROLE_NAMES[role]) for role in CLIENT_ROLES if role in roles]


@pages.form("/organisations/new", SIGNED_IN)
def new_organisation() -> BaseResponse:
    """Hire too: an organisation of one's own."""
    form, target = Form(OrganisationName()), safe_next(request.values.get("next"))
    if request.method == "POST" and form.accept(request.form):
        with unit() as uow:
            made = service.create_organisation(
                uow, owner=the_viewer().account, name=form.value["organisation_name"],
                country=house().marketplace.country,
            )  # fmt: skip
            uow.commit()
        tell(_("The {organisation} is there. Say a little about it: {freelancer.other} read it."))
        return redirect(target or url_for("accounts.edit_organisation", organisation=made), 303)
    return render("accounts/new_organisation.html", NewContext(form, target), status=422 if form.errors else 200)


@pages.get("/organisations/<organisation>", MEMBERS)
def organisation(organisation: str) -> BaseResponse:
    """An organisation as its members see it."""
    mine, row = my_membership(organisation), _row(organisation)
    context = OrganisationContext(
        organisation=row, sector=sector_name(row.sector, current_locale()),
        country=country_name(row.country) if row.country else "", mine=mine,
        my_roles=role_names(mine.roles), members=len(queries.members(reading(), organisation)),
        identity=queries.identity(reading(), "organisation", organisation),
        may_edit=bool(mine.roles & {"owner", "buyer"}),
        may_identify=bool(mine.roles & {"owner", "signatory", "finance"}),
        plans=bool(house().marketplace.subscriptions.of("client")) and bool(mine.roles & {"owner", "finance"}),
    )  # fmt: skip
    return render("accounts/organisation.html", context)


@pages.form("/organisations/<organisation>/edit", MEMBERS)
def edit_organisation(organisation: str) -> BaseResponse:
    """What an organisation says about itself, and how it is called without its name."""
    mine, row = my_membership(organisation), _row(organisation)
    if not mine.roles & {"owner", "buyer"}:
        raise NotAllowed("Your role in this {organisation} does not reach this. Ask one of its owners.")
    shown, _texts = _described_now(row)
    form = Form(OrganisationEdit(), shown)
    opened(form, shown, Deeds("organisation.updated", organisation))
    if request.method == "POST" and form.accept(request.form) and _described(form, organisation):
        return redirect(url_for("accounts.organisation", organisation=organisation), 303)
    context = EditContext(form, row, sector_choices(current_locale(), row.sector), country_choices())
    return render("accounts/edit_organisation.html", context, status=422 if form.errors else 200)


def _described_now(row: queries.OrganisationRow) -> tuple[dict[str, Any], dict[str, str]]:
    """What is stored as the form shows it, and in words."""
    shown = {part: getattr(row, part) for part in DESCRIBED}
    texts = {part: str("" if value is None else value) for part, value in shown.items()}
    texts["sector"] = sector_name(row.sector, current_locale())
    texts["country"] = country_name(row.country) if row.country else ""
    return shown, texts


def _described(form: Form, organisation: str) -> bool:
    try:
        with unit() as uow:
            taken = service.update_organisation(uow, organisation=organisation, began=began_of(form), **form.value)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    except Overtaken as error:
        reading().rollback()  # what was read before may be older than what was saved
        shown, texts = _described_now(_row(organisation))
        deeds = Deeds("organisation.updated", organisation)
        overtaken(form, error, stored=shown, shown=shown, texts=texts, deeds=deeds)
        return False
    tell(saved_words(taken))
    return True


@pages.form("/organisations/<organisation>/identity", MEMBERS)
def organisation_identity(organisation: str) -> BaseResponse:
    """The legal identity of a client, asked before its first proposal or signature."""
    mine, row = my_membership(organisation), _row(organisation)
    if not mine.roles & {"owner", "signatory", "finance"}:
        raise NotAllowed("Your role in this {organisation} does not reach this. Ask one of its owners.")
    recorded = queries.identity(reading(), "organisation", organisation)
    return identity_page(
        Form(OrganisationIdentity(), identity_values(recorded, row.country or house().marketplace.country)), recorded,
        owner_kind="organisation", owner_id=organisation, organisation=row.name,
        action=url_for("accounts.organisation_identity", organisation=organisation),
        done=url_for("accounts.organisation", organisation=organisation), template="accounts/identity.html",
    )  # fmt: skip


def _line(row: queries.MemberRow) -> MemberLine:
    limit = ""
    if "approver" in row.roles and "owner" not in row.roles:
        currency = house().marketplace.currency
        limit = show_round_money(Money(row.limit, currency)) if row.limit is not None else _("no limit")
    words = [w for w in row.name.split() if w[0].isalpha()]
    initials = ((words[0][0] + words[-1][0]) if len(words) > 1 else row.name[:2]).upper()
    return MemberLine(row, role_names(row.roles), limit, initials, row.account == the_viewer().account)


def _choices(roles: frozenset[str]) -> list[tuple[str, str, str]]:
    """The roles that somebody with ``roles`` may give: (role, name, note)."""
    given = CLIENT_ROLES if "owner" in roles else tuple(r for r in CLIENT_ROLES if r in roles)
    return [(role, _(ROLE_NAMES[role]), _(ROLE_NOTES[role])) for role in given]


def _invitations(organisation: str, mine: Membership) -> list[InvitationLine]:
    secret_key = house().marketplace.secret_key
    passes_codes = bool(mine.roles & {"owner", "signatory"})
    return [
        InvitationLine(
            row, role_names(row.roles),
            signing_code(row.id, secret_key) if row.kind == "signatory" and passes_codes else "",
            "owner" in mine.roles or row.invited_by == the_viewer().account,
        )
        for row in queries.open_invitations(reading(), organisation, house().clock.machine())
    ]  # fmt: skip


@pages.form("/organisations/<organisation>/members", MEMBERS)
def members(organisation: str) -> BaseResponse:
    """Who belongs to an organisation, and inviting more."""
    mine, row = my_membership(organisation), _row(organisation)
    currency = house().marketplace.currency
    form = Form(member_schema(currency, invites=True))
    if request.method == "POST" and form.accept(request.form) and _invited(form, organisation):
        tell(_("The invitation to %(email)s is on its way.", email=form.value["email"]))
        return redirect(url_for("accounts.members", organisation=organisation), 303)
    context = MembersContext(
        organisation=row, members=[_line(m) for m in queries.members(reading(), organisation)],
        invitations=_invitations(organisation, mine), form=form, choices=_choices(mine.roles),
        is_owner="owner" in mine.roles, currency=currency,
    )  # fmt: skip
    return render("accounts/members.html", context, status=422 if form.errors else 200)


def _invited(form: Form, organisation: str) -> bool:
    if not spend("invite.account", the_viewer().account):
        form.refuse(InvalidInput({"": [say("Too many invitations within an hour. Try again later.")]}))
        return False
    limit = form.value.get("approval_limit")
    try:
        with unit() as uow:
            service.invite_member(
                uow, organisation=organisation, email=form.value["email"], roles=form.value["roles"],
                approval_limit=limit.amount if limit is not None else None, locale=current_locale(),
            )  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    return True


@pages.post("/organisations/<organisation>/invitations/<invitation>/withdraw", MEMBERS)
def withdraw_invitation(organisation: str, invitation: str) -> BaseResponse:
    """Make an open invitation worthless."""
    my_membership(organisation)
    found = queries.invitation(reading(), invitation)
    if found is None or found.organisation != organisation:
        raise NotFound("There is no such invitation.")
    with unit() as uow:
        service.withdraw_invitation(uow, invitation=invitation)
        uow.commit()
    tell(_("The invitation is withdrawn."))
    return redirect(url_for("accounts.members", organisation=organisation), 303)


@pages.form("/organisations/<organisation>/members/<account>", OWNERS)
def member(organisation: str, account: str) -> BaseResponse:
    """One member's roles and limit; for owners."""
    mine, row = my_membership(organisation), _row(organisation)
    found = queries.member(reading(), organisation, account)
    if found is None:
        raise NotFound("There is no such member.")
    if "owner" not in mine.roles:
        raise NotAllowed("Your role in this {organisation} does not reach this. Ask one of its owners.")
    currency = house().marketplace.currency
    shown = show_money(Money(found.limit, currency), plain=True) if found.limit is not None else ""
    form = Form(member_schema(currency, invites=False), {"roles": list(found.roles), "approval_limit": shown})
    if request.method == "POST" and form.accept(request.form) and _changed(form, organisation, account):
        tell(_("Saved."))
        return redirect(url_for("accounts.members", organisation=organisation), 303)
    owners = {m.account for m in queries.members(reading(), organisation) if "owner" in m.roles}
    context = MemberContext(row, _line(found), form, _choices(mine.roles), currency, only_owner=owners == {account})
    return render("accounts/member.html", context, status=422 if form.errors else 200)


def _changed(form: Form, organisation: str, account: str) -> bool:
    limit = form.value.get("approval_limit")
    try:
        with unit() as uow:
            service.change_member(
                uow, organisation=organisation, account=account, roles=form.value["roles"],
                approval_limit=limit.amount if limit is not None else None,
            )  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
    except Conflict as error:
        form.refuse(InvalidInput({"roles": [error.template]}))
    return not form.errors


@pages.post("/organisations/<organisation>/members/<account>/remove", MEMBERS)
def remove_member(organisation: str, account: str) -> BaseResponse:
    """Take a member out, or leave."""
    my_membership(organisation)
    try:
        with unit() as uow:
            service.remove_member(uow, organisation=organisation, account=account)
            uow.commit()
    except Conflict as error:
        tell(_(error.template), "error")
        return redirect(url_for("accounts.members", organisation=organisation), 303)
    if account == the_viewer().account:
        tell(_("You have left the {organisation}."))
        return redirect(url_for("accounts.me"), 303)
    tell(_("The member is removed."))
    return redirect(url_for("accounts.members", organisation=organisation), 303)
