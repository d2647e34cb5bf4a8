"""Invitations by mail: members of an organisation, signatories of one document, staff. They live in machine time."""

import hmac
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import update

from marketwright.features.accounts import events, queries
from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.accounts.organisations import add_member, checked_roles, grantable
from marketwright.features.accounts.passwords import check_password, hash_password
from marketwright.features.accounts.people import create_account
from marketwright.features.accounts.ports import TermsOfUse
from marketwright.features.accounts.rights import need, need_role
from marketwright.features.accounts.sessions import end_sessions
from marketwright.features.accounts.staff import checked_staff_roles, join_staff
from marketwright.features.accounts.tables import Account, Invitation
from marketwright.features.accounts.tokens import INVITATION_DAYS, signing_code
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.ids import is_id, new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

MAX_WRONG_CODES = 5


def invite_member(
    uow: UnitOfWork,
    *,
    organisation: str,
    email: str,
    roles: Sequence[str],
    approval_limit: int | None = None,
    locale: str = "en",
) -> str:
    """Invite somebody into ``organisation`` with at most one's own roles; returns the invitation's id."""
    wanted = checked_roles(roles)
    grantable(uow, organisation, wanted, approval_limit)
    email = checked_email(email)
    if any(m.email == email and not m.document for m in queries.members(uow.session, organisation)):
        raise InvalidInput({"email": [say("This person is a member already.")]})
    return _invite(
        uow, events.MEMBER_INVITED, kind="member", organisation_id=organisation, email=email, roles=wanted,
        approval_limit=approval_limit if "approver" in wanted else None, locale=locale,
    )  # fmt: skip


def invite_signatory(uow: UnitOfWork, *, organisation: str, email: str, document: str, locale: str = "en") -> str:
    """Invite somebody to sign ``document`` alone, by a mailed link and a code; for owners and signatories.

    The code is :func:`~marketwright.features.accounts.tokens.signing_code`: whoever invites passes it on by another
    way than mail. Returns the invitation's id.
    """
    need_role(uow.actor, organisation, "signatory")
    email = checked_email(email)
    if not is_id(document):
        raise InvalidInput({"document": [say("Choose the document to sign.")]})
    if any(m.email == email and not m.document for m in queries.members(uow.session, organisation)):
        raise InvalidInput({"email": [say("This person is a member already.")]})
    return _invite(
        uow, events.SIGNATORY_INVITED, kind="signatory", organisation_id=organisation, email=email,
        roles=["signatory"], document=document, locale=locale,
    )  # fmt: skip


def invite_staff(uow: UnitOfWork, *, email: str, roles: Sequence[str], locale: str = "en") -> str:
    """Invite somebody to run the marketplace; needs ``staff.manage``. Returns the invitation's id."""
    need(uow.actor, "staff.manage")
    wanted = checked_staff_roles(roles)
    return _invite(uow, events.STAFF_INVITED, kind="staff", email=checked_email(email), roles=wanted, locale=locale)


def _invite(uow: UnitOfWork, event: str, *, kind: str, email: str, roles: list[str], **more: object) -> str:
    """A new invitation; it takes the place of an open one of the same kind to the same address."""
    organisation, document = more.get("organisation_id"), more.get("document", "")
    same = Invitation.organisation_id.is_(None) if organisation is None else Invitation.organisation_id == organisation
    uow.session.execute(
        update(Invitation)
        .where(same, Invitation.kind == kind, Invitation.email == email, Invitation.document == document,
               Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=uow.machine_now)
    )  # fmt: skip
    id_, now = new_id(), uow.machine_now
    uow.session.add(
        Invitation(id=id_, kind=kind, email=email, roles=roles, invited_by=uow.actor.id, created_at=now,
                   expires_at=now + timedelta(days=INVITATION_DAYS), **more)
    )  # fmt: skip
    uow.flush()
    uow.emit(event, id_, organisation=organisation or "")
    uow.audit(event, str(organisation or id_), invitation=id_, email=email, roles=roles, document=document)
    return id_


