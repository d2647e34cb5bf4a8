"""An order of a service: a mission that is filled from the start, and that nobody but both sides sees."""

from marketwright.features.accounts.queries import member
from marketwright.features.missions.tables import Mission, MissionInvitation
from marketwright.features.missions.writing import summary
from marketwright.kernel.errors import NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork

BUYING = frozenset({"owner", "buyer"})


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered: the service as it reads today, with the options chosen and what the client wrote to it."""

    service: str
    title: str
    text: str
    language: str
    price: Money


def file_order(uow: UnitOfWork, *, organisation: str, freelancer: str, order: Order) -> str:
    """Keep an order of ``organisation`` from ``freelancer``, as one of its owners or buyers; returns the mission's id.

    It never appears among missions, is in no index, and takes nobody else.
    """
    found = member(uow.session, organisation, uow.actor.id)
    if found is None or found.document:
        raise NotFound("There is no such {organisation}.")
    if not set(found.roles) & BUYING:
        raise NotAllowed("Only owners and buyers buy for the {organisation}. Ask one of them.")
    mission = Mission(
        id=new_id(), organisation_id=organisation, created_by=uow.actor.id, title=order.title[:160],
        language=order.language, description=order.text, summary=summary(order.text), budget_kind="fixed",
        budget=order.price.amount, currency=order.price.currency, remote="remote", languages=[], visibility="invited",
        named=True, public_name="", state="filled", close_reason="", refusal="", fields={}, confidential=False,
        service_id=order.service, created_at=uow.now, updated_at=uow.now, version=1,
    )  # fmt: skip
    uow.session.add(mission)
    uow.flush()
    uow.session.add(MissionInvitation(mission_id=mission.id, freelancer_id=freelancer, by=uow.actor.id, at=uow.now))
    uow.flush()
    uow.audit("service.ordered", mission.id, service=order.service, freelancer=freelancer)
    return mission.id
