"""Organisations and their members: the writers. Adding a member checks nothing of the actor, invitations do."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from marketwright.features.accounts import events
from marketwright.features.accounts.permissions import CLIENT_ROLES
from marketwright.features.accounts.rights import need, need_role
from marketwright.features.accounts.sectors import known_sector
from marketwright.features.accounts.tables import Account, Invitation, Membership, Organisation
from marketwright.features.accounts.withdrawing import withdraw_open
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.late import Began, joined, mark
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

DESCRIBED = ("name", "sector", "size", "city", "country", "public_name_en", "public_name_fr", "about")


def create_organisation(
    uow: UnitOfWork,
    *,
    owner: str,
    name: str,
    sector: str = "",
    size: int | None = None,
    city: str = "",
    country: str = "",
    public_name_en: str = "",
    public_name_fr: str = "",
    about: str = "",
) -> str:
    """Make an organisation with one owner; returns its id."""
    if not name.strip():
        raise InvalidInput({"organisation_name": [say("Please fill this in.")]})
    id_ = new_id()
    uow.session.add(
        Organisation(
            id=id_, name=name.strip(), sector=known_sector(sector), size=size, city=city, country=country,
            public_name_en=public_name_en, public_name_fr=public_name_fr, about=about, created_at=uow.now,
        )
    )  # fmt: skip
    uow.flush()
    uow.session.add(Membership(organisation_id=id_, account_id=owner, roles=["owner"], joined_at=uow.now))
    uow.flush()
    uow.emit(events.ORGANISATION_CREATED, id_, owner=owner)
    uow.audit("organisation.created", id_, owner=owner, name=name.strip())
    return id_


def update_organisation(
    uow: UnitOfWork,
    *,
    organisation: str,
    name: str,
    sector: str,
    size: int | None,
    city: str,
    country: str,
    public_name_en: str,
    public_name_fr: str,
    about: str,
    began: Began | None = None,
) -> tuple[str, ...]:
    """Describe an organisation anew; for owners and buyers.

    ``began`` is what the editor began with. Parts that only somebody else changed meanwhile stay and are returned;
    ``Overtaken`` names those that both changed.
    """
    need_role(uow.actor, organisation, "buyer")
    row = _organisation(uow, organisation, lock=True)
    if not name.strip():
        raise InvalidInput({"name": [say("Please fill this in.")]})
    given = (name.strip(), known_sector(sector, before=row.sector), size, city, country, public_name_en, public_name_fr,
             about)  # fmt: skip
    stored = {part: getattr(row, part) for part in DESCRIBED}
    kept, taken = joined(dict(zip(DESCRIBED, given, strict=True)), stored=stored, began=began)
    for part, value in kept.items():
        setattr(row, part, value)
    uow.emit(events.ORGANISATION_UPDATED, organisation)
    changed = [part for part in DESCRIBED if mark(kept[part]) != mark(stored[part])]
    uow.audit("organisation.updated", organisation, name=row.name, changed=changed)
    return taken


def take_off_about(uow: UnitOfWork, *, organisation: str) -> None:
    """Take away what an organisation says of itself; it may say something else. Needs ``notices.decide``."""
    need(uow.actor, "notices.decide")
    row = _organisation(uow, organisation, lock=True)
    row.about = ""
    uow.emit(events.ORGANISATION_UPDATED, organisation)
    uow.audit("organisation.about_taken_off", organisation)


def checked_roles(roles: Sequence[str]) -> list[str]:
    """``roles`` in their usual order, each once; raises ``InvalidInput`` for none or an unknown one."""
    if not roles or set(roles) - set(CLIENT_ROLES):
        raise InvalidInput({"roles": [say("Choose at least one role.")]})
    return [r for r in CLIENT_ROLES if r in roles]


def add_member(
    uow: UnitOfWork,
    *,
    organisation: str,
    account: str,
    roles: Sequence[str],
    approval_limit: int | None = None,
    document: str = "",
) -> None:
    """Make ``account`` a member, or give a present member the roles too.

    ``document`` limits a signatory to one; to those that accepted invitations name, for who is invited again.
    """
    _organisation(uow, organisation)
    wanted = checked_roles(roles)
    row = uow.session.get(Membership, (organisation, account))
    if row is None:
        row = Membership(
            organisation_id=organisation, account_id=account, roles=wanted, approval_limit=approval_limit,
            document=document, joined_at=uow.now,
        )  # fmt: skip
        uow.session.add(row)
    elif document == "":
        kept = [] if row.document else row.roles
        row.roles, row.document = checked_roles([*kept, *wanted]), ""
        if approval_limit is not None or "approver" in wanted:
            row.approval_limit = approval_limit
    elif row.document:
        row.document = document
    elif "signatory" not in row.roles:
        raise Conflict("A member of the {organisation} is not invited for one document; give them the role instead.")
    uow.flush()
    uow.emit(events.MEMBER_JOINED, organisation, account=account)
    uow.audit("member.joined", organisation, account=account, roles=wanted, limit=approval_limit, document=document)


def change_member(
    uow: UnitOfWork, *, organisation: str, account: str, roles: Sequence[str], approval_limit: int | None
) -> None:
    """Give a member other roles and another limit; for owners. The last owner stays one (S11)."""
    need_role(uow.actor, organisation)
    row = _member(uow, organisation, account)
    wanted = checked_roles(roles)
    if "owner" in row.roles and "owner" not in wanted:
        _other_owner(uow, organisation, account)
    before = {"roles": list(row.roles), "limit": row.approval_limit}
    row.roles, row.approval_limit, row.document = wanted, approval_limit, ""
    _withdraw_invitations_of(uow, organisation, account)
    uow.emit(events.MEMBER_CHANGED, organisation, account=account)
    uow.audit("member.changed", organisation, account=account, before=before, roles=wanted, limit=approval_limit)


def remove_member(uow: UnitOfWork, *, organisation: str, account: str) -> None:
    """Take a member out: owners anybody, everybody themselves. The last owner stays (S11)."""
    if uow.actor.id != account:
        need_role(uow.actor, organisation)
    row = _member(uow, organisation, account)
    if "owner" in row.roles:
        _other_owner(uow, organisation, account)
    uow.session.execute(
        delete(Membership).where(Membership.organisation_id == organisation, Membership.account_id == account)
    )
    uow.session.expunge(row)
    _withdraw_invitations_of(uow, organisation, account)
    uow.session.execute(
        update(Invitation)
        .where(Invitation.organisation_id == organisation, Invitation.accepted_by == account,
               Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=uow.machine_now)
    )  # fmt: skip
    uow.emit(events.MEMBER_REMOVED, organisation, account=account)
    uow.audit("member.removed", organisation, account=account)


def grantable(uow: UnitOfWork, organisation: str, roles: Sequence[str], limit: int | None) -> None:
    """Refuse to invite somebody to more than the actor has (S11); owners give anything."""
    held = need_role(uow.actor, organisation, *CLIENT_ROLES)
    if "owner" in held:
        return
    if set(roles) - held:
        raise NotAllowed("You can invite people only to roles that you hold yourself.")
    own = uow.session.scalar(
        select(Membership.approval_limit).where(
            Membership.organisation_id == organisation, Membership.account_id == uow.actor.id
        )
    )
    if "approver" in roles and own is not None and (limit is None or limit > own):
        raise InvalidInput({"approval_limit": [say("You can give an approval limit up to your own.")]})


def _other_owner(uow: UnitOfWork, organisation: str, account: str) -> None:
    rows = uow.session.execute(
        select(Membership.account_id, Membership.roles)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.organisation_id == organisation, Account.suspended_at.is_(None))
        .with_for_update()
    )
    if not any("owner" in row.roles for row in rows if row.account_id != account):
        raise Conflict("{Organisation.a} keeps at least one owner. Make somebody else an owner first.", state="owner")


def _withdraw_invitations_of(uow: UnitOfWork, organisation: str, account: str) -> None:
    """What somebody with fewer rights now has invited to is open no more (S8)."""
    withdraw_open(uow, Invitation.organisation_id == organisation, Invitation.invited_by == account)


def _organisation(uow: UnitOfWork, organisation: str, *, lock: bool = False) -> Organisation:
    row = uow.session.get(Organisation, organisation, with_for_update=lock or None)
    if row is None:
        raise NotFound("There is no such {organisation}.")
    return row


def _member(uow: UnitOfWork, organisation: str, account: str) -> Membership:
    row = uow.session.get(Membership, (organisation, account))
    if row is None:
        raise NotFound("There is no such member.")
    return row
