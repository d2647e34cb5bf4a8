"""Forgetting a person in the invitations to missions."""

from sqlalchemy import delete, update

from marketwright.features.missions.tables import MissionInvitation
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, account: str) -> None:
    """Delete the invitations of a freelancer, and empty the notes that ``account`` wrote to others."""
    run = uow.session.execute
    run(delete(MissionInvitation).where(MissionInvitation.freelancer_id == account))
    run(update(MissionInvitation).where(MissionInvitation.by == account).values(note=""))
