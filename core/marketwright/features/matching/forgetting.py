"""Forgetting a person in the lists of others, and what they noted there."""

from sqlalchemy import delete

from marketwright.features.matching.tables import HandPick, ShortlistEntry, ShortlistNote, ShortlistThumb
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, account: str) -> None:
    """Take a freelancer off every short list, with the notes about them; and away what the person noted of others."""
    for table in (ShortlistNote, ShortlistThumb, ShortlistEntry, HandPick):
        uow.session.execute(delete(table).where(table.freelancer_id == account))
    for noted in (ShortlistNote, ShortlistThumb):
        uow.session.execute(delete(noted).where(noted.account_id == account))