def withdraw_invitation(uow: UnitOfWork, *, invitation: str) -> None:
    """Make an open invitation worthless: by who sent it, by an owner, by staff for the staff's own."""
    found = queries.invitation(uow.session, invitation)
    if found is None or not found.open_at(uow.machine_now):
        raise NotFound("There is no such invitation.")
    if found.organisation is None:
        need(uow.actor, "staff.manage")
    elif found.invited_by != uow.actor.id:
        need_role(uow.actor, found.organisation)
    else:
        need_role(uow.actor, found.organisation, *found.roles, "signatory")
    uow.session.execute(update(Invitation).where(Invitation.id == invitation).values(withdrawn_at=uow.machine_now))
    uow.audit("invitation.withdrawn", found.organisation or invitation, invitation=invitation, email=found.email)


def code_opens(uow: UnitOfWork, *, invitation: str, code: str, secret_key: str) -> bool:
    """Whether ``code`` goes with the invitation of a signatory; a wrong one is counted, so commit either way."""
    row = _open(uow, invitation)
    typed = "".join(code.split())
    if typed.isascii() and hmac.compare_digest(typed, signing_code(invitation, secret_key)):
        return True
    uow.session.execute(
        update(Invitation).where(Invitation.id == row.id).values(wrong_codes=Invitation.wrong_codes + 1)
    )
    uow.audit("invitation.wrong_code", row.organisation or row.id, invitation=row.id)
    return False


def accept_invitation(uow: UnitOfWork, *, invitation: str, account: str) -> None:
    """Take up an invitation with an existing account of the same address; once."""
    found = _open(uow, invitation)
    person = queries.account(uow.session, account)
    if person is None or person.email != found.email:
        raise Conflict("This invitation was sent to another address than the one you are signed in with.")
    done = uow.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(accepted_at=uow.machine_now, accepted_by=account)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This invitation was used or withdrawn.", state="spent")
    if found.organisation is None:
        join_staff(uow, account=account, roles=found.roles)
    else:
        add_member(uow, organisation=found.organisation, account=account, roles=found.roles,
                   approval_limit=found.limit, document=found.document)  # fmt: skip
    uow.audit("invitation.accepted", found.organisation or invitation, invitation=invitation, account=account)


def accept_as_new(uow: UnitOfWork, *, invitation: str, name: str, password: str, locale: str) -> str:
    """Take up an invitation without an account: makes one, its address confirmed by the mail; returns its id.

    An account of this address that nobody ever confirmed is taken over: its maker never showed that it is theirs.
    """
    found = _open(uow, invitation)
    if not name.strip():
        raise InvalidInput({"name": [say("Please fill this in.")]})
    check_password(password, found.email, name)
    hashed = hash_password(password)
    known = queries.account_by_email(uow.session, found.email)
    if known is None:
        account = create_account(
            uow, email=found.email, name=name, locale=locale, is_freelancer=False, password_hash=hashed
        )
    elif known.confirmed_at is None and known.suspended_at is None:
        account = known.id
        end_sessions(uow, account=account)
        uow.session.execute(
            update(Account)
            .where(Account.id == account)
            .values(name=name.strip(), password_hash=hashed, password_changed_at=uow.machine_now,
                    confirmed_at=uow.now, sign_up_mark="", totp_on=False, totp_nonce="")
        )  # fmt: skip
        uow.audit("account.taken_over", account, invitation=invitation)
    else:
        raise Conflict("There is an account with this address already: sign in to accept.", state="known")
    accept_invitation(uow, invitation=invitation, account=account)
    uow.ports.get(TermsOfUse).accepted(uow, account, locale)
    return account


def _open(uow: UnitOfWork, invitation: str) -> queries.InvitationRow:
    found = queries.invitation(uow.session, invitation)
    if found is None:
        raise NotFound("There is no such invitation.")
    if not found.open_at(uow.machine_now) or found.wrong_codes >= MAX_WRONG_CODES:
        raise Conflict("This invitation was used, withdrawn, or is too old. Ask for a new one.", state="spent")
    return found
