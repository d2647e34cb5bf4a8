"""Forgetting a person: nobody signs in with the account again, and nothing in it says who it was."""

from sqlalchemy import delete, update

from marketwright.features.accounts.tables import (
    Account,
    Invitation,
    LegalIdentity,
    Membership,
    RecoveryCode,
    SessionRow,
)
from marketwright.store.unit import UnitOfWork

NOWHERE = "erased.invalid"  # a domain that no mail reaches (RFC 2606)


def forget(uow: UnitOfWork, *, account: str, name: str) -> None:
    """Empty the account, end its sessions and memberships; ``name`` stands where the person's did."""
    run = uow.session.execute
    run(
        update(Account).where(Account.id == account).values(
            email=f"{account.lower()}@{NOWHERE}", name=name, password_hash="", sign_up_mark="", totp_nonce="",
            totp_on=False, confirmed_at=None, suspended_at=uow.now, suspension_reason=name,
        )
    )  # fmt: skip
    run(update(Invitation).where(Invitation.accepted_by == account).values(email=f"{account.lower()}@{NOWHERE}"))
    for table in (SessionRow, RecoveryCode, Membership):
        run(delete(table).where(table.account_id == account))


def forget_identity(uow: UnitOfWork, *, freelancer: str) -> None:
    """Delete the legal identity of a freelancer's business; papers that were issued keep what stands in them."""
    uow.session.execute(
        delete(LegalIdentity).where(LegalIdentity.owner_kind == "freelancer", LegalIdentity.owner_id == freelancer)
    )


def is_erased(email: str) -> bool:
    """Whether an account with this address was erased."""
    return email.endswith(f"@{NOWHERE}")
