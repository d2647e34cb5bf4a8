"""The conversation of an order: it begins with what the client wrote when buying."""

from marketwright.features.messaging import events
from marketwright.features.messaging.service import add_text, check_gate
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions.tables import Mission
from marketwright.features.relations.queries import relation
from marketwright.kernel.errors import NotAllowed
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork


def open_order(uow: UnitOfWork, *, mission: str, freelancer: str, text: str) -> str:
    """Begin the conversation of an order, as the client who has filed it; returns the thread's id.

    ``NotAllowed`` between linked people, ``GateClosed`` behind the gate ``contact``.
    """
    row = uow.session.get_one(Mission, mission)
    if relation(uow.session, row.organisation_id, freelancer).linked:
        raise NotAllowed("A service is not for the people of the {organisation} that its seller belongs to.")
    check_gate(uow, "contact", "organisation", row.organisation_id)
    thread = Thread(
        id=new_id(), mission_id=mission, organisation_id=row.organisation_id, freelancer_id=freelancer,
        kind="invitation", state="open", declined_by="", decline_reason="", opened_by=uow.actor.id, opened_at=uow.now,
        last_at=uow.now,
    )  # fmt: skip
    uow.session.add(thread)
    uow.flush()
    add_text(uow, thread, "client", text)
    uow.emit(events.THREAD_OPENED, thread.id, kind="invitation", mission=mission, freelancer=freelancer)
    return thread.id
