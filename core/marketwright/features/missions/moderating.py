"""What the staff does to missions that people see already."""

from marketwright.features.accounts.rights import need
from marketwright.features.missions import events
from marketwright.features.missions.service import checked_reason
from marketwright.features.missions.tables import Mission
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork


def take_off(uow: UnitOfWork, *, mission: str, reason: str) -> None:
    """Send a mission that people see back to its author, who reads the reason; needs ``missions.moderate``."""
    need(uow.actor, "missions.moderate")
    row = uow.session.get(Mission, mission, with_for_update=True)
    if row is None:
        raise NotFound("There is no such {mission}.")
    if row.state not in ("published", "paused"):
        raise Conflict("Nobody sees this {mission} at the moment.", state=row.state)
    if not reason.strip():
        raise InvalidInput({"reason": [say("Write the reason: the author reads it.")]})
    row.state, row.refusal = "draft", checked_reason(reason)
    row.updated_at, row.version = uow.now, row.version + 1
    uow.emit(events.REFUSED, mission)
    uow.audit("mission.taken_off", mission, reason=row.refusal)
