"""Reads of people, organisations, members, invitations and legal identities."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.mailboxes import canonical_email
from marketwright.features.accounts.tables import (
    Account,
    Invitation,
    LegalIdentity,
    Membership,
    Organisation,
    SessionRow,
    Staff,
)
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One person, without anything secret."""

    id: str
    email: str
    name: str
    locale: str
    time_zone: str
    is_freelancer: bool
    persona: str
    confirmed_at: datetime | None
    suspended_at: datetime | None
    suspension_reason: str
    second_factor: bool
    has_password: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One client; ``size`` in people."""

    id: str
    name: str
    sector: str
    size: int | None
    city: str
    country: str
    public_name_en: str
    public_name_fr: str
    about: str
    created_at: datetime

    def public_name(self, locale: str) -> str:
        """How it is called where it does not give its name; '' when it never said."""
        first, second = self.public_name_en, self.public_name_fr
        return (second or first) if locale == "fr" else (first or second)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member; ``limit`` in minor units, ``None`` for no limit; ``document`` for a signatory of that one alone."""

    account: str
    name: str
    email: str
    roles: tuple[str, ...]
    limit: int | None
    document: str
    locale: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """A complete legal identity."""

    owner_kind: str
    owner_id: str
    name: str
    form: str
    registration_number: str
    vat_regime: str
    vat_number: str
    street: str
    postcode: str
    city: str
    country: str
    signatory_name: str
    signatory_title: str
    billing_address: str
    purchase_order_rule: str
    version: int
    updated_at: datetime

    @property
    def address(self) -> str:
        """Street, postcode and city, country: one line."""
        return f"{self.street}, {self.postcode} {self.city}, {self.country}"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation; open while neither accepted, withdrawn nor expired."""

    id: str
    kind: str
    email: str
    organisation: str | None
    organisation_name: str
    roles: tuple[str, ...]
    limit: int | None
    document: str
    locale: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    wrong_codes: int
    accepted_at: datetime | None
    withdrawn_at: datetime | None

    def open_at(self, machine_now: datetime) -> bool:
        """Whether it still lets somebody in."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > machine_now


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """One sign-in of a person, as shown to them (machine time)."""

    id: str
    agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    second_factor: bool


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person of the staff."""

    account: str
    name: str
    email: str
    roles: tuple[str, ...]
    since: datetime
    second_factor: bool


def _accounts() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Account.id, Account.email, Account.name, Account.locale, Account.time_zone, Account.is_freelancer,
        Account.persona, Account.confirmed_at, Account.suspended_at, Account.suspension_reason, Account.totp_on,
        (Account.password_hash != "").label("has_password"), Account.created_at,
    )  # fmt: skip
    return select(*columns)


def account(session: Session, id: str) -> AccountRow | None:  # noqa: A002  the word of the domain
    """The person ``id``."""
    row = session.execute(_accounts().where(Account.id == id)).first()
    return AccountRow(*row) if row else None


def accounts_by_id(session: Session, ids: Iterable[str]) -> dict[str, AccountRow]:
    """The people of ``ids`` that exist, by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(_accounts().where(Account.id.in_(wanted)))
    return {found.id: found for found in (AccountRow(*row) for row in rows)}


def account_by_email(session: Session, email: str) -> AccountRow | None:
    """The person with this address, however it was typed."""
    row = session.execute(_accounts().where(Account.email == canonical_email(email))).first()
    return AccountRow(*row) if row else None


def anybody(session: Session) -> bool:
    """Whether there is any account at all."""
    return session.scalar(select(Account.id).limit(1)) is not None


def personas(session: Session) -> list[AccountRow]:
    """The people that a demo visitor may act as, by name."""
    rows = session.execute(_accounts().where(Account.persona != "").order_by(Account.persona, Account.name))
    return [AccountRow(*row) for row in rows]


def organisation(session: Session, id: str) -> OrganisationRow | None:  # noqa: A002
    """The organisation ``id``."""
    return organisations_by_id(session, [id]).get(id)


def organisations_by_id(session: Session, ids: Iterable[str]) -> dict[str, OrganisationRow]:
    """The organisations of ``ids`` that exist, by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    o = Organisation
    columns: tuple[Any, ...] = (
        o.id, o.name, o.sector, o.size, o.city, o.country, o.public_name_en, o.public_name_fr, o.about, o.created_at,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(o.id.in_(wanted)))
    return {row.id: OrganisationRow(*row) for row in rows}


def members(session: Session, organisation: str) -> list[MemberRow]:
    """The members of ``organisation``, in the order of joining."""
    m, a = Membership, Account
    rows = session.execute(
        select(m.account_id, a.name, a.email, m.roles, m.approval_limit, m.document, a.locale, m.joined_at)
        .join(a, a.id == m.account_id)
        .where(m.organisation_id == organisation)
        .order_by(m.joined_at, a.name)
    )
    return [
        MemberRow(r.account_id, r.name, r.email, tuple(r.roles), r.approval_limit, r.document, r.locale, r.joined_at)
        for r in rows
    ]


def member(session: Session, organisation: str, account: str) -> MemberRow | None:
    """One member, or ``None`` for a stranger."""
    return next((m for m in members(session, organisation) if m.account == account), None)


def is_theirs(session: Session, account: str, owner: str) -> bool:
    """Whether ``owner``, a person's account or an organisation, is ``account`` or one that they are a member of."""
    return owner == account or member(session, owner, account) is not None


def _approves(found: MemberRow, amount: int) -> bool:
    if "owner" in found.roles:
        return True
    return "approver" in found.roles and (found.limit is None or found.limit >= amount)


