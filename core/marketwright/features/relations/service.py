"""Writing relations. Contracts call :func:`count_contract` when both have signed."""

from sqlalchemy import select

from marketwright.features.relations.tables import Relation
from marketwright.kernel.errors import NotAllowed
from marketwright.store.unit import UnitOfWork


def count_contract(uow: UnitOfWork, *, organisation: str, freelancer: str, work: int) -> None:
    """A contract over ``work`` minor units (before tax) was signed by both: it counts from now on."""
    row = _row(uow, organisation, freelancer)
    row.first_contract_at = row.first_contract_at or uow.now
    row.cumulated += work


def set_own_network(uow: UnitOfWork, *, organisation: str, freelancer: str, own_network: bool, reason: str) -> None:
    """Say that a pair met outside (no commission is due) or did not; staff and the marketplace's own jobs only."""
    if uow.actor.kind == "person" and not uow.actor.staff:
        raise NotAllowed("Only staff may say that {client.a} and {freelancer.a} met elsewhere.")
    row = _row(uow, organisation, freelancer)
    row.own_network = own_network
    uow.audit("relation.own_network", row.id, own_network=own_network, reason=reason)


def set_linked(uow: UnitOfWork, *, organisation: str, freelancer: str, linked: bool, reason: str) -> None:
    """Say that the same people stand behind both sides; staff and the marketplace's own jobs only."""
    if uow.actor.kind == "person" and not uow.actor.staff:
        raise NotAllowed("Only staff may say that {client.a} and {freelancer.a} are linked.")
    row = _row(uow, organisation, freelancer)
    row.linked = linked
    uow.audit("relation.linked", row.id, linked=linked, reason=reason)


def _row(uow: UnitOfWork, organisation: str, freelancer: str) -> Relation:
    found = uow.session.scalar(
        select(Relation)
        .where(Relation.organisation_id == organisation, Relation.freelancer_id == freelancer)
        .with_for_update()
    )
    if found is not None:
        return found
    row = Relation(
        organisation_id=organisation, freelancer_id=freelancer, own_network=False, linked=False, cumulated=0,
        created_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.flush()
    return row
