"""Forgetting a person: nobody signs in with the account again, and nothing in it says who it was."""

from sqlalchemy import and_, delete, or_, select, update

from marketwright.features.accounts.tables import (
    Account,
    Invitation,
    LegalIdentity,
    Membership,
    RecoveryCode,
    SessionRow,
)
from marketwright.features.accounts.withdrawing import withdraw_open
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork

NOWHERE = "erased.invalid"  # a domain that no mail reaches (RFC 2606)


def forget(uow: UnitOfWork, *, account: str, name: str) -> None:
    """Empty the account, end its sessions and memberships; ``name`` stands where the person's did.

    Nobody joins any more whom the person has invited, or whom an organisation invites that nobody is left in.
    """
    run, nowhere = uow.session.execute, f"{account.lower()}-{new_id()}@{NOWHERE}"
    mine = list(uow.session.scalars(select(Membership.organisation_id).where(Membership.account_id == account)))
    before = uow.session.scalar(select(Account.email).where(Account.id == account))
    run(
        update(Account).where(Account.id == account).values(
            email=nowhere, name=name, password_hash="", sign_up_mark="", totp_nonce="",
            totp_on=False, confirmed_at=None, suspended_at=uow.now, suspension_reason=name,
        )
    )  # fmt: skip
    run(update(Invitation).where(or_(Invitation.accepted_by == account, Invitation.email == before))
        .values(email=nowhere))  # fmt: skip
    for table in (SessionRow, RecoveryCode, Membership):
        run(delete(table).where(table.account_id == account))
    peopled = select(Membership.organisation_id).where(Membership.document == "")
    withdraw_open(uow, or_(
        Invitation.email == nowhere, Invitation.invited_by == account,
        and_(Invitation.organisation_id.in_(mine), Invitation.organisation_id.not_in(peopled)),
    ))  # fmt: skip


def forget_identity(uow: UnitOfWork, *, owner: str, kind: str = "freelancer") -> None:
    """Delete the legal identity of a business (``freelancer``, ``organisation``); papers keep what stands in them."""
    uow.session.execute(
        delete(LegalIdentity).where(LegalIdentity.owner_kind == kind, LegalIdentity.owner_id == owner)
    )


def is_erased(email: str) -> bool:
    """Whether an account with this address was erased."""
    return email.endswith(f"@{NOWHERE}")
