"""What the staff does to services that people see already."""

from marketwright.features.accounts.rights import need
from marketwright.features.services.tables import Service
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.store.unit import UnitOfWork


def take_off(uow: UnitOfWork, *, service: str) -> None:
    """Take a service that people see out of the lists; its freelancer may publish it again. Contracts go on.

    Needs ``notices.decide``.
    """
    need(uow.actor, "notices.decide")
    row = uow.session.get(Service, service, with_for_update=True)
    if row is None or row.state == "removed":
        raise NotFound("There is no such service.")
    if row.state != "published":
        raise Conflict("Nobody sees this service at the moment.", state=row.state)
    row.state = "draft"
    row.updated_at, row.version = uow.now, row.version + 1
    uow.flush()
    uow.audit("service.taken_off", row.id)
