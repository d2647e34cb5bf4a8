"""Forgetting what a freelancer sold in packages; what was bought stands in its contract."""

from sqlalchemy import delete, select, update

from marketwright.features.services.tables import Service, ServiceOption
from marketwright.store.unit import UnitOfWork

GONE = "–"


def forget(uow: UnitOfWork, *, profile: str) -> None:
    """Take every service off and empty it."""
    mine = select(Service.id).where(Service.profile_id == profile)
    uow.session.execute(delete(ServiceOption).where(ServiceOption.service_id.in_(mine)))
    uow.session.execute(
        update(Service).where(Service.profile_id == profile)
        .values(state="removed", title=GONE, summary=GONE, description="", wants="", updated_at=uow.now)
    )  # fmt: skip
