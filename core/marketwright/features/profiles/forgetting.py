"""Forgetting what a freelancer said of themselves. The empty row stays: deals refer to it."""

from sqlalchemy import delete, update

from marketwright.features.facets import service as facets
from marketwright.features.files.tables import StoredFile
from marketwright.features.profiles.events import CHANGED
from marketwright.features.profiles.service import OWNER, declared_fields
from marketwright.features.profiles.tables import Claim, Profile
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, profile: str) -> None:
    """Empty the profile, its claims and its own fields, and take its files away."""
    row = uow.session.get(Profile, profile)
    if row is None:
        return
    run = uow.session.execute
    run(delete(Claim).where(Claim.profile_id == profile))
    facets.rewrite(uow, owner_kind=OWNER, owner_id=profile, fields=declared_fields(uow), values={})
    row.visible = row.listed = False
    row.headline = row.bio = row.city = row.country = ""
    row.day_rate = row.available_from = row.days_a_week = row.years = row.photo_file = row.available_said_at = None
    row.fields, row.claims, row.proved, row.documents = {}, 0, 0, 0
    row.updated_at, row.version = uow.now, row.version + 1
    uow.flush()
    run(
        update(StoredFile)
        .where(StoredFile.owner_kind == OWNER, StoredFile.owner_id == profile, StoredFile.removed_at.is_(None))
        .values(removed_at=uow.now)
    )
    uow.emit(CHANGED, profile)
