"""Taking back open invitations whose sender no longer has the right that they give (S8)."""

from sqlalchemy import ColumnElement, update

from marketwright.features.accounts.tables import Invitation
from marketwright.store.unit import UnitOfWork


def withdraw_open(uow: UnitOfWork, *where: ColumnElement[bool]) -> None:
    """Make every open invitation that ``where`` selects worthless."""
    uow.session.execute(
        update(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), *where)
        .values(withdrawn_at=uow.machine_now)
    )