def approvers(session: Session, organisation: str, amount: int) -> list[MemberRow]:
    """Members who may accept or release ``amount`` minor units: owners, and approvers whose limit reaches it."""
    return [m for m in members(session, organisation) if _approves(m, amount)]


def may_approve(session: Session, organisation: str, account: str, amount: int) -> bool:
    """Whether ``account`` may accept or release ``amount`` minor units for ``organisation``."""
    return any(m.account == account for m in approvers(session, organisation, amount))


def may_pay(session: Session, organisation: str, account: str, amount: int) -> bool:
    """Whether no limit keeps ``account`` from paying ``amount`` minor units in for ``organisation``."""
    found = member(session, organisation, account)
    return found is not None and ("owner" in found.roles or found.limit is None or found.limit >= amount)


def _signs(found: MemberRow, document: str) -> bool:
    held = "owner" in found.roles or "signatory" in found.roles
    return held and found.document in ("", document)


def signatories(session: Session, organisation: str, document: str = "") -> list[MemberRow]:
    """Members who may sign ``document``: owners, signatories, and whoever was invited for that one."""
    guests = {a for _o, a, d in _accepted(session, Invitation.organisation_id == organisation) if d == document}
    return [
        m for m in members(session, organisation) if _signs(m, document) or (m.document and m.account in guests)
    ]


def may_sign(session: Session, organisation: str, account: str, document: str = "") -> bool:
    """Whether ``account`` may sign ``document`` for ``organisation``."""
    return any(m.account == account for m in signatories(session, organisation, document))


def documents_to_sign(session: Session, account: str) -> list[tuple[str, str]]:
    """What ``account`` was invited to sign without belonging to the organisation: (organisation, document)."""
    m = Membership
    rows = session.execute(select(m.organisation_id, m.document).where(m.account_id == account, m.document != ""))
    last = {r.organisation_id: r.document for r in rows}
    earlier = [(o, d) for o, _a, d in _accepted(session, Invitation.accepted_by == account) if o in last]
    return list(dict.fromkeys([*last.items(), *earlier]))


def _accepted(session: Session, which: ColumnElement[bool]) -> list[tuple[str, str, str]]:
    """Signatories of one document by accepted invitations: (organisation, account, document); a leaver's are withdrawn.

    A membership names the latest document alone, and who is invited to another still signs the first.
    """
    i = Invitation
    rows = session.execute(
        select(i.organisation_id, i.accepted_by, i.document)
        .where(i.kind == "signatory", i.accepted_at.is_not(None), i.withdrawn_at.is_(None), which)
        .order_by(i.accepted_at.desc())
    )
    return [(str(r.organisation_id), r.accepted_by, r.document) for r in rows]


def identity(session: Session, owner_kind: str, owner_id: str) -> IdentityRow | None:
    """The legal identity of an ``organisation`` or a ``freelancer``; ``None`` until it was given in full."""
    i = LegalIdentity
    columns: tuple[Any, ...] = (
        i.owner_kind, i.owner_id, i.name, i.form, i.registration_number, i.vat_regime, i.vat_number, i.street,
        i.postcode, i.city, i.country, i.signatory_name, i.signatory_title, i.billing_address, i.purchase_order_rule,
        i.version, i.updated_at,
    )  # fmt: skip
    row = session.execute(select(*columns).where(i.owner_kind == owner_kind, i.owner_id == owner_id)).first()
    return IdentityRow(*row) if row else None


def _invitations() -> Select[Any]:
    i = Invitation
    columns: tuple[Any, ...] = (
        i.id, i.kind, i.email, i.organisation_id, Organisation.name, i.roles, i.approval_limit, i.document, i.locale,
        i.invited_by, i.created_at, i.expires_at, i.wrong_codes, i.accepted_at, i.withdrawn_at,
    )  # fmt: skip
    return select(*columns).outerjoin(Organisation, Organisation.id == i.organisation_id)


def _invitation(row: Sequence[Any]) -> InvitationRow:
    id_, kind, email, org, name, roles, *rest = row
    return InvitationRow(id_, kind, email, org, name or "", tuple(roles), *rest)


def invitation(session: Session, id: str) -> InvitationRow | None:  # noqa: A002
    """The invitation ``id``, open or not."""
    row = session.execute(_invitations().where(Invitation.id == id)).first()
    return _invitation(row) if row else None


def open_invitations(session: Session, organisation: str | None, machine_now: datetime) -> list[InvitationRow]:
    """Invitations into ``organisation`` (``None``: the staff) that still let somebody in, newest first."""
    mine = Invitation.organisation_id.is_(None) if organisation is None else Invitation.organisation_id == organisation
    rows = session.execute(_invitations().where(mine).order_by(Invitation.created_at.desc()))
    return [found for found in map(_invitation, rows) if found.open_at(machine_now)]


def sessions(session: Session, account: str, machine_now: datetime) -> list[SessionInfo]:
    """Where ``account`` is signed in, last seen first."""
    s = SessionRow
    rows = session.execute(
        select(s.id, s.agent, s.address, s.created_at, s.last_seen_at, s.second_factor)
        .where(s.account_id == account, s.ended_at.is_(None), s.expires_at > machine_now)
        .order_by(s.last_seen_at.desc())
    )
    return [SessionInfo(*row) for row in rows]


def staff(session: Session) -> list[StaffRow]:
    """Everybody who holds a staff role, in the order of joining."""
    rows = session.execute(
        select(Staff.account_id, Account.name, Account.email, Staff.roles, Staff.since, Account.totp_on)
        .join(Account, Account.id == Staff.account_id)
        .order_by(Staff.since, Account.name)
    )
    return [StaffRow(r[0], r[1], r[2], tuple(r[3]), r[4], r[5]) for r in rows if r[3]]
